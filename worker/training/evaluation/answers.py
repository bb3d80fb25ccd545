"""Answers of a network on whole records, beside the annotators' labels."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import keras
import numpy as np
from tqdm import tqdm

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.classifier import Classifier
from worker.model.recording_prior import RecordingPrior, recording_adapted
from worker.training.data.views import EXTRA, Shown, View, shown
from worker.training.evaluation.metrics import NO_BEAT
from worker.training.records import NOT_A_BEAT, Record, record_load

BATCH_SIZE: Final = 128


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One row for each annotated beat, and with detected R peaks one for each detection that is none.

    ``records``, ``samples``, ``symbols`` (WFDB's), ``labels`` (index into ``AAMI_CLASSES`` or ``NO_BEAT``), ``logits``
    ``[n, 5]`` (NaN for a beat that was missed) and those of the network's members, ``[n, members, 5]``; ``strips``, the
    number of the strip in its record (-1 for a beat that was missed).
    """

    records: np.ndarray
    samples: np.ndarray
    symbols: np.ndarray
    labels: np.ndarray
    logits: np.ndarray
    members: np.ndarray
    strips: np.ndarray

    @property
    def classes(self) -> np.ndarray:
        """Index into ``AAMI_CLASSES``, or ``NO_BEAT`` for a beat that was missed."""
        return classes_of(self.logits)

    def of(self, records: Iterable[str]) -> "Answers":
        return self._rows(np.isin(self.records, list(records)))

    def of_beats(self) -> "Answers":
        """The annotated beats that have an answer."""
        return self._rows((self.labels != NO_BEAT) & (self.classes != NO_BEAT))

    def scored(self) -> "Answers":
        """Without the annotated Q, of which the four scored classes know nothing."""
        return self._rows(self.labels != AAMI_CLASSES.index("Q"))

    def of_strips_without_only(self, label: int) -> "Answers":
        """Without the strips of one record in which every beat has this label."""
        only = [strip for strip in np.unique(self.strips) if (self.labels[self.strips == strip] == label).all()]
        return self._rows(~np.isin(self.strips, only))

    def adapted(self, prior: RecordingPrior | None) -> "Answers":
        """The answers with each strip's own share of S beats, as the worker gives them; the same without a prior."""
        if prior is None:
            return self
        outputs = np.concatenate([self.logits[:, None], self.members], axis=1)
        for record in np.unique(self.records):
            of_record = (self.records == record) & (self.classes != NO_BEAT)
            for strip in np.unique(self.strips[of_record]):
                inside = np.flatnonzero(of_record & (self.strips == strip))
                for output in range(outputs.shape[1]):
                    outputs[inside, output] = recording_adapted(outputs[inside, output], prior)
        return replace(self, logits=outputs[:, 0], members=outputs[:, 1:])

    def _rows(self, chosen: np.ndarray) -> "Answers":
        return Answers(*(getattr(self, name)[chosen] for name in self.__slots__))


def classes_of(logits: np.ndarray) -> np.ndarray:
    missed = np.isnan(logits).any(axis=1)
    return np.where(missed, NO_BEAT, np.where(missed[:, None], 0.0, logits).argmax(axis=1))


def answers_collect(
    classifier: Classifier, data: Path, names: Iterable[str], view: View, *, title: str | None = None
) -> Answers:
    """Classify every annotated beat of some records.

    Parameters
    ----------
    classifier : Classifier
    data : Path
    names : iterable of str
        Records.
    view : View
        How they are shown to the network.
    title : str, optional
        Of the progress bar.
    """
    network = with_members(classifier.network)
    return network_answers(network, data, names, view, title=title).adapted(classifier.recording_prior)


def network_answers(
    network: keras.Model, data: Path, names: Iterable[str], view: View, *, title: str | None = None
) -> Answers:
    """The same for a network of ``with_members``, which is compiled once however often it is asked."""
    parts = [
        record_answers(network, record_load(data, name), view)
        for name in tqdm(list(names), desc=title or f"{view.reading} {view.peaks}", unit="record")
    ]
    return answers_joined(parts)


def answers_joined(parts: list[Answers]) -> Answers:
    return Answers(*(np.concatenate([getattr(part, name) for part in parts]) for name in Answers.__slots__))


def record_answers(network: keras.Model, record: Record, view: View) -> Answers:
    """Answers of one record; ``network`` is one of ``with_members``."""
    seen = shown(record, view)
    return answers_placed(record, seen, logits_of(network, seen.columns))


def answers_placed(record: Record, seen: Shown, logits: np.ndarray) -> Answers:
    """Rows for the beats that were shown, and for those of the record that were not.

    Parameters
    ----------
    record : Record
    seen : Shown
        What was answered.
    logits : ndarray, shape (n, 1 + members, 5)
        The network's, then its members'.
    """
    annotations, samples = seen.annotations, seen.samples
    missed = np.setdiff1d(np.flatnonzero(record.labels != NOT_A_BEAT), annotations)
    extra = annotations == EXTRA
    at = np.concatenate([annotations, missed])
    none = np.concatenate([extra, np.zeros(len(missed), dtype=bool)])
    every = np.concatenate([logits, np.full((len(missed), *logits.shape[1:]), np.nan)])
    return Answers(
        records=np.full(len(at), record.name),
        samples=np.where(none, np.concatenate([samples, record.samples[missed]]), record.samples[at]),
        symbols=np.where(none, "", np.array(record.symbols)[at]),
        labels=np.where(none, NO_BEAT, record.labels[at]),
        logits=every[:, 0],
        members=every[:, 1:],
        strips=np.concatenate([seen.strips, np.full(len(missed), -1)]),
    )


def with_members(network: keras.Model) -> keras.Model:
    """A network with the outputs ``[n, 1 + members, 5]``: its own, then its members' where it is their mean."""
    last = network.get_layer("logits")
    members = last.input if isinstance(last, keras.layers.Average) else []
    stacked = keras.ops.stack([network.output, *members], axis=1)
    return keras.Model(network.input, stacked)


def logits_of(network: keras.Model, columns: np.ndarray) -> np.ndarray:
    """Outputs of a network in batches of one size, so that no shape is compiled twice; float64.

    Of the channels the network reads the first, as many as it was trained with.
    """
    columns = columns[:, : network.input_shape[1]]
    outputs = [np.empty((0, *network.output_shape[1:]))]
    for start in range(0, len(columns), BATCH_SIZE):
        batch = columns[start : start + BATCH_SIZE]
        padded = np.pad(batch, [(0, BATCH_SIZE - len(batch)), *[(0, 0)] * (columns.ndim - 1)])
        outputs.append(np.asarray(network.predict_on_batch(padded))[: len(batch)])
    return np.concatenate(outputs).astype(np.float64)
