"""R peaks that were read, and the classes that follow from them, held against the annotated beats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.ecg.beats import Strip
from worker.ecg.r_peaks import deflection_near
from worker.generator.truth import DrawnPicture
from worker.image.reading import Reading
from worker.training.data.matching import MATCH_WITHIN_S, detected_in, matched_beats
from worker.training.evaluation.digitising.drawing import Recording
from worker.training.evaluation.digitising.places import Place, row_times_s

EDGE_S: Final = 0.2  # a complex this near to the end of a row may be cut
_TICKS_PER_S: Final = 1000


@dataclass(frozen=True, slots=True)
class BeatCounts:
    """Annotated beats that were found, and that were missed, and R peaks where no beat is."""

    hits: int = 0
    missed: int = 0
    false: int = 0

    @property
    def is_perfect(self) -> bool:
        return self.missed == 0 and self.false == 0


@dataclass(frozen=True, slots=True, eq=False)
class ClassPair:
    """A strip as it was read and as it was drawn; ``partner`` is the read beat of each true one, or -1."""

    read: Strip
    true: Strip
    partner: np.ndarray


def beats_counted(
    found_s: np.ndarray, recording: Recording, shown_s: Sequence[tuple[float, float]], ends_s: Sequence[float]
) -> BeatCounts:
    """Count one picture's beats.

    Parameters
    ----------
    found_s : ndarray, shape (n,)
        Times in the recording.
    recording : Recording
    shown_s : sequence of (float, float)
        The stretches of time that the picture shows.
    ends_s : sequence of float
        Where rows end: beats within 0.2 s of them are neither demanded nor held against anybody.
    """
    annotated = np.sort(np.concatenate([recording.beats_s, recording.others_s]))
    found_s = np.sort(found_s)
    partner = _partners(annotated, found_s)
    is_beat = np.isin(annotated, recording.beats_s)
    demanded = is_beat & _counts(annotated, recording, shown_s, ends_s)
    alone = np.setdiff1d(np.arange(found_s.size), partner)
    false = _counts(found_s[alone], recording, shown_s, ends_s)
    return BeatCounts(
        hits=int((demanded & (partner >= 0)).sum()),
        missed=int((demanded & (partner < 0)).sum()),
        false=int(false.sum()),
    )


def _counts(
    at_s: np.ndarray, recording: Recording, shown_s: Sequence[tuple[float, float]], ends_s: Sequence[float]
) -> np.ndarray:
    """Which moments are scored, shape (n,)."""
    scored = (at_s >= recording.scored_s[0]) & (at_s <= recording.scored_s[1])
    shown = np.array([any(first <= at <= last for first, last in shown_s) for at in at_s], bool)
    near_end = np.array([any(abs(at - end) < EDGE_S for end in ends_s) for at in at_s], bool)
    return np.asarray(scored & shown & ~near_end)


def _partners(true_s: np.ndarray, found_s: np.ndarray) -> np.ndarray:
    """The found beat of each true one, or -1; both ascending."""
    true, found = (np.round(at * _TICKS_PER_S).astype(int) for at in (true_s, found_s))
    return matched_beats(true, found, MATCH_WITHIN_S * _TICKS_PER_S)


def answered_counts(reading: Reading, drawn: DrawnPicture, places: Sequence[Place], recording: Recording) -> BeatCounts:
    """The beats of the leads that a reading is answered from."""
    found_s: list[float] = []
    ends_s = [end for place in places if place.lead in reading.answering for end in place.shown_s]
    strays = 0
    for at in reading.answering:
        own = [place for place in places if place.lead == at]
        if not own:
            strays += int(reading.leads[at].r_peaks.size)
            continue
        found_s += _times_of_peaks(own, drawn, reading.leads[at].r_peaks_px)
    counts = beats_counted(np.array(found_s), recording, [place.shown_s for place in places], ends_s)
    return BeatCounts(counts.hits, counts.missed, counts.false + strays)


def _times_of_peaks(own: Sequence[Place], drawn: DrawnPicture, peaks_px: np.ndarray) -> list[float]:
    """Times in the recording, each by the row that it lies in or is nearest to."""
    by_row = np.array([row_times_s(place.row, drawn, peaks_px) for place in own])
    lengths = np.array([place.row.signal_mv.size / place.row.fs for place in own])[:, None]
    outside = np.maximum(np.maximum(-by_row, by_row - lengths), 0.0)
    nearest = outside.argmin(axis=0)
    return [own[at].row.start_s + float(by_row[at, peak]) for peak, at in enumerate(nearest)]


def class_pairs(
    reading: Reading, drawn: DrawnPicture, places: Sequence[Place], recording: Recording
) -> tuple[ClassPair, ...]:
    """Each answered lead beside the row that it follows."""
    pairs = []
    for at in reading.answering:
        place = next((place for place in places if place.lead == at), None)
        lead = reading.leads[at]
        if place is None or lead.r_peaks.size == 0:
            continue
        true = _true_strip(place, recording)
        found_s = row_times_s(place.row, drawn, lead.r_peaks_px)
        order = np.argsort(found_s, kind="stable")
        partner = _partners(true.r_peaks / place.row.fs, found_s[order])
        pairs.append(
            ClassPair(Strip(lead.values, lead.fs, lead.r_peaks), true, np.where(partner < 0, -1, order[partner]))
        )
    return tuple(pairs)


def _true_strip(place: Place, recording: Recording) -> Strip:
    """A row's signal with the annotated beats, and the detector's where nobody has annotated."""
    row = place.row
    at_s = recording.beats_s - row.start_s
    detected_s = detected_in(row.signal_mv, row.fs) / row.fs
    first, last = (end - row.start_s for end in recording.scored_s)
    beyond = detected_s[(detected_s < first - MATCH_WITHIN_S) | (detected_s > last + MATCH_WITHIN_S)]
    samples = np.round(np.sort(np.concatenate([at_s, beyond])) * row.fs).astype(int)
    inside = samples[(samples >= 0) & (samples < row.signal_mv.size)]
    peaks = np.unique(np.array([deflection_near(row.signal_mv, int(at), row.fs) for at in inside], int))
    return Strip(row.signal_mv, row.fs, peaks)
