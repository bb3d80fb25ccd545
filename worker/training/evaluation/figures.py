"""From answers to the figures of a manifest."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.training.data.views import Peaks, Reading
from worker.training.evaluation.answers import Answers, classes_of
from worker.training.evaluation.metrics import (
    calibration_scores,
    confusion_matrix,
    headline,
    paced_scores,
    scores,
    spread,
)
from worker.training.evaluation.records_figures import pooled_figures, records_figures, without_confusion


def reading_figures(answers: Answers, records: Sequence[str], peaks: Peaks) -> dict[str, Any]:
    """Everything about one reading: all records, without some, each one, and intervals.

    Parameters
    ----------
    answers : Answers
    records : sequence of str
    peaks : {"oracle", "detected"}
        With detected ones, beats that were missed and detections that are no beat are counted apart.
    """
    confusions = {name: _confusion(answers.of([name])) for name in records}
    return records_figures(confusions, detected=peaks == "detected")


def row_figures(answers: Answers, *, detected: bool = False) -> dict[str, Any]:
    """The figures of one row, without the confusion matrix."""
    return without_confusion(pooled_figures([_confusion(answers)], detected=detected))


def paced_figures(answers: Answers, records: Sequence[str]) -> dict[str, Any]:
    """Class Q against the others, for all paced records and each."""
    parts = {name: answers.of([name]) for name in records}
    per_record = {name: paced_scores(part.labels, part.classes) for name, part in parts.items()}
    return {**paced_scores(answers.labels, answers.classes), "per_record": per_record}


def calibration_figures(answers: Answers, temperature: float, threshold: float) -> dict[str, Any]:
    """How far the confidences of N S V F can be believed."""
    scored = answers.labels != AAMI_CLASSES.index("Q")
    return calibration_scores(answers.logits[scored], answers.labels[scored], temperature, threshold)


def seeds_figures(of_reading: Mapping[Reading, list[dict[str, float]]], source: str) -> dict[str, Any]:
    """Mean and spread over networks that differ by their seed alone.

    Parameters
    ----------
    of_reading : dict of list of dict
        By reading: ``headline`` figures, one for each seed.
    source : str
        What the networks are.
    """
    count = len(next(iter(of_reading.values())))
    return {"count": count, "networks": source, "readings": {name: spread(v) for name, v in of_reading.items()}}


def members_headlines(answers: Answers) -> list[dict[str, float]]:
    """Headline figures of each member of a network alone."""
    every = np.moveaxis(answers.members, 1, 0)
    return [headline(scores(answers.labels, classes_of(logits))) for logits in every]


def _confusion(answers: Answers) -> np.ndarray:
    return confusion_matrix(answers.labels, answers.classes)
