"""The queue: who works on what, how often it was tried, and how it ended.

Every change is a conditional UPDATE that names the state and the attempt it expects; zero rows changed means that
somebody else was faster. PostgreSQL skips rows that another worker is just claiming; SQLite has one writer at a time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from classify.doorbell import doorbell_ring
from classify.files import StoredFiles
from classify.images import RecordingImages, images_set
from classify.models import Job, JobState, Recording
from classify.predictions import prediction_create
from classify.tracings.services import tracing_store
from portal.audit.services import audit_record_system
from worker.errors import OUTCOME_OF_CODE, EcgError, Outcome
from worker.results import EcgResult

BATCH_LIMIT: Final = 32
SMALL_PIXELS: Final = 512 * 512
BACK_OFF: Final = timedelta(seconds=2)
BACK_OFF_FACTOR: Final = 4

STATE_OF_OUTCOME: Final = {
    Outcome.REFUSED: JobState.REFUSED,
    Outcome.NEEDS_PERSON: JobState.NEEDS_PERSON,
    Outcome.FAILED: JobState.FAILED,
}


# --- Claiming ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def jobs_claim(*, worker: str, at: datetime, limit: int = BATCH_LIMIT) -> list[Job]:
    """Takes the next work: one picture, or up to ``limit`` small ones as one batch.

    Whatever was tried before goes alone, so that one poisonous picture never takes others with it.
    """
    first = _due(at).select_for_update(skip_locked=True, of=("self",)).first()
    if first is None:
        return []
    ids = [first.pk]
    if limit > 1 and _is_batchable(first):
        others = _batchable(at).exclude(pk=first.pk).select_for_update(skip_locked=True, of=("self",))
        ids += [job.pk for job in others[: limit - 1]]
    Job.objects.filter(pk__in=ids, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        attempt=F("attempt") + 1,
        started_at=at,
        lease_until=at + settings.JOB_LEASE,
        worker=worker,
    )
    claimed = Job.objects.filter(pk__in=ids, state=JobState.RUNNING, worker=worker, started_at=at)
    return list(claimed.select_related("recording").order_by("queued_at", "pk"))


def jobs_are_due(*, at: datetime) -> bool:
    return _due(at).exists()


def _due(at: datetime) -> QuerySet[Job]:
    due = Job.objects.filter(state=JobState.QUEUED, not_before__lte=at)
    return due.select_related("recording").order_by("queued_at", "pk")


def _batchable(at: datetime) -> QuerySet[Job]:
    return _due(at).filter(attempt=0, recording__pixels__gt=0, recording__pixels__lte=SMALL_PIXELS)


def _is_batchable(job: Job) -> bool:
    return job.attempt == 0 and 0 < job.recording.pixels <= SMALL_PIXELS


# --- Ending -----------------------------------------------------------------------------------------------------------
def job_complete(
    *, job: Job, attempt: int, result: EcgResult, at: datetime, images: RecordingImages | None = None
) -> bool:
    """Writes a result, or nothing at all where the job was taken from this attempt: then False.

    A result that the model itself does not trust is kept, and waits for a person.
    """
    with StoredFiles() as files, transaction.atomic():
        state = STATE_OF_OUTCOME[OUTCOME_OF_CODE[result.reason]] if result.reason else JobState.DONE
        if not _close(job, attempt, state=state, reason=result.reason or "", kind=result.kind, at=at):
            return False
        images_set(job.recording, images, files)
        prediction = prediction_create(job=job, result=result)
        tracing_store(job, result.tracing)
        _make_current(job)
        audit_record_system(
            job.recording.hospital, "prediction.create", target=prediction, patients=[job.recording.patient_id]
        )
        if result.reason:
            _audit_end(job, state)
        files.keep()
    return True


def job_end(*, job: Job, attempt: int, error: EcgError, at: datetime, images: RecordingImages | None = None) -> bool:
    """Ends the job without a result, for a known reason."""
    with StoredFiles() as files, transaction.atomic():
        state = STATE_OF_OUTCOME[error.outcome]
        if not _close(job, attempt, state=state, reason=error.code, kind=error.kind or "", at=at):
            return False
        images_set(job.recording, images, files)
        tracing_store(job, error.found)
        _audit_end(job, state)
        files.keep()
    return True


def job_read_by_person(job: Job) -> None:
    """What waited for a person has been read: nothing is left to do, the result with its reading is what there is."""
    Job.objects.filter(pk=job.pk, state=JobState.NEEDS_PERSON).update(state=JobState.DONE, reason="")


def job_put_back(*, job: Job, attempt: int, code: str, at: datetime) -> bool:
    """Something of ours went wrong: tries again a little later, alone; after the last attempt it has failed."""
    if attempt >= settings.JOB_MAX_ATTEMPTS:
        return job_end(job=job, attempt=attempt, error=EcgError(code), at=at)
    wait = BACK_OFF * BACK_OFF_FACTOR ** (attempt - 1)
    return _requeue(_running(job.pk, attempt), not_before=at + wait)


def _running(pk: UUID, attempt: int) -> QuerySet[Job]:
    return Job.objects.filter(pk=pk, state=JobState.RUNNING, attempt=attempt)


def _close(job: Job, attempt: int, *, state: str, at: datetime, reason: str = "", kind: str = "") -> bool:
    closed = _running(job.pk, attempt).update(state=state, reason=reason, kind=kind, finished_at=at, lease_until=None)
    return closed == 1


def _make_current(job: Job) -> None:
    """A corrected reading takes the place of the one before it when it has a result."""
    Recording.objects.filter(pk=job.recording_id).exclude(current_job=job).update(current_job=job)


def _requeue(jobs: QuerySet[Job], *, not_before: datetime) -> bool:
    return jobs.update(state=JobState.QUEUED, not_before=not_before, lease_until=None, worker="") == 1


def _audit_end(job: Job, state: str) -> None:
    recording = job.recording
    audit_record_system(recording.hospital, f"recording.{state}", target=recording, patients=[recording.patient_id])


# --- Sweeping ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Swept:
    requeued: int = 0
    failed: int = 0
    rang: bool = False


def jobs_sweep(*, at: datetime) -> Swept:
    """Gives lost work back to the queue, and rings again where the doorbell was not heard."""
    requeued, failed = _give_back(Job.objects.filter(state=JobState.RUNNING, lease_until__lt=at), at)
    unheard = Q(not_before__lte=at - settings.JOB_STALE_AFTER) | Q(not_before__lte=at, attempt__gt=0)
    waiting = Job.objects.filter(unheard, state=JobState.QUEUED).exists()
    return Swept(requeued, failed, rang=waiting and doorbell_ring())


def jobs_of_the_dead_requeue(*, host: str, is_alive: Callable[[int], bool], at: datetime) -> int:
    """Gives back at once what processes of this machine held that are no more; ``worker`` reads ``host:pid``."""
    held = Job.objects.filter(state=JobState.RUNNING, worker__startswith=f"{host}:")
    dead = [name for name in set(held.values_list("worker", flat=True)) if not is_alive(int(name.rpartition(":")[2]))]
    requeued, failed = _give_back(held.filter(worker__in=dead), at) if dead else (0, 0)
    return requeued + failed


def _give_back(lost: QuerySet[Job], at: datetime) -> tuple[int, int]:
    requeued = failed = 0
    for job in lost.select_related("recording__hospital"):
        if job.attempt >= settings.JOB_MAX_ATTEMPTS:
            failed += job_end(job=job, attempt=job.attempt, error=EcgError("worker_lost"), at=at)
        else:
            requeued += _requeue(_running(job.pk, job.attempt), not_before=at)
    return requeued, failed


# --- Looking ----------------------------------------------------------------------------------------------------------
def job_position(job: Job) -> int | None:
    """The job's place in the queue, from 1; None where it does not wait."""
    return job_positions([job]).get(job.pk)


def job_positions(jobs: Iterable[Job]) -> dict[UUID, int]:
    """Places of all the jobs that wait, in one query however many are asked for."""
    waiting = {job.pk for job in jobs if job.state == JobState.QUEUED}
    if not waiting:
        return {}
    queue = Job.objects.filter(state=JobState.QUEUED).order_by("queued_at", "pk").values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(queue, start=1) if pk in waiting}
