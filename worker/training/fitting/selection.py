"""What is chosen on DS1 records that were left out: prior, temperature and the unsure threshold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.calibration import softmax, temperature_fit, unsure_threshold
from worker.model.recording_prior import RecordingPrior
from worker.training.evaluation.answers import Answers
from worker.training.evaluation.metrics import calibration_scores, scores
from worker.training.records import DS1, PACED_TRAINING, Record

PRIOR_STRENGTHS: Final = (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Selection:
    """``log_prior`` (5,) is added to the logits before the temperature divides them."""

    prior_strength: float
    temperature: float
    threshold: float
    sure_share: float
    log_prior: tuple[float, ...]
    held_out: dict[str, Any]
    recording_prior: dict[str, float] | None = None


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


def selection_choose(
    answers: Mapping[str, Answers],
    log_shift: np.ndarray,
    beat_error: float,
    simulated: Mapping[str, Answers] = MappingProxyType({}),
    recording_prior: RecordingPrior | None = None,
) -> Selection:
    """Choose on held-out answers.

    Training draws rare classes more often than they occur.  The strength with which that is undone is the one
    of the best mean F1 over N, S and V, averaged over the readings of the records and over those of the rhythms
    simulated from them: no patient of DS1 has a majority of ectopic beats, so that the records alone favour caution.
    Then temperature by likelihood and the threshold, on the records alone.

    Parameters
    ----------
    answers : mapping of Answers
        By reading: of DS1 records that the network was not fitted to.
    log_shift : ndarray, shape (5,)
        Log of natural over sampled prior.
    beat_error : float
        Accepted fraction of wrong answers among the sure ones.
    simulated : mapping of Answers
        By reading, of rhythms simulated from the same records.
    recording_prior : RecordingPrior, optional
        With which each strip's answers are adapted, as the worker will.
    """

    def shifted_by(strength: float, side: Mapping[str, Answers]) -> dict[str, Answers]:
        return {reading: _shifted(part, strength * log_shift, recording_prior) for reading, part in side.items()}

    sides = [side for side in (answers, simulated) if side]
    strength = max(PRIOR_STRENGTHS, key=lambda s: sum(_mean_f1(shifted_by(s, side)) for side in sides))
    chosen = shifted_by(strength, answers)
    labels = np.concatenate([part.labels for part in chosen.values()])
    shifted = np.concatenate([part.logits for part in chosen.values()])
    temperature = temperature_fit(shifted, labels)
    threshold, sure_share = unsure_threshold(softmax(shifted / temperature), labels, beat_error)
    readings, of_rhythms = _scores(chosen), _scores(shifted_by(strength, simulated))
    held_out = {**next(iter(readings.values())), "readings": readings}
    if of_rhythms:
        held_out["simulated"] = of_rhythms
    held_out["calibration"] = calibration_scores(shifted, labels, temperature, threshold)
    return Selection(
        strength,
        temperature,
        threshold,
        sure_share,
        tuple(float(x) for x in strength * log_shift),
        held_out,
        asdict(recording_prior) if recording_prior else None,
    )


def _shifted(answers: Answers, shift: np.ndarray, prior: RecordingPrior | None) -> Answers:
    shifted = replace(answers, logits=answers.logits + shift, members=answers.members[:, :0])
    return shifted.adapted(prior).scored()


def _scores(answers: Mapping[str, Answers]) -> dict[str, dict[str, Any]]:
    return {reading: scores(part.labels, part.classes) for reading, part in answers.items()}


def _mean_f1(answers: Mapping[str, Answers]) -> float:
    return float(np.mean([figures["macro_f1_nsv"] for figures in _scores(answers).values()]))
