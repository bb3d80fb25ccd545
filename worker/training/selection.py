"""What is chosen on DS1 records that were left out: prior, temperature and the unsure threshold."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.calibration import softmax, temperature_fit, unsure_threshold
from worker.training.metrics import calibration_scores, scores
from worker.training.oracle import Answers
from worker.training.records import DS1, PACED_TRAINING, Record

PRIOR_STRENGTHS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Selection:
    """``log_prior`` (5,) is added to the logits before the temperature divides them."""

    prior_strength: float
    temperature: float
    threshold: float
    sure_share: float
    log_prior: tuple[float, ...]
    held_out: dict[str, Any]


def natural_prior(records: list[Record]) -> np.ndarray:
    """Shares of the classes as they occur: N S V F in DS1, Q in the paced training records."""
    counts = np.zeros(len(AAMI_CLASSES))
    unknown = AAMI_CLASSES.index("Q")
    for record in records:
        if record.name in DS1:
            counts += [(record.labels == index).sum() * (index != unknown) for index in range(len(AAMI_CLASSES))]
        elif record.name in PACED_TRAINING:
            counts[unknown] += (record.labels == unknown).sum()
    return counts / counts.sum()


def selection_choose(answers: Answers, log_shift: np.ndarray, beat_error: float) -> Selection:
    """Choose on held-out answers.

    Training draws rare classes more often than they occur.  The strength with which that is undone is the one
    of the best mean F1 over N, S and V; then temperature by likelihood; then the threshold.

    Parameters
    ----------
    answers : Answers
        Of DS1 records that the network was not fitted to.
    log_shift : ndarray, shape (5,)
        Log of natural over sampled prior.
    beat_error : float
        Accepted fraction of wrong answers among the sure ones.
    """
    scored = answers.labels != AAMI_CLASSES.index("Q")
    labels, logits = answers.labels[scored], answers.logits[scored]
    strength = max(
        PRIOR_STRENGTHS, key=lambda s: scores(labels, (logits + s * log_shift).argmax(axis=1))["macro_f1_nsv"]
    )
    shifted = logits + strength * log_shift
    temperature = temperature_fit(shifted, labels)
    threshold, sure_share = unsure_threshold(softmax(shifted / temperature), labels, beat_error)
    held_out = scores(labels, shifted.argmax(axis=1))
    held_out["calibration"] = calibration_scores(shifted, labels, temperature, threshold)
    return Selection(
        strength, temperature, threshold, sure_share, tuple(float(x) for x in strength * log_shift), held_out
    )
