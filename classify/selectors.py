"""Reading recordings: every list starts at ``visible_to``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from classify.jobs import job_positions
from classify.models import JobState, Prediction, Recording, RecordingMove
from classify.models.job import OPEN_STATES
from classify.review.selectors import newest_readings
from portal.accounts.actor import Actor

ATTENTION_STATES = (JobState.FAILED, JobState.NEEDS_PERSON, JobState.REFUSED)


def recording_list(actor: Actor | None) -> QuerySet[Recording]:
    """Every recording of the actor's hospital, newest first, with its job and result."""
    return (
        Recording.objects.visible_to(actor)
        .select_related("patient", "hospital", "uploaded_by", "current_job__prediction")
        .order_by("-uploaded_at", "-pk")
    )


def recording_get(actor: Actor | None, recording_id: UUID) -> Recording:
    """The recording with its job and result, or 404 where the actor may not see it."""
    return get_object_or_404(recording_list(actor), pk=recording_id)


def recording_moves(recording: Recording) -> QuerySet[RecordingMove]:
    return recording.moves.select_related("from_patient", "to_patient", "moved_by").order_by("moved_at", "pk")


# --- Timeline ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TimelineRecording:
    recording: Recording
    reading: Any  # the newest Reading of its prediction, or None
    position: int | None
    moves: list[RecordingMove] = field(default_factory=list)

    @property
    def prediction(self) -> Prediction | None:
        return self.recording.prediction


def recordings_for_timeline(refs: Sequence[UUID], actor: Actor) -> dict[UUID, TimelineRecording]:
    """All rows of a page in four queries: recordings, moves, readings, places in the queue."""
    moves = Prefetch("moves", RecordingMove.objects.select_related("moved_by").order_by("moved_at", "pk"))
    recordings = list(recording_list(actor).filter(pk__in=refs).prefetch_related(moves))
    readings = newest_readings(r.prediction.pk for r in recordings if r.prediction)
    positions = job_positions(r.current_job for r in recordings if r.current_job)
    return {
        recording.pk: TimelineRecording(
            recording=recording,
            reading=readings.get(recording.prediction.pk) if recording.prediction else None,
            position=positions.get(recording.current_job_id) if recording.current_job_id else None,
            moves=list(recording.moves.all()),
        )
        for recording in recordings
    }


# --- Neighbours -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Neighbours:
    earlier: Recording | None
    later: Recording | None


def recording_neighbours(recording: Recording) -> Neighbours:
    """The same patient's recordings just before and after this one, by when they were taken."""
    when = Coalesce("recorded_at", "uploaded_at")
    mine = recording.recorded_at or recording.uploaded_at
    others = Recording.objects.current().filter(patient=recording.patient).exclude(pk=recording.pk).annotate(when=when)
    before = others.filter(Q(when__lt=mine) | Q(when=mine, pk__lt=recording.pk)).order_by("-when", "-pk").first()
    after = others.filter(Q(when__gt=mine) | Q(when=mine, pk__gt=recording.pk)).order_by("when", "pk").first()
    return Neighbours(earlier=before, later=after)


# --- Today ------------------------------------------------------------------------------------------------------------
def recordings_back(actor: Actor) -> QuerySet[Recording]:
    """What came back with a result, the latest first."""
    return _current(actor).filter(current_job__state=JobState.DONE).order_by("-current_job__finished_at", "-pk")


def recordings_open(actor: Actor) -> QuerySet[Recording]:
    return _current(actor).filter(current_job__state__in=OPEN_STATES).order_by("current_job__queued_at", "pk")


def recordings_attention(actor: Actor) -> QuerySet[Recording]:
    """What ended without a result to rely on: somebody has to read it, retake it or try again."""
    ended = _current(actor).filter(current_job__state__in=ATTENTION_STATES)
    return ended.order_by("-current_job__finished_at", "-pk")


def _current(actor: Actor) -> QuerySet[Recording]:
    return recording_list(actor).filter(withdrawn_at__isnull=True)
