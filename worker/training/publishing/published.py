"""What others published for new patients of the MIT-BIH records, and what we set out to reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class PublishedWork:
    """Figures as printed, in per cent."""

    work: str
    input: str
    accuracy: str
    supraventricular: str
    ventricular: str
    macro_f1: str


PUBLISHED: Final = (
    PublishedWork("de Chazal 2004", "two leads, features", "83 to 86", "Se 76, +P 38", "Se 77, +P 82", ""),
    PublishedWork("Mondéjar-Guerra 2019", "features, SVM ensemble", "94.5", "Se 78, +P 50", "Se 95, +P 94", ""),
    PublishedWork("Niu 2020", "symbols, CNN", "96.4", "F1 76.6", "F1 89.7", ""),
    PublishedWork(
        "Wang 2021 (Entropy 23:119)",
        "**image** (scalogram) and RR",
        "98.7 (mean per class)",
        "",
        "",
        "68.76 (N S V F)",
    ),
    PublishedWork("Xu 2022", "signal, attention", "98.5", "F1 82.8", "F1 91.7", ""),
    PublishedWork(
        "Farag 2023", "signal, matched filter and RR; N S V only", "98.2", "Se 85.3", "Se 96.3", "92.17 (N S V)"
    ),
    PublishedWork("Zhai and Tin 2018", "**image**, adapted to each patient", "96.1", "F1 75.4", "F1 93.1", ""),
)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure of ``metrics.ds2.whole.oracle`` and what it was to be."""

    words: str
    path: tuple[str, ...]
    wanted: float
    strictly: bool = True

    def measured(self, figures: Mapping[str, Any]) -> float:
        found: Any = figures
        for key in self.path:
            found = found[key]
        return float(found)

    def met(self, figures: Mapping[str, Any]) -> bool:
        value = self.measured(figures)
        return value > self.wanted if self.strictly else value >= self.wanted

    @property
    def bound(self) -> str:
        return f"{'>' if self.strictly else '≥'} {self.wanted}"


TARGETS: Final = (
    Target("F1 of V", ("per_class", "V", "f1"), 0.955),
    Target("F1 of S", ("per_class", "S", "f1"), 0.83),
    Target("macro F1 over N S V", ("macro_f1_nsv",), 0.922),
    Target("macro F1 over N S V F", ("macro_f1",), 0.78),
    Target("accuracy", ("accuracy",), 0.975, strictly=False),
)
