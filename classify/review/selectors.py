"""Reading what readers said, and what is still to read."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from classify.models import Beat, JobState, Prediction
from classify.review.models import BeatCorrection, Reading
from portal.accounts.actor import Actor

WORKLIST_ORDER: Final = ("is_read", "can_wait", "least_confidence", "created_at")


def worklist(actor: Actor | None) -> QuerySet[Any]:
    """Every recording's current prediction with its newest verdict: what needs a person, then the least certain."""
    newest = Reading.objects.filter(prediction=OuterRef("pk")).order_by("-signed_at")
    return (
        Prediction.objects.visible_to(actor)
        .filter(recording__current_job=F("job"))
        .annotate(
            is_read=Exists(Reading.objects.filter(prediction=OuterRef("pk"))),
            can_wait=~Q(job__state=JobState.NEEDS_PERSON),
            last_verdict=Subquery(newest.values("verdict")[:1]),
            last_reader=Subquery(newest.values("reader__full_name")[:1]),
            last_signed_at=Subquery(newest.values("signed_at")[:1]),
        )
        .select_related("recording__patient", "job")
        .order_by(*WORKLIST_ORDER, "pk")
    )


def unread_count(actor: Actor | None) -> int:
    return worklist(actor).filter(is_read=False).count()


def next_unread(actor: Actor, *, after: Prediction) -> Prediction | None:
    """The first in the list that is unread, other than the one just read."""
    return worklist(actor).filter(is_read=False).exclude(pk=after.pk).first()


def readings_of(prediction: Prediction) -> QuerySet[Reading]:
    corrections = BeatCorrection.objects.select_related("beat").order_by("beat__index")
    return (
        Reading.objects.filter(prediction=prediction)
        .select_related("reader")
        .prefetch_related(Prefetch("corrections", corrections))
        .order_by("-signed_at")
    )


def newest_readings(prediction_ids: Iterable[UUID]) -> dict[UUID, Reading]:
    """The newest reading of each prediction that has one, in one query."""
    readings = (
        Reading.objects.filter(prediction_id__in=list(prediction_ids)).select_related("reader").order_by("signed_at")
    )
    return {reading.prediction_id: reading for reading in readings}


def labels_said(beats: Iterable[Beat], reading: Reading | None) -> list[dict[str, Any]]:
    """Each beat with the model's class and, beside it, the reader's where it differs."""
    corrected = {c.beat_id: c.aami_class for c in reading.corrections.all()} if reading else {}
    return [{"beat": beat, "reader_class": corrected.get(beat.pk)} for beat in beats]
