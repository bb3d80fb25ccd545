"""R peaks of the worker's detector and of XQRS (wfdb) on the true signals that the pictures show."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from wfdb import processing

from worker.training.data.matching import detected_in
from worker.training.evaluation.digitising.beats import BeatCounts, beats_counted
from worker.training.evaluation.digitising.drawing import Recording, rhythm_signal

_MIRRORED_S: Final = 5.0  # XQRS learns on the first beats and answers for none of them

Detector = Callable[[np.ndarray, float], np.ndarray]


@dataclass(frozen=True, slots=True)
class DetectorFigures:
    """Of one detector on some recordings."""

    beats: BeatCounts
    pieces: int
    perfect: int


def detector_figures(recordings: Iterable[Recording]) -> dict[str, DetectorFigures]:
    """Each detector on the rhythm lead of each recording; edges and unscored stretches as for pictures."""
    pieces = list(recordings)
    return {name: _figures(detector, pieces) for name, detector in DETECTORS.items()}


def _figures(detector: Detector, recordings: list[Recording]) -> DetectorFigures:
    counts = [_counts(detector, recording) for recording in recordings]
    return DetectorFigures(
        beats=BeatCounts(
            hits=sum(c.hits for c in counts), missed=sum(c.missed for c in counts), false=sum(c.false for c in counts)
        ),
        pieces=len(counts),
        perfect=sum(c.is_perfect for c in counts),
    )


def _counts(detector: Detector, recording: Recording) -> BeatCounts:
    signal = rhythm_signal(recording)
    whole = (0.0, signal.size / recording.fs)
    return beats_counted(detector(signal, recording.fs) / recording.fs, recording, [whole], whole)


def xqrs(signal: np.ndarray, fs: float) -> np.ndarray:
    """Sample indices of XQRS as it comes, shape (n_beats,)."""
    found = processing.XQRS(sig=signal, fs=fs)
    found.detect(verbose=False)
    return np.asarray(found.qrs_inds, int)


def xqrs_mirrored(signal: np.ndarray, fs: float) -> np.ndarray:
    """XQRS with the signal's ends mirrored beyond them, which spares its learning."""
    room = min(int(_MIRRORED_S * fs), signal.size - 1)
    inner = xqrs(np.pad(signal, room, mode="reflect"), fs) - room
    return inner[(inner >= 0) & (inner < signal.size)]


DETECTORS: Final[dict[str, Detector]] = {
    "Beatline": detected_in,
    "XQRS": xqrs,
    "XQRS, ends mirrored": xqrs_mirrored,
}
