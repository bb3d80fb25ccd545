"""Asking for an explanation: once for each beat of a prediction, however often it is pressed."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from classify.doorbell import doorbell_ring_on_commit
from classify.explanations.models import Explanation, ExplanationState
from classify.explanations.queue import TASK
from classify.models import Beat, Recording
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record


@transaction.atomic
def explanation_request(*, recording: Recording, beat: Beat, actor: Actor, at: datetime) -> Explanation:
    """The explanation as it stands: a new one is queued, one that failed gets fresh attempts, any other is kept."""
    if not actor.may(Permission.RECORDINGS_READ) or recording.hospital_id != actor.hospital.pk:
        raise PermissionDenied
    explanation, created = Explanation.objects.get_or_create(
        prediction_id=beat.prediction_id,
        beat_index=beat.index,
        defaults={"requested_by": actor.user, "queued_at": at},
    )
    failed = Explanation.objects.filter(pk=explanation.pk, state=ExplanationState.FAILED)
    again = failed.update(
        state=ExplanationState.QUEUED, reason="", attempt=0, queued_at=at, finished_at=None, requested_by=actor.user
    )
    audit_record(
        actor, "explanation.request", patients=[recording.patient_id], target=recording, details={"beat": beat.number}
    )
    if created or again:
        doorbell_ring_on_commit(TASK)
        explanation.refresh_from_db()
    return explanation
