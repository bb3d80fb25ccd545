"""Answers of a network on whole records with the annotators' R peaks, through the serving drawings."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from tqdm import tqdm

from worker.ecg.beats import Strip, paper_window
from worker.ecg.drawing import context_columns, crop_columns
from worker.model.classifier import Classifier
from worker.model.registry import ArtifactKind
from worker.training.records import NOT_A_BEAT, Record, record_load

Reading = Literal["crop", "strip10", "whole"]
READINGS_OF_KIND: Final[dict[ArtifactKind, tuple[Reading, ...]]] = {"beat": ("crop",), "context": ("strip10", "whole")}
STRIP_S: Final = 10.0
SHORTEST_STRIP_S: Final = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One row for each annotated beat: its record, sample, label and logits ``[n, 5]``."""

    records: np.ndarray
    samples: np.ndarray
    labels: np.ndarray
    logits: np.ndarray

    @property
    def classes(self) -> np.ndarray:
        return self.logits.argmax(axis=1)

    def of(self, records: Iterable[str]) -> "Answers":
        chosen = np.isin(self.records, list(records))
        return Answers(self.records[chosen], self.samples[chosen], self.labels[chosen], self.logits[chosen])


def answers_collect(
    classifier: Classifier, data: Path, names: Iterable[str], reading: Reading, *, other_lead: bool = False
) -> Answers:
    """Classify every annotated beat of some records.

    Parameters
    ----------
    classifier : Classifier
    data : Path
    names : iterable of str
    reading : {"crop", "strip10", "whole"}
        The paper's window of each beat; consecutive strips of ten seconds; the whole record.
    other_lead : bool
        Read the second lead in place of MLII.
    """
    parts = []
    for name in tqdm(list(names), desc=reading, unit="record"):
        record = record_load(data, name)
        lead = record.other_lead if other_lead else record.lead
        columns, indices = _crops(record, lead) if reading == "crop" else _strips(record, lead, reading)
        beats = record.labels[indices] != NOT_A_BEAT
        indices, columns = indices[beats], columns[beats]
        names_of_beats = np.full(len(indices), name)
        parts.append((names_of_beats, record.samples[indices], record.labels[indices], classifier.logits(columns)))
    return Answers(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _crops(record: Record, lead: str) -> tuple[np.ndarray, np.ndarray]:
    signal = record.signal(lead)
    indices = np.arange(1, len(record.samples) - 1)
    windows = [paper_window(int(record.samples[i - 1]), int(record.samples[i + 1]), record.fs) for i in indices]
    return np.stack([crop_columns(signal[first:last]) for first, last in windows]), indices


def _strips(record: Record, lead: str, reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    signal = record.signal(lead)
    step = len(signal) if reading == "whole" else int(STRIP_S * record.fs)
    drawings, indices = [], []
    for first in range(0, len(signal), step):
        last = min(first + step, len(signal))
        if len(signal) - last < SHORTEST_STRIP_S * record.fs:
            last = len(signal)
        inside = np.flatnonzero((record.samples >= first) & (record.samples < last))
        if inside.size and (first == 0 or last - first >= SHORTEST_STRIP_S * record.fs):
            strip = Strip(signal[first:last], record.fs, record.samples[inside] - first)
            drawings.append(context_columns(strip))
            indices.append(inside)
    return np.concatenate(drawings), np.concatenate(indices)
