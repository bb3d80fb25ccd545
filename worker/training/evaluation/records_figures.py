"""Figures of several records together, without some, and of each."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from worker.training.evaluation.metrics import confusion_scores, detection_scores, patient_intervals

# 232 holds three quarters of DS2's S beats and 213 nearly all of its F; 201 (in DS1) and 202 are thought to be one
# person (unverified).
LEFT_OUT_ROWS: Final = {"without_232": "232", "without_213": "213", "without_202": "202"}


def records_figures(confusions: Mapping[str, np.ndarray], *, detected: bool = False) -> dict[str, Any]:
    """All records, without some, each one, and intervals over patients.

    Parameters
    ----------
    confusions : mapping of str to ndarray of int, shape (6, 6)
        By record, see ``confusion_matrix``.
    detected : bool
        Count beats that were missed and detections that are no beat apart.
    """
    figures = pooled_figures(confusions.values(), detected=detected)
    for row, left_out in LEFT_OUT_ROWS.items():
        if left_out in confusions and len(confusions) > 1:
            others = [matrix for name, matrix in confusions.items() if name != left_out]
            figures[row] = without_confusion(pooled_figures(others, detected=detected))
    figures["per_record"] = {name: _record_figures(matrix, detected) for name, matrix in confusions.items()}
    figures["interval_95"] = patient_intervals(np.array(list(confusions.values())))
    return figures


def pooled_figures(confusions: Iterable[np.ndarray], *, detected: bool = False) -> dict[str, Any]:
    """The figures of all beats of some matrices together."""
    confusion = np.sum(list(confusions), axis=0)
    return confusion_scores(confusion) | (detection_scores(confusion) if detected else {})


def without_confusion(figures: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in figures.items() if key != "confusion"}


def _record_figures(confusion: np.ndarray, detected: bool) -> dict[str, Any]:
    figures = pooled_figures([confusion], detected=detected)
    return {key: figures[key] for key in ("accuracy", "confusion", "missed", "extra") if key in figures}
