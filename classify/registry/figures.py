"""Figures of a manifest as tables: where something was measured, and how good it was."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SCORED: Final = ("N", "S", "V", "F")
# Where a figure was measured, in words and in this order; a key that is not named here stands as it is.
PLACES: Final = {
    "ds2": gettext_lazy("New patients (DS2)"),
    "held_out": gettext_lazy("Held-out training records"),
    "oracle": gettext_lazy("annotated R peaks"),
    "detected": gettext_lazy("detected R peaks"),
    "crop": gettext_lazy("single beats"),
    "strip10": gettext_lazy("strips of 10 s"),
    "whole": gettext_lazy("whole recordings"),
    "roundtrip": gettext_lazy("drawn, read again and classified"),
    "clean": gettext_lazy("clean pictures"),
    "photo": gettext_lazy("photographs"),
    "lead": gettext_lazy("lead"),
    "other_leads": gettext_lazy("other leads"),
    "noise": gettext_lazy("with noise"),
    "without_232": gettext_lazy("without record 232"),
    "without_202": gettext_lazy("without record 202"),
}
LEFT_OUT: Final = frozenset({"per_record", "per_class", "confusion", "interval_95", "records", "paper"})
MAX_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class ClassFigures:
    letter: str
    sensitivity: float | None
    positive_predictivity: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One row: where it was measured, on how many beats, and how good it was; fractions from 0 to 1."""

    path: tuple[str, ...]
    beats: int | None
    accuracy: float | None
    macro_f1: float | None
    classes: tuple[ClassFigures, ...]

    @property
    def place(self) -> str:
        return ", ".join(place_words(key) for key in self.path)


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of the model in use and of a candidate. ``better`` is None where they are the same or unknown."""

    name: str
    active: float | None
    candidate: float | None
    less_is_better: bool = False
    digits: int = 3

    @property
    def change(self) -> float | None:
        if self.active is None or self.candidate is None:
            return None
        return self.candidate - self.active

    @property
    def better(self) -> bool | None:
        if self.change is None or abs(self.change) < 0.0005:  # nothing that the three digits shown would tell
            return None
        return (self.change < 0) == self.less_is_better


def place_words(key: str) -> str:
    return str(PLACES.get(key, key.replace("_", " ")))


def measured_rows(manifest: Mapping[str, Any]) -> list[Measured]:
    """Every place of the manifest at which classes were scored, new patients first."""
    metrics = manifest.get("metrics", {})
    return [row for key in _in_turn(metrics) if key not in LEFT_OUT for row in _walk(metrics[key], (key,))]


def _in_turn(found: Mapping[str, Any]) -> list[str]:
    """As PLACES names them, then by name: a database keeps no order of keys."""
    named = list(PLACES)
    return sorted(found, key=lambda key: (named.index(key) if key in PLACES else len(named), key))


def _walk(found: Any, path: tuple[str, ...]) -> Iterator[Measured]:
    if not isinstance(found, Mapping) or len(path) > MAX_DEPTH:
        return
    if isinstance(found.get("per_class"), Mapping):
        yield _measured(found, path)
    for key in _in_turn(found):
        if key not in LEFT_OUT:
            yield from _walk(found[key], (*path, key))


def _measured(found: Mapping[str, Any], path: tuple[str, ...]) -> Measured:
    per_class = found["per_class"]
    beats = found.get("beats")
    return Measured(
        path=path,
        beats=beats if isinstance(beats, int) else None,
        accuracy=number(found, "accuracy"),
        macro_f1=number(found, "macro_f1"),
        classes=tuple(
            ClassFigures(
                letter,
                number(per_class, letter, "sensitivity"),
                number(per_class, letter, "positive_predictivity"),
                number(per_class, letter, "f1"),
            )
            for letter in SCORED
        ),
    )


def compared(active: Mapping[str, Any], candidate: Mapping[str, Any]) -> list[Compared]:
    """The figures side by side, new patients first, then calibration and cost."""
    rows: list[Compared] = []
    ds2 = {row.path: row for manifest in (active, candidate) for row in measured_rows(manifest) if row.path[0] == "ds2"}
    for path, row in ds2.items():
        if path[-1] in {"oracle", "detected"}:
            place = row.place.removeprefix(f"{place_words('ds2')}, ")
            rows += [
                _pair(f"{place}: {words}", ("metrics", *path, *keys), active, candidate) for words, keys in _headline()
            ]
    for words, keys in _trust():
        rows.append(_pair(words, ("metrics", "calibration", *keys), active, candidate, less_is_better=True))
    work = number(active, "mmac_per_beat"), number(candidate, "mmac_per_beat")
    rows.append(Compared(_("Million multiplications a beat"), *work, less_is_better=True, digits=1))
    return [row for row in rows if row.active is not None or row.candidate is not None]


def _headline() -> list[tuple[str, tuple[str, ...]]]:
    per_class = [(_("F1 of %(class)s") % {"class": letter}, ("per_class", letter, "f1")) for letter in SCORED]
    return [(_("accuracy"), ("accuracy",)), (_("macro F1"), ("macro_f1",)), *per_class]


def _trust() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (_("Calibration error (ECE)"), ("ece_after",)),
        (_("Brier score"), ("brier_after",)),
        (_("Wrong among the sure beats"), ("error_among_sure",)),
    ]


def _pair(
    name: str,
    path: tuple[str, ...],
    active: Mapping[str, Any],
    candidate: Mapping[str, Any],
    *,
    less_is_better: bool = False,
) -> Compared:
    return Compared(name, number(active, *path), number(candidate, *path), less_is_better)


def calibration_facts(manifest: Mapping[str, Any]) -> list[tuple[str, float]]:
    place = ("metrics", "calibration")
    named = [
        (_("Expected calibration error, before the temperature"), "ece_before"),
        (_("Expected calibration error, after"), "ece_after"),
        (_("Brier score, before"), "brier_before"),
        (_("Brier score, after"), "brier_after"),
        (_("Share of beats that it is sure of"), "sure_share"),
        (_("Wrong among the sure beats"), "error_among_sure"),
        (_("Wrong among all beats"), "error_among_all"),
    ]
    found = [(words, number(manifest, *place, key)) for words, key in named]
    return [(words, value) for words, value in found if value is not None]


def headline(manifest: Mapping[str, Any]) -> Measured | None:
    """What stands in lists: the first row on new patients."""
    return next((row for row in measured_rows(manifest) if row.path[0] == "ds2"), None)


def number(found: Any, *path: str) -> float | None:
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
