"""What a worker does when the doorbell rings. The only module that imports the pipeline and the models.

The web process never imports it: it sends the task by its name. Whatever goes wrong ends somewhere: a known end
carries its code, a fault of ours is tried again. Logs hold ids and codes only, since an exception's text may quote
what was in a file or a row.
"""

import logging
import os
import socket
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_process_init
from django.db import Error as AnyDatabaseError
from django.utils import timezone

from classify.doorbell import doorbell_ring
from classify.images import RecordingImages
from classify.jobs import (
    job_complete,
    job_end,
    job_put_back,
    jobs_are_due,
    jobs_claim,
    jobs_of_the_dead_requeue,
)
from classify.models import Job, Recording
from classify.registry.models import Deployment
from classify.registry.serving import (
    ModelUnavailable,
    Serving,
    classifier_of,
    deployment_problem_clear,
    deployment_problem_note,
    serving_now,
)
from classify.registry.shadow import KINDS_READ, models_beside, predictions_by_job, shadow_write
from classify.told import told_of
from worker.errors import EcgError
from worker.image.decode import Picture, decode_picture, display_jpeg, display_png, thumbnail_png
from worker.image.fingerprint import difference_hash
from worker.image.reading import Reading
from worker.image.signatures import JPEG
from worker.pipeline import Request, classify_readings, read_pictures
from worker.results import EcgResult

log = logging.getLogger(__name__)

Classify = Callable[..., list[EcgResult | EcgError]]
PNG_UP_TO_PIXELS: Final = 1_000_000
THUMBNAIL_PX: Final = 640  # of a ten-second strip a third is shown, and is still sharp


@dataclass(frozen=True, slots=True)
class Decoded:
    job: Job
    request: Request
    images: RecordingImages


@dataclass(frozen=True, slots=True)
class Answered:
    """A job whose result is stored, and what it was read from: a shadow says what it makes of the same."""

    job: Job
    request: Request
    reading: Reading | EcgError
    result: EcgResult


# --- The worker process -----------------------------------------------------------------------------------------------
def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@worker_process_init.connect
def child_start(**kwargs: Any) -> None:
    """Loads the models here: one that was loaded before a fork hangs the child."""
    try:
        serving_now(at=timezone.now())
    except ModelUnavailable as error:  # an administrator may choose another; until then each job says that it failed
        log.error("Nothing can be classified: %s.", error)
    except AnyDatabaseError as error:  # they are loaded with the first job
        log.warning("The models in use are not known yet: %s.", place_of(error))
    jobs_of_the_dead_give_back()


def jobs_of_the_dead_give_back() -> None:
    try:
        found = jobs_of_the_dead_requeue(host=socket.gethostname(), is_alive=process_is_alive, at=timezone.now())
    except AnyDatabaseError as error:  # the sweeper finds them when their lease has run out
        log.warning("Lost jobs were not looked for: %s.", place_of(error))
        return
    if found:
        log.warning("Gave back %d jobs of a worker process that was lost.", found)
        doorbell_ring()


def process_is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, as another user
        return True
    return True


# --- The task ---------------------------------------------------------------------------------------------------------
@shared_task(name="classify.tasks.jobs_work")
def jobs_work() -> None:
    """One claim's worth of work, so that the time limit is that of one batch; then the doorbell for the rest."""
    try:
        jobs = jobs_claim(worker=worker_name(), at=timezone.now())
        if not jobs:
            return
        serving, answered = jobs_answer(jobs)
        if jobs_are_due(at=timezone.now()):
            doorbell_ring()
        if serving:
            shadows_answer(answered, serving)
    except AnyDatabaseError as error:  # nothing can be written now: the lease runs out and the sweeper rings again
        log.error("The database failed: %s.", place_of(error))


def jobs_answer(jobs: Sequence[Job]) -> tuple[Serving | None, list[Answered]]:
    """Whatever becomes of these jobs; what could be answered, and by which models."""
    try:
        serving = serving_now(at=timezone.now())
        return serving, jobs_process(jobs, classify=classify_readings, models=serving.models)
    except ModelUnavailable as error:
        log.error("%d jobs wait: %s.", len(jobs), error)
        jobs_give_up(jobs, code="internal")
    except SoftTimeLimitExceeded:
        jobs_give_up(jobs, code="timeout")
    return None, []


def jobs_process(jobs: Sequence[Job], *, classify: Classify, models: Any) -> list[Answered]:
    decoded = [ready for job in jobs if (ready := job_decode(job)) is not None]
    if not decoded:
        return []
    requests = [ready.request for ready in decoded]
    try:
        readings = read_pictures(requests)
        ends = classify(requests, readings, models=models)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        log.error("Classifying %s failed: %s.", ", ".join(str(ready.job.pk) for ready in decoded), place_of(error))
        jobs_give_up([ready.job for ready in decoded], code="internal")
        return []
    answered = []
    for ready, reading, end in zip(decoded, readings, ends, strict=True):
        if job_finish(ready, end) and isinstance(end, EcgResult):
            answered.append(Answered(ready.job, ready.request, reading, end))
    return answered


def job_decode(job: Job) -> Decoded | None:
    """The picture and its images, or None where the job has ended or was put back instead."""
    try:
        picture = recording_picture(job.recording)
        return Decoded(job, request_of(job, picture), images_of(job.recording, picture))
    except SoftTimeLimitExceeded:
        raise
    except EcgError as error:
        log.info("Job %s ended: %s.", job.pk, error.code)
        job_end(job=job, attempt=job.attempt, error=error, at=timezone.now())
    except AnyDatabaseError:
        raise
    except Exception as error:
        log.error("Job %s could not be read: %s.", job.pk, place_of(error))
        jobs_give_up([job], code="internal")
    return None


def job_finish(ready: Decoded, end: EcgResult | EcgError) -> bool:
    """Whether this end was written; not, where another worker was faster or it could not be."""
    job, now = ready.job, timezone.now()
    try:
        if isinstance(end, EcgError):
            written = job_end(job=job, attempt=job.attempt, error=end, images=ready.images, at=now)
        else:
            written = job_complete(job=job, attempt=job.attempt, result=end, images=ready.images, at=now)
    except (SoftTimeLimitExceeded, AnyDatabaseError):
        raise
    except Exception as error:  # no room for the images, say
        log.error("Job %s could not be finished: %s.", job.pk, place_of(error))
        jobs_give_up([job], code="internal")
        return False
    outcome = end.code if isinstance(end, EcgError) else end.reason or "done"
    log.info("Job %s attempt %d: %s%s.", job.pk, job.attempt, outcome, "" if written else ", too late, discarded")
    return written


def jobs_give_up(jobs: Sequence[Job], *, code: str) -> None:
    """Tries again later whatever of these is not finished yet; each one alone."""
    for job in jobs:
        job_put_back(job=job, attempt=job.attempt, code=code, at=timezone.now())


# --- Shadows ----------------------------------------------------------------------------------------------------------
def shadows_answer(answered: Sequence[Answered], serving: Serving) -> None:
    """After the answers are stored: whatever goes wrong here is the administrator's to know and ends nobody's job."""
    for shadow in serving.shadows:
        mine = [one for one in answered if one.result.kind in KINDS_READ[shadow.kind]]
        if mine:
            shadow_answer(shadow, mine, serving)


def shadow_answer(shadow: Deployment, answered: Sequence[Answered], serving: Serving) -> None:
    now = timezone.now()
    try:
        models = models_beside(serving.models, shadow, classifier_of(shadow, at=now))
        requests, readings = [one.request for one in answered], [one.reading for one in answered]
        ends = classify_readings(requests, readings, models=models)
        shadow_store(shadow, answered, ends, serving)
    except AnyDatabaseError:
        raise
    except ModelUnavailable:
        return  # noted where it was found
    except Exception as error:
        return deployment_problem_note(shadow, place_of(error), at=now)
    deployment_problem_clear(shadow)


def shadow_store(
    shadow: Deployment, answered: Sequence[Answered], ends: Sequence[EcgResult | EcgError], serving: Serving
) -> None:
    predictions = predictions_by_job([one.job.pk for one in answered])
    for one, end in zip(answered, ends, strict=True):
        if isinstance(end, EcgResult):
            shadow_write(
                prediction=predictions[one.job.pk],
                said=end,
                answer=one.result,
                version=shadow.version,
                beside=serving.active[shadow.kind],
                at=timezone.now(),
            )


# --- From a recording to a request ------------------------------------------------------------------------------------
def recording_picture(recording: Recording) -> Picture:
    with recording.original.open("rb") as file:
        return decode_picture(file.read(), page=recording.page)


def request_of(job: Job, picture: Picture) -> Request:
    return Request(picture, told_of(job))


def images_of(recording: Recording, picture: Picture) -> RecordingImages:
    small = picture.width_px * picture.height_px <= PNG_UP_TO_PIXELS
    lossless = small and recording.content_type != JPEG
    return RecordingImages(
        display=display_png(picture) if lossless else display_jpeg(picture),
        thumbnail=thumbnail_png(picture, width=THUMBNAIL_PX),
        width_px=picture.width_px,
        height_px=picture.height_px,
        perceptual_hash=difference_hash(picture),
    )


def place_of(error: BaseException) -> str:
    """The error's type and where it was raised; never its text."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
