"""Figures of merit, as fractions."""

from dataclasses import asdict
from typing import Any, Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES, SCORED_CLASSES
from worker.model.calibration import (
    brier_score,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
    softmax,
)

# The answer to a beat that was not found, and the label of a detection that is no annotated beat.
NO_BEAT: Final = len(AAMI_CLASSES)
_CURVE_POINTS: Final = 40  # of the risk-coverage curve in a manifest


def confusion_matrix(labels: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Rows are the annotated class, columns the answer; N S V F Q and no beat, shape (6, 6).

    Annotated Q is left out (AAMI EC57 with four scored classes).
    """
    size = len(AAMI_CLASSES) + 1
    scored = labels != AAMI_CLASSES.index("Q")
    return np.bincount(labels[scored] * size + answers[scored], minlength=size * size).reshape(size, size)


def scores(labels: np.ndarray, answers: np.ndarray) -> dict[str, Any]:
    """Accuracy, macro F1 and per-class figures over N S V F.

    An annotated Q is left out; an answer Q counts as an error (AAMI EC57 with four scored classes).  As in WFDB's
    ``bxb``, a beat that was not found is an error of its class, and a detection that is no beat counts against the
    positive predictivity of the class that it was answered with.  Accuracy is over the annotated beats.

    Parameters
    ----------
    labels, answers : ndarray of int, shape (n,)
        Indices into ``AAMI_CLASSES``, or ``NO_BEAT``.
    """
    return confusion_scores(confusion_matrix(labels, answers))


def confusion_scores(confusion: np.ndarray) -> dict[str, Any]:
    """The figures of a matrix made by ``confusion_matrix``."""
    per_class = {name: class_scores(confusion, AAMI_CLASSES.index(name)) for name in SCORED_CLASSES}
    return {
        "beats": int(confusion[:NO_BEAT].sum()),
        "accuracy": accuracy(confusion),
        "macro_f1": float(np.mean([figures["f1"] for figures in per_class.values()])),
        "macro_f1_nsv": float(np.mean([per_class[name]["f1"] for name in SCORED_CLASSES if name != "F"])),
        "per_class": per_class,
        "confusion": confusion[:NO_BEAT, :NO_BEAT].tolist(),
    }


def detection_scores(confusion: np.ndarray) -> dict[str, Any]:
    """Beats that were not found, by class, and detections that are no beat, by answer."""
    return {
        "missed": {name: int(confusion[AAMI_CLASSES.index(name), NO_BEAT]) for name in SCORED_CLASSES},
        "extra": {name: int(confusion[NO_BEAT, index]) for index, name in enumerate(AAMI_CLASSES)},
    }


def accuracy(confusion: np.ndarray) -> float:
    """Share of annotated beats that were found and answered rightly."""
    return _ratio(np.trace(confusion), confusion[:NO_BEAT].sum())


def patient_intervals(confusions: np.ndarray, *, draws: int = 1000, seed: int = 0) -> dict[str, list[float]]:
    """95 % intervals by drawing patients with replacement.

    Parameters
    ----------
    confusions : ndarray of int, shape (n_patients, 6, 6)
        One ``confusion_matrix`` for each patient.

    Returns
    -------
    dict of list of float
        Lower and upper end for each figure.
    """
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {}
    for _ in range(draws):
        total = confusions[rng.integers(len(confusions), size=len(confusions))].sum(axis=0)
        for name, value in headline(confusion_scores(total)).items():
            drawn.setdefault(name, []).append(value)
    return {name: [float(np.quantile(v, 0.025)), float(np.quantile(v, 0.975))] for name, v in drawn.items()}


def headline(figures: dict[str, Any]) -> dict[str, float]:
    """The figures that have intervals and spreads: accuracy, the macro F1s, and the F1 of each class."""
    f1 = {f"f1_{name}": figures["per_class"][name]["f1"] for name in SCORED_CLASSES}
    return {name: figures[name] for name in ("accuracy", "macro_f1", "macro_f1_nsv")} | f1


def spread(values: list[dict[str, float]]) -> dict[str, Any]:
    """Mean, sample standard deviation and values of each figure over seeds."""
    return {
        name: {
            "mean": float(np.mean([v[name] for v in values])),
            "sd": float(np.std([v[name] for v in values], ddof=1)) if len(values) > 1 else 0.0,
            "values": [v[name] for v in values],
        }
        for name in values[0]
    }


def class_scores(confusion: np.ndarray, index: int) -> dict[str, float]:
    """Sensitivity, positive predictivity and F1 of one class; 0 where undefined."""
    hits = confusion[index, index]
    sensitivity = _ratio(hits, confusion[index].sum())
    positive_predictivity = _ratio(hits, confusion[:, index].sum())
    return {
        "beats": int(confusion[index].sum()),
        "sensitivity": sensitivity,
        "positive_predictivity": positive_predictivity,
        "f1": _ratio(2 * sensitivity * positive_predictivity, sensitivity + positive_predictivity),
    }


def paced_scores(labels: np.ndarray, answers: np.ndarray) -> dict[str, Any]:
    """Class Q on the paced test records: one class against the others."""
    size = len(AAMI_CLASSES)
    confusion = np.bincount(labels * size + answers, minlength=size * size).reshape(size, size)
    return {
        **class_scores(confusion, AAMI_CLASSES.index("Q")),
        "accuracy": _ratio(np.trace(confusion), confusion.sum()),
        "confusion": confusion.tolist(),
    }


def calibration_scores(logits: np.ndarray, labels: np.ndarray, temperature: float, threshold: float) -> dict[str, Any]:
    """Calibration error, Brier score and reliability before and after the temperature; what abstaining does."""
    before, after = softmax(logits), softmax(logits / temperature)
    sure = after.max(axis=1) >= threshold
    wrong = after.argmax(axis=1) != labels
    return {
        "ece_before": expected_calibration_error(before, labels),
        "ece_after": expected_calibration_error(after, labels),
        "brier_before": brier_score(before, labels),
        "brier_after": brier_score(after, labels),
        "sure_share": float(sure.mean()),
        "error_among_sure": _ratio(wrong[sure].sum(), sure.sum()),
        "error_among_all": float(wrong.mean()),
        "reliability": {
            "before": [asdict(part) for part in reliability_bins(before, labels)],
            "after": [asdict(part) for part in reliability_bins(after, labels)],
        },
        "risk_coverage": asdict(risk_coverage(after, labels, points=_CURVE_POINTS)),
    }


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
