"""Reading explanations: through the gate of their recording."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from classify.explanations.models import Explanation
from classify.models import Beat, Prediction, Recording
from classify.selectors import recording_get
from portal.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class ExplainedBeat:
    recording: Recording
    prediction: Prediction
    beat: Beat
    explanation: Explanation | None


def explained_beat_get(actor: Actor | None, recording_id: UUID, index: int) -> ExplainedBeat:
    """A beat of the recording's current result; 404 where there is none, or none that the actor may see."""
    recording = recording_get(actor, recording_id)
    prediction = recording.prediction
    if prediction is None or not 0 <= index < prediction.beat_count:
        raise Http404
    beat = get_object_or_404(prediction.beats, index=index)
    explanation = Explanation.objects.filter(prediction=prediction, beat_index=index).first()
    return ExplainedBeat(recording, prediction, beat, explanation)
