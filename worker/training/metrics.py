"""Figures of merit, as fractions."""

from typing import Any, Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.calibration import brier_score, expected_calibration_error, softmax

SCORED_CLASSES: Final = ("N", "S", "V", "F")


def confusion_matrix(labels: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Rows are the annotated class, columns the answer; N S V F Q."""
    size = len(AAMI_CLASSES)
    return np.bincount(labels * size + answers, minlength=size * size).reshape(size, size)


def scores(labels: np.ndarray, answers: np.ndarray) -> dict[str, Any]:
    """Accuracy, macro F1 and per-class figures over N S V F.

    An annotated Q is left out; an answer Q counts as an error (AAMI EC57 with four scored classes).

    Parameters
    ----------
    labels, answers : ndarray of int, shape (n,)
        Indices into ``AAMI_CLASSES``.
    """
    scored = labels != AAMI_CLASSES.index("Q")
    confusion = confusion_matrix(labels[scored], answers[scored])
    per_class = {name: class_scores(confusion, AAMI_CLASSES.index(name)) for name in SCORED_CLASSES}
    return {
        "beats": int(confusion.sum()),
        "accuracy": _ratio(np.trace(confusion), confusion.sum()),
        "macro_f1": float(np.mean([figures["f1"] for figures in per_class.values()])),
        "macro_f1_nsv": float(np.mean([per_class[name]["f1"] for name in "NSV"])),
        "per_class": per_class,
        "confusion": confusion.tolist(),
    }


def patient_intervals(confusions: np.ndarray, *, draws: int = 1000, seed: int = 0) -> dict[str, tuple[float, float]]:
    """95 % intervals by drawing patients with replacement.

    Parameters
    ----------
    confusions : ndarray of int, shape (n_patients, 5, 5)
        Without annotated Q.
    """
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {"accuracy": [], "macro_f1": [], **{f"f1_{name}": [] for name in SCORED_CLASSES}}
    for _ in range(draws):
        total = confusions[rng.integers(len(confusions), size=len(confusions))].sum(axis=0)
        f1 = {name: class_scores(total, AAMI_CLASSES.index(name))["f1"] for name in SCORED_CLASSES}
        drawn["accuracy"].append(_ratio(np.trace(total), total.sum()))
        drawn["macro_f1"].append(float(np.mean(list(f1.values()))))
        for name, value in f1.items():
            drawn[f"f1_{name}"].append(value)
    return {key: (float(np.quantile(v, 0.025)), float(np.quantile(v, 0.975))) for key, v in drawn.items()}


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
    confusion = confusion_matrix(labels, answers)
    return {
        **class_scores(confusion, AAMI_CLASSES.index("Q")),
        "accuracy": _ratio(np.trace(confusion), confusion.sum()),
        "confusion": confusion.tolist(),
    }


def calibration_scores(logits: np.ndarray, labels: np.ndarray, temperature: float, threshold: float) -> dict[str, Any]:
    """Calibration error and Brier score before and after the temperature; what the unsure threshold does."""
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
    }


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
