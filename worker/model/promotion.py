"""The gate before a model becomes the active one: reasons not to promote it, in words.

It compares two manifests' documents and nothing else: no figure is measured here, and importing this module loads
neither numpy nor TensorFlow.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.manifest_rows import READING_TITLES, title

# 0.005 of DS2's beats are about 250. That much may move between two trainings without either being the better one;
# more is a loss. The 95 % intervals over patients that stand in the manifests are at least nine times as wide: a gate
# of their width would let real losses through.
FIGURE_TOLERANCE: Final = 0.005
CALIBRATION_TOLERANCE: Final = 0.005
# A reading may lose a few beats at a strip's ends, but not a patient: the smallest record holds 3 % of DS2.
BEATS_SHARE: Final = 0.99

READINGS_COMPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "beat": ("crop",),
    "context": ("strip10", "whole"),
}
FIGURES_COMPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "accuracy": ("accuracy",),
    "macro F1 of N S V F": ("macro_f1",),
    "macro F1 of N S V": ("macro_f1_nsv",),
    "F1 of V": ("per_class", "V", "f1"),
    "F1 of S": ("per_class", "S", "f1"),
}
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def reasons_against(candidate: Mapping[str, Any], active: Mapping[str, Any]) -> tuple[str, ...]:
    """Why a candidate must not take the active model's place.

    Parameters
    ----------
    candidate, active : mapping
        The documents of two ``manifest.json``. Figures are fractions from 0 to 1.

    Returns
    -------
    tuple of str
        One sentence for each reason, the gravest first; empty where the candidate may be promoted: it is of the same
        kind, its figures on DS2 were measured for this very network, and neither they nor the calibration are worse
        than the active model's by more than the tolerances.
    """
    kind = str(candidate.get("kind"))
    if kind not in READINGS_COMPARED:
        return (f"The candidate's kind is unknown: {kind}. Known are beat and context.",)
    if active.get("kind") != kind:
        return (f"The candidate reads another kind of input ({kind}) than the active model ({active.get('kind')}).",)
    return (
        *_reasons_of_identity(candidate),
        *(reason for reading in READINGS_COMPARED[kind] for reason in _reasons_of_reading(reading, candidate, active)),
        *_reasons_of_calibration(candidate, active),
    )


def _reasons_of_identity(candidate: Mapping[str, Any]) -> Iterator[str]:
    if tuple(candidate.get("classes", ())) != AAMI_CLASSES:
        yield f"The candidate's classes are not {' '.join(AAMI_CLASSES)}."
    sha256 = candidate.get("sha256")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        yield "The candidate's manifest names no sha256 of its network."
        return
    evaluated = _value(candidate, ("metrics", "evaluated_sha256"))
    if evaluated is None:
        yield "The candidate's figures do not say which network they were measured for. Evaluate it with --write."
    elif evaluated != sha256:
        yield "The candidate's figures were measured for another network. Evaluate it again with --write."


def _reasons_of_reading(reading: str, candidate: Mapping[str, Any], active: Mapping[str, Any]) -> Iterator[str]:
    place = ("metrics", "ds2", reading, "oracle")
    where = f"DS2, {title((reading, 'oracle'), {})}"
    if _value(candidate, place) is None:
        yield f"The candidate was not measured on {where}."
        return
    yield from _reason_of_fewer_beats(where, _value(candidate, (*place, "beats")), _value(active, (*place, "beats")))
    for words, path in FIGURES_COMPARED.items():
        name = f"{words} on {where}"
        new, old = _fraction(candidate, (*place, *path)), _fraction(active, (*place, *path))
        yield from _reason_of_missing(name, new, old)
        if new is not None and old is not None and _exceeds(old - new, FIGURE_TOLERANCE):
            yield f"Worse: {name}: {new:.4f}, the active model's {old:.4f}; at most {FIGURE_TOLERANCE} may be lost."


def _reason_of_fewer_beats(where: str, new: Any, old: Any) -> Iterator[str]:
    if not isinstance(new, int):
        yield f"The candidate's manifest does not say on how many beats it was measured: {where}."
    elif isinstance(old, int) and new < BEATS_SHARE * old:
        yield f"The candidate was measured on {new} beats, the active model on {old}: {where}."


def _reasons_of_calibration(candidate: Mapping[str, Any], active: Mapping[str, Any]) -> Iterator[str]:
    name = "calibration error after the temperature"
    place = ("metrics", "calibration")
    readings = [_value(document, (*place, "reading")) for document in (candidate, active)]
    new, old = (_fraction(document, (*place, "ece_after")) for document in (candidate, active))
    yield from _reason_of_missing(name, new, old)
    if new is None or old is None:
        return
    if readings[0] != readings[1]:
        words = [READING_TITLES.get(str(reading), reading) for reading in readings]
        yield f"The calibrations cannot be compared: one is of {words[0]}, the other of {words[1]}."
    elif _exceeds(new - old, CALIBRATION_TOLERANCE):
        yield f"Worse: {name} is {new:.4f}, the active model's {old:.4f}; at most {CALIBRATION_TOLERANCE} may be added."


def _reason_of_missing(name: str, new: float | None, old: float | None) -> Iterator[str]:
    if new is None:
        yield f"The candidate has no {name}, or none from 0 to 1."
    elif old is None:
        yield f"The active model has no {name} to compare with, or none from 0 to 1."


def _exceeds(loss: float, tolerance: float) -> bool:
    """Whether more was lost than is tolerated; a loss of just the tolerance is not, whatever binary fractions make."""
    return loss > tolerance + 1e-9


def _fraction(document: Mapping[str, Any], path: tuple[str, ...]) -> float | None:
    value = _value(document, path)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if 0 <= value <= 1 else None


def _value(document: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document
