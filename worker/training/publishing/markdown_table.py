"""Rows of figures as a Markdown table, for model cards and the report."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from worker.ecg.annotations import SCORED_CLASSES

NOTHING: Final = "–"  # a class without beats has no figure, and neither has a mean over it
_MEANS: Final = {"macro_f1": SCORED_CLASSES, "macro_f1_nsv": tuple(name for name in SCORED_CLASSES if name != "F")}


def markdown_table(rows: Iterable[tuple[str, Mapping[str, Any]]], first: str = "") -> str:
    """Rows with their titles; beats, means, and sensitivity, positive predictivity and F1 of each class."""
    heads = [f"{name} Se / +P / F1" for name in SCORED_CLASSES]
    columns = ["beats", "accuracy", "macro F1 N S V F", "macro F1 N S V", *heads]
    lines = [f"| {first} | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name, figures in rows:
        means = [mean(figures, key) for key in _MEANS]
        cells = [beats(figures), f"{figures['accuracy']:.3f}", *means, *(triple(figures, c) for c in SCORED_CLASSES)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def beats(figures: Mapping[str, Any]) -> str:
    return f"{figures['beats']:,}" if "beats" in figures else NOTHING


def mean(figures: Mapping[str, Any], key: str) -> str:
    if any(_has_none(figures, name) for name in _MEANS[key]):
        return NOTHING
    return f"{figures[key]:.3f}"


def triple(figures: Mapping[str, Any], aami_class: str) -> str:
    of_class = figures["per_class"][aami_class]
    if _has_none(figures, aami_class):
        return NOTHING
    return " / ".join(f"{of_class[key]:.3f}" for key in ("sensitivity", "positive_predictivity", "f1"))


def _has_none(figures: Mapping[str, Any], aami_class: str) -> bool:
    return figures["per_class"][aami_class].get("beats") == 0
