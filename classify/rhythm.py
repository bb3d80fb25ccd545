"""The rhythm of a recording: measured from its stored beats whenever it is read, so that labels and measures agree."""

from classify.models import Prediction
from classify.review.models import Reading, Verdict
from classify.review.selectors import labels_said
from worker.ecg.rhythm import LabelledBeat, RhythmMeasures, rhythm_measures


def rhythm_of(prediction: Prediction, reading: Reading | None = None) -> RhythmMeasures:
    """With the model's classes, or with those that a reading gives the beats, of which none is unsure any more."""
    beats, leads = list(prediction.beats.all()), leads_behind(prediction)
    if reading is None:
        return rhythm_measures(beats, leads=leads)
    said = labels_said(beats, reading)
    labelled = [
        LabelledBeat(row["reader_class"] or row["beat"].aami_class, row["beat"].r_peak_s, False) for row in said
    ]
    return rhythm_measures(labelled, leads=leads)


def leads_behind(prediction: Prediction) -> int:
    """From how many leads its beats come, one after the other; before that was noted, by the leads' names.

    The tracing of such an early prediction would tell more, at two queries for each of a list.
    """
    noted = prediction.settings.get("leads_answering")
    return int(noted) if noted else max(1, len({beat.lead for beat in prediction.beats.all()}))


def gives_classes(reading: Reading | None) -> bool:
    """A recording that was marked unreadable has no classes but the model's."""
    return reading is not None and reading.verdict != Verdict.UNREADABLE
