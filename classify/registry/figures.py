"""Figures of a manifest as tables: where something was measured, and how good it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from worker.ecg.annotations import SCORED_CLASSES
from worker.model.manifest_rows import READING_TITLES, Row, main_rows, title


@dataclass(frozen=True, slots=True)
class ClassFigures:
    letter: str
    sensitivity: float | None
    positive_predictivity: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """One row: where it was measured, on how many beats, and how good it was; fractions from 0 to 1."""

    place: str
    beats: int | None
    accuracy: float | None
    macro_f1: float | None
    classes: tuple[ClassFigures, ...]


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


def measured_rows(manifest: Mapping[str, Any]) -> list[Measured]:
    """New patients first, then training records that were held out. Every other row stands on the card."""
    new = [_measured(_new_patients_words(path, figures), figures) for path, figures in _new_patients(manifest)]
    held_out = _mapping(manifest, "metrics", "held_out")
    readings = _mapping(held_out, "readings") or {"": held_out}
    return new + [
        _measured(", ".join(filter(None, (_("Held-out training records"), READING_TITLES.get(name, name)))), figures)
        for name, figures in sorted(readings.items())
        if isinstance(figures, Mapping) and "per_class" in figures
    ]


def _new_patients(manifest: Mapping[str, Any]) -> list[Row]:
    """The readings of DS2, with annotated and with detected R peaks."""
    return [(path, figures) for path, figures in main_rows(_mapping(manifest, "metrics", "ds2")) if len(path) == 2]


def _new_patients_words(path: tuple[str, ...], figures: Mapping[str, Any]) -> str:
    return _("New patients (DS2), %(place)s") % {"place": title(path, figures)}


def _measured(place: str, found: Mapping[str, Any]) -> Measured:
    per_class = found["per_class"]
    beats = found.get("beats")
    return Measured(
        place=place,
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
            for letter in SCORED_CLASSES
        ),
    )


def compared(active: Mapping[str, Any], candidate: Mapping[str, Any]) -> list[Compared]:
    """The figures side by side, new patients first, then calibration and cost."""
    places = {path: title(path, row) for manifest in (active, candidate) for path, row in _new_patients(manifest)}
    rows = [
        _pair(f"{place}: {words}", ("metrics", "ds2", *path, *keys), active, candidate)
        for path, place in places.items()
        for words, keys in _headline()
    ]
    for words, keys in _trust():
        rows.append(_pair(words, ("metrics", "calibration", *keys), active, candidate, less_is_better=True))
    work = number(active, "mmac_per_beat"), number(candidate, "mmac_per_beat")
    rows.append(Compared(_("Million multiplications a beat"), *work, less_is_better=True, digits=1))
    return [row for row in rows if row.active is not None or row.candidate is not None]


def _headline() -> list[tuple[str, tuple[str, ...]]]:
    per_class = [(_("F1 of %(class)s") % {"class": letter}, ("per_class", letter, "f1")) for letter in SCORED_CLASSES]
    macro = [(_("macro F1 of N S V F"), ("macro_f1",)), (_("macro F1 of N S V"), ("macro_f1_nsv",))]
    return [(_("accuracy"), ("accuracy",)), *macro, *per_class]


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
    return next((_measured(_new_patients_words(*row), row[1]) for row in _new_patients(manifest)), None)


def _mapping(found: Any, *path: str) -> Mapping[str, Any]:
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def number(found: Any, *path: str) -> float | None:
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
