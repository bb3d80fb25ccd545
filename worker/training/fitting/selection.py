"""What is chosen on DS1 records that were left out: prior, temperature and the unsure threshold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.calibration import softmax, temperature_fit, unsure_threshold
from worker.training.evaluation.answers import Answers
from worker.training.evaluation.metrics import calibration_scores, scores
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


def selection_choose(answers: Mapping[str, Answers], log_shift: np.ndarray, beat_error: float) -> Selection:
    """Choose on held-out answers.

    Training draws rare classes more often than they occur.  The strength with which that is undone is the one
    of the best mean F1 over N, S and V, averaged over the readings; then temperature by likelihood; then the threshold.

    Parameters
    ----------
    answers : mapping of Answers
        By reading: of DS1 records that the network was not fitted to.
    log_shift : ndarray, shape (5,)
        Log of natural over sampled prior.
    beat_error : float
        Accepted fraction of wrong answers among the sure ones.
    """
    scored = {reading: _scored(part) for reading, part in answers.items()}
    strength = max(PRIOR_STRENGTHS, key=lambda s: _mean_f1(scored, s * log_shift))
    labels = np.concatenate([labels for labels, _ in scored.values()])
    shifted = np.concatenate([logits for _, logits in scored.values()]) + strength * log_shift
    temperature = temperature_fit(shifted, labels)
    threshold, sure_share = unsure_threshold(softmax(shifted / temperature), labels, beat_error)
    readings = {
        reading: scores(labels, (logits + strength * log_shift).argmax(axis=1))
        for reading, (labels, logits) in scored.items()
    }
    held_out = {**next(iter(readings.values())), "readings": readings}
    held_out["calibration"] = calibration_scores(shifted, labels, temperature, threshold)
    return Selection(
        strength, temperature, threshold, sure_share, tuple(float(x) for x in strength * log_shift), held_out
    )


def _scored(answers: Answers) -> tuple[np.ndarray, np.ndarray]:
    scored = answers.labels != AAMI_CLASSES.index("Q")
    return answers.labels[scored], answers.logits[scored]


def _mean_f1(scored: Mapping[str, tuple[np.ndarray, np.ndarray]], shift: np.ndarray) -> float:
    figures = (scores(labels, (logits + shift).argmax(axis=1)) for labels, logits in scored.values())
    return float(np.mean([figure["macro_f1_nsv"] for figure in figures]))
