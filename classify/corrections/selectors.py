"""A recording's runs: one is current, one may be on its way, others came before."""

from typing import Final

from django.db.models import QuerySet

from classify.models import Job, JobState, Prediction, Recording
from classify.told import told_of
from portal.accounts.actor import Actor
from worker.image.told import NOTHING_TOLD

WITHOUT_AN_ECG: Final = (JobState.REFUSED, JobState.FAILED)  # as far as anybody can tell


def job_newest(recording: Recording) -> Job | None:
    """The current job, or a correction that has not come to a result."""
    return recording.jobs.order_by("-queued_at", "-pk").first()


def correction_beside(recording: Recording) -> Job | None:
    """A correction that runs, or ended without a result, while an earlier result is the current one."""
    newest = job_newest(recording)
    return None if newest is None or newest.pk == recording.current_job_id else newest


def invites_correction(recording: Recording, *, has_found: bool) -> bool:
    """Whether a person's word may mend the reading: of what was found, of what was said, or of what an ECG lacks."""
    job = recording.current_job
    if job is None or recording.is_withdrawn or not recording.display:
        return False
    return has_found or job.state not in WITHOUT_AN_ECG or told_of(job) != NOTHING_TOLD


def is_corrected(recording: Recording) -> bool:
    """Whether the current job was told something else than one before it, whatever became of that."""
    job = recording.current_job
    if job is None:
        return False
    return any(told_of(before) != told_of(job) for before in recording.jobs.filter(queued_at__lt=job.queued_at))


def predictions_earlier(actor: Actor, recording: Recording) -> QuerySet[Prediction]:
    """The results that a newer one has replaced, newest first."""
    results = Prediction.objects.visible_to(actor).filter(recording=recording)
    return results.exclude(job=recording.current_job_id).select_related("job").order_by("-created_at", "-pk")
