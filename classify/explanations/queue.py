"""The worker's side of the queue: each change names the state and the attempt that it expects, as ``classify.jobs``."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from classify.doorbell import doorbell_ring
from classify.explanations.models import Explanation, ExplanationState
from classify.explanations.reasons import WORKER_LOST

TASK: Final = "classify.explanations.tasks.explanations_work"


@transaction.atomic
def explanation_claim(*, at: datetime) -> Explanation | None:
    """The next in turn, or None."""
    row = _queued().select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    lease_until = at + settings.JOB_LEASE
    _queued().filter(pk=row.pk).update(
        state=ExplanationState.RUNNING, attempt=F("attempt") + 1, lease_until=lease_until
    )
    claimed = Explanation.objects.filter(pk=row.pk, state=ExplanationState.RUNNING, lease_until=lease_until)
    return claimed.select_related("prediction__recording").first()


def explanations_are_due() -> bool:
    return _queued().exists()


def explanation_complete(explanation: Explanation, result: dict[str, Any], *, at: datetime) -> bool:
    """Writes the result, or nothing where it was taken from this attempt: then False."""
    return _close(explanation, state=ExplanationState.DONE, result=result, finished_at=at)


def explanation_fail(explanation: Explanation, code: str, *, at: datetime) -> bool:
    return _close(explanation, state=ExplanationState.FAILED, reason=code, finished_at=at)


def explanation_put_back(explanation: Explanation, code: str, *, at: datetime) -> bool:
    """Something of ours went wrong: another attempt, and after the last one it has failed."""
    if explanation.attempt >= settings.JOB_MAX_ATTEMPTS:
        return explanation_fail(explanation, code, at=at)
    return _close(explanation, state=ExplanationState.QUEUED)


def explanations_sweep(*, at: datetime) -> int:
    """Gives lost ones back, and rings again where the doorbell was not heard; how many were lost."""
    lost = list(Explanation.objects.filter(state=ExplanationState.RUNNING, lease_until__lt=at))
    for explanation in lost:
        explanation_put_back(explanation, WORKER_LOST, at=at)
    unheard = Q(queued_at__lte=at - settings.JOB_STALE_AFTER) | Q(attempt__gt=0)
    if _queued().filter(unheard).exists():
        doorbell_ring(TASK)
    return len(lost)


def _queued() -> QuerySet[Explanation]:
    return Explanation.objects.filter(state=ExplanationState.QUEUED).order_by("queued_at", "pk")


def _close(explanation: Explanation, **values: Any) -> bool:
    mine = Explanation.objects.filter(pk=explanation.pk, state=ExplanationState.RUNNING, attempt=explanation.attempt)
    return mine.update(lease_until=None, **values) == 1
