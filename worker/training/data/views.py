"""The ways of showing a record's beats to a network, drawn as the worker draws them."""

import zlib
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from worker.ecg.beats import Strip, paper_window
from worker.ecg.drawing import context_columns, crop_columns
from worker.ecg.r_peaks import detect_r_peaks
from worker.model.registry import ArtifactKind
from worker.training.data.matching import MATCH_WITHIN_S, detected_in, matched_beats, one_for_each, pieces
from worker.training.data.noise import noisy
from worker.training.records import NOT_A_BEAT, Record

Reading = Literal["crop", "strip2_5", "strip10", "whole"]
Peaks = Literal["oracle", "detected"]

READINGS_OF_KIND: Final[dict[ArtifactKind, tuple[Reading, ...]]] = {"beat": ("crop",), "context": ("strip10", "whole")}
STRIP_S: Final[dict[Reading, float]] = {"strip2_5": 2.5, "strip10": 10.0}
SHORTEST_STRIP_S: Final = 2.5


@dataclass(frozen=True, slots=True)
class View:
    """What of a record a network is shown.

    ``reading``: the paper's crop of each beat, strips of 2.5 or 10 s, or the whole record.  ``peaks``: the annotators'
    R peaks or the worker's own.  ``other_lead``: the second lead in place of MLII.  ``time_known``: whether the
    sampling frequency is told.  ``noise_db``: signal-to-noise ratio where noise is added.
    """

    reading: Reading
    peaks: Peaks = "oracle"
    other_lead: bool = False
    time_known: bool = True
    noise_db: float | None = None

    def signal(self, record: Record) -> np.ndarray:
        """The lead that is shown, in mV; the same noise every time."""
        signal = record.signal(record.other_lead if self.other_lead else record.lead)
        if self.noise_db is None:
            return signal
        rng = np.random.default_rng([zlib.crc32(record.name.encode()), int(10 * self.noise_db)])
        return noisy(signal, record.fs, self.noise_db, rng, r_peaks=record.samples)


EXTRA: Final = -1  # in place of an annotation: a detection that is no annotated beat


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Drawings ``[n, channels, columns, 2]``, where their R peaks are, the annotation of each, or ``EXTRA``, and the
    number of the strip that it stands in.
    """

    columns: np.ndarray
    samples: np.ndarray
    annotations: np.ndarray
    strips: np.ndarray


def shown(record: Record, view: View) -> Shown:
    """The drawings of a record's beats, without the ventricular flutter waves: neighbours, but no beats."""
    signal = view.signal(record)
    if view.peaks == "oracle":
        columns, annotations, strips = _annotated_drawn(record, signal, view)
        samples = record.samples[annotations]
    else:
        columns, samples, strips = _detected_drawn(record, signal, view)
        annotations = annotations_of(record, samples)
    kept = (annotations == EXTRA) | (record.labels[annotations] != NOT_A_BEAT)
    return Shown(columns[kept], samples[kept], annotations[kept], strips[kept])


def annotations_of(record: Record, detected: np.ndarray) -> np.ndarray:
    """The annotation of each detected R peak, or ``EXTRA``.

    Parameters
    ----------
    record : Record
    detected : ndarray of int, shape (n,)
        Samples of the record, ascending.
    """
    partner = matched_beats(record.samples, detected, MATCH_WITHIN_S * record.fs)
    annotations = np.full(len(detected), EXTRA)
    annotations[partner[partner >= 0]] = np.flatnonzero(partner >= 0)
    return annotations


def _annotated_drawn(record: Record, signal: np.ndarray, view: View) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Drawings at the annotated R peaks, their indices, and their strips."""
    if view.reading == "crop":
        every = np.arange(len(record.samples))
        return crops_drawn(signal, record.samples, record.fs), every, every
    drawings, indices = [], []
    for first, last in _strip_bounds(len(signal), record.fs, view.reading):
        inside = np.flatnonzero((record.samples >= first) & (record.samples < last))
        if inside.size:
            drawings.append(_strip_drawn(signal[first:last], record, record.samples[inside] - first, view))
            indices.append(inside)
    return np.concatenate(drawings), np.concatenate(indices), _numbered(indices)


def _detected_drawn(record: Record, signal: np.ndarray, view: View) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Drawings at the worker's R peaks, these peaks in samples of the record, and their strips."""
    if view.reading == "crop":
        peaks = detect_r_peaks(signal, record.fs)
        return crops_drawn(signal, peaks, record.fs), peaks, np.arange(len(peaks))
    if view.reading == "whole":
        peaks = detect_r_peaks(signal, record.fs)
        return _strip_drawn(signal, record, peaks, view), peaks, np.zeros(len(peaks), int)
    drawings, found = [], []
    for piece, core in pieces(len(signal), record.fs, STRIP_S[view.reading]):
        peaks = detected_in(signal[piece], record.fs)
        answered = (peaks + piece.start >= core.start) & (peaks + piece.start < core.stop)
        if answered.any():
            drawings.append(_strip_drawn(signal[piece], record, peaks, view)[answered])
            found.append(peaks[answered] + piece.start)
    peaks = np.concatenate(found)
    kept = one_for_each(peaks, record.fs)
    return np.concatenate(drawings)[kept], peaks[kept], _numbered(found)[kept]


def _numbered(parts: list[np.ndarray]) -> np.ndarray:
    """For each element of the parts, joined, the number of its part."""
    return np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def _strip_drawn(values: np.ndarray, record: Record, r_peaks: np.ndarray, view: View) -> np.ndarray:
    return context_columns(Strip(values, record.fs if view.time_known else None, r_peaks))


def crops_drawn(signal: np.ndarray, peaks: np.ndarray, fs: float) -> np.ndarray:
    """The paper's crop of every beat, ``[n, 1, columns, 2]``.

    The first beat of a record has no neighbour before it and the last none after it: theirs is taken to be as far
    away as the one on the other side, within the record.
    """
    before = np.concatenate([[2 * peaks[0] - peaks[1]], peaks[:-1]])
    after = np.concatenate([peaks[1:], [2 * peaks[-1] - peaks[-2]]])
    windows = [paper_window(int(a), int(b), fs) for a, b in zip(before, after, strict=True)]
    return np.stack([crop_columns(signal[max(first, 0) : last]) for first, last in windows])


def _strip_bounds(n_samples: int, fs: float, reading: Reading) -> list[tuple[int, int]]:
    """Consecutive strips; a rest too short to be read belongs to the strip before it."""
    if reading == "whole":
        return [(0, n_samples)]
    step, shortest = int(STRIP_S[reading] * fs), SHORTEST_STRIP_S * fs
    starts = [first for first in range(0, n_samples, step) if first == 0 or n_samples - first >= shortest]
    return list(zip(starts, [*starts[1:], n_samples], strict=True))
