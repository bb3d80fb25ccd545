"""A recording's runs: one is current, one may be on its way, others came before."""

from django.db.models import QuerySet

from classify.models import Job, Prediction, Recording
from portal.accounts.actor import Actor


def job_newest(recording: Recording) -> Job | None:
    """The current job, or a correction that has not come to a result."""
    return recording.jobs.order_by("-queued_at", "-pk").first()


def correction_beside(recording: Recording) -> Job | None:
    """A correction that runs, or ended without a result, while an earlier result is the current one."""
    newest = job_newest(recording)
    return None if newest is None or newest.pk == recording.current_job_id else newest


def predictions_earlier(actor: Actor, recording: Recording) -> QuerySet[Prediction]:
    """The results that a newer one has replaced, newest first."""
    results = Prediction.objects.visible_to(actor).filter(recording=recording)
    return results.exclude(job=recording.current_job_id).select_related("job").order_by("-created_at", "-pk")
