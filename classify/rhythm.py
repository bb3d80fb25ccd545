"""The rhythm of a recording: measured from its stored beats whenever it is read, so that labels and measures agree."""

from collections.abc import Iterable

from classify.models import Beat
from classify.review.models import Reading, Verdict
from classify.review.selectors import labels_said
from worker.ecg.rhythm import LabelledBeat, RhythmMeasures, rhythm_measures


def rhythm_of(beats: Iterable[Beat], reading: Reading | None = None) -> RhythmMeasures:
    """With the model's classes, or with those that a reading gives the beats, of which none is unsure any more."""
    if reading is None:
        return rhythm_measures(list(beats))
    said = labels_said(beats, reading)
    return rhythm_measures(
        [LabelledBeat(row["reader_class"] or row["beat"].aami_class, row["beat"].r_peak_s, False) for row in said]
    )


def gives_classes(reading: Reading | None) -> bool:
    """A recording that was marked unreadable has no classes but the model's."""
    return reading is not None and reading.verdict != Verdict.UNREADABLE
