from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from classify.corrections.services import recording_correct
from classify.images import RecordingImages
from classify.jobs import job_complete, job_end, jobs_claim
from classify.models import Job, Recording
from tests.classify.conftest import NOW, result_of
from tests.support.recordings import picture_bytes
from tests.support.tracings import tracing_with
from worker.errors import EcgError
from worker.tracing import Tracing

IMAGES = RecordingImages(picture_bytes(), picture_bytes(), 300, 100, "0" * 16)
LATER = NOW + timedelta(minutes=1)
Correct = Callable[..., Job]


def claimed() -> Job:
    """Whatever waits, also if it was asked for by the clock of the machine that runs this."""
    (job,) = jobs_claim(worker="host:1", at=NOW.replace(year=2100))
    return job


def finish(job: Job, classes: str = "NNV", tracing: Tracing | None = None, **settings: Any) -> None:
    """With a result, as the worker would."""
    result = replace(result_of(classes), tracing=tracing or tracing_with())
    result.settings.update(layout="strip", quality=90, **settings)
    assert job_complete(job=job, attempt=job.attempt, result=result, images=IMAGES, at=LATER)


def refuse(job: Job, code: str = "trace_unclear", found: Tracing | None = None) -> None:
    error = EcgError(code, found=found)
    assert job_end(job=job, attempt=job.attempt, error=error, images=IMAGES, at=LATER)


@pytest.fixture
def recording(upload: Callable[..., Any]) -> Recording:
    """Uploaded at nine thirty, and done."""
    recording = upload(speed_mm_s=50.0).recordings[0]
    finish(claimed())
    recording.refresh_from_db()
    return recording


@pytest.fixture
def correct(recording: Recording, alice_actor: Any) -> Correct:
    """``correct(speed_mm_s=25.0)`` says it of the recording, a minute later, as Alice."""

    def say(*, at: datetime = LATER, actor: Any = alice_actor, **said: Any) -> Job:
        return recording_correct(recording=recording, actor=actor, said=said, at=at)

    return say
