"""What the worker makes of claimed jobs, whatever goes wrong; the pipeline itself is handed in."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import OperationalError
from PIL import Image, ImageFile

from classify import tasks
from classify.jobs import jobs_claim
from classify.models import Job, JobState, Prediction, Recording
from classify.reasons import reason_sentence
from classify.registry.serving import Serving
from classify.tasks import jobs_give_up, jobs_process, process_is_alive
from tests.classify.conftest import NOW, picture, result_of, tiff_of
from worker.errors import EcgError
from worker.image import read
from worker.image.told import Told
from worker.image.view import View
from worker.model.registry import Classifiers
from worker.pipeline import Request
from worker.results import EcgResult

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
LATER = NOW + timedelta(seconds=1)
SECRET = "Vale, Iris"


def reads_all(requests: Sequence[Request], readings: Sequence[Any], *, models: Any) -> list[EcgResult | EcgError]:
    return [result_of("N") for _ in requests]


def work(classify: Callable[..., Any] = reads_all) -> list[Job]:
    jobs = jobs_claim(worker="host:1", at=LATER)
    jobs_process(jobs, classify=classify, models=None)
    return jobs


def states() -> list[str]:
    return sorted(Job.objects.values_list("state", flat=True))


def test_a_batch_goes_through_in_one_call(upload: Send) -> None:
    sizes: list[int] = []

    def counts(requests: Sequence[Request], readings: Sequence[Any], *, models: Any) -> list[EcgResult | EcgError]:
        sizes.append(len(requests))
        return reads_all(requests, readings, models=models)

    for _ in range(5):
        upload()
    work(counts)
    assert sizes == [5]
    assert states() == ["done"] * 5
    assert Prediction.objects.count() == 5


def test_what_the_sender_knows_reaches_the_pipeline(upload: Send) -> None:
    seen: list[Request] = []

    def looks(requests: Sequence[Request], readings: Sequence[Any], *, models: Any) -> list[EcgResult | EcgError]:
        seen.extend(requests)
        return reads_all(requests, readings, models=models)

    upload(lead="V1", speed_mm_s=50.0, gain_mm_mv=5.0, seconds_across=9.0)
    work(looks)
    told = Told(lead="V1", speed_mm_s=50.0, gain_mm_mv=5.0, seconds_across=9.0)
    assert [(r.told, r.picture.width_px) for r in seen] == [(told, 300)]


def test_the_part_that_is_to_be_read_reaches_the_pipeline(upload: Send) -> None:
    seen: list[Request] = []

    def looks(requests: Sequence[Request], readings: Sequence[Any], *, models: Any) -> list[EcgResult | EcgError]:
        seen.extend(requests)
        return reads_all(requests, readings, models=models)

    upload(corners=[[0, 100], [0, 0], [300, 0], [300, 100]], lead="V1")
    work(looks)
    corners = ((0.0, 100.0), (0.0, 0.0), (300.0, 0.0), (300.0, 100.0))
    assert [request.told for request in seen] == [Told(lead="V1", corners=corners)]


def test_display_and_thumbnail_carry_no_metadata(upload: Send, tmp_path: Path) -> None:
    turned = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET
    Image.new("RGB", (300, 100), "white").save(turned, exif=exif)
    upload(turned.read_bytes())
    work()
    recording = Recording.objects.get()
    assert SECRET.encode() in recording.original.read()
    assert (recording.width_px, recording.height_px) == (100, 300)
    for kept in (recording.display, recording.thumbnail):
        assert SECRET.encode() not in kept.read()
        assert not Image.open(kept.open()).getexif()
    assert len(recording.perceptual_hash) == 16


def test_each_page_shows_its_own_picture(upload: Send) -> None:
    upload(tiff_of(2))
    work()
    work()
    first, second = Recording.objects.order_by("page")
    assert first.display.read() != second.display.read()


def test_a_known_end_ends_its_own_picture_alone(upload: Send) -> None:
    def mixed(requests: Sequence[Request], readings: Sequence[Any], *, models: Any) -> list[EcgResult | EcgError]:
        return [result_of("N"), EcgError("not_an_ecg"), result_of("V")]

    for _ in range(3):
        upload()
    work(mixed)
    assert states() == ["done", "done", "refused"]


def test_a_picture_that_breaks_the_batch_is_found_and_the_others_finish(
    upload: Send, caplog: pytest.LogCaptureFixture
) -> None:
    poison = upload(picture(301, 100)).recordings[0]
    for _ in range(4):
        upload(at=LATER)

    def breaks(requests: Sequence[Request], readings: Sequence[Any], *, models: Any) -> list[EcgResult | EcgError]:
        if any(request.picture.width_px == 301 for request in requests):
            raise RuntimeError(SECRET)
        return reads_all(requests, readings, models=models)

    at = LATER
    while jobs := jobs_claim(worker="host:1", at=at):
        jobs_process(jobs, classify=breaks, models=None)
        at = max(at, *Job.objects.values_list("not_before", flat=True)) + timedelta(hours=1)
        Job.objects.filter(state=JobState.QUEUED).update(not_before=at)
    job = poison.jobs.get()
    assert (job.state, job.reason, job.attempt) == ("failed", "internal", 3)
    assert states() == ["done"] * 4 + ["failed"]
    assert SECRET not in caplog.text
    assert "RuntimeError" in caplog.text


def test_an_original_that_cannot_be_read_is_tried_again(upload: Send) -> None:
    recording = upload().recordings[0]
    default_storage.delete(recording.original.name)
    work()
    job = Job.objects.get()
    assert (job.state, job.attempt) == (JobState.QUEUED, 1)


def test_a_page_that_cannot_be_decoded_is_refused(upload: Send) -> None:
    recording = upload().recordings[0]
    whole = picture()
    with default_storage.open(recording.original.name, "wb") as file:
        file.write(whole[: len(whole) // 2] + b"\x00" * 40 + whole[-12:])
    work()
    assert Job.objects.get().state == JobState.REFUSED


def test_a_batch_that_takes_too_long_is_tried_one_by_one(upload: Send) -> None:
    for _ in range(3):
        upload()

    def slow(requests: Sequence[Request], readings: Sequence[Any], *, models: Any) -> list[EcgResult | EcgError]:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        work(slow)
    jobs_give_up(list(Job.objects.all()), code="timeout")
    assert states() == ["queued"] * 3
    Job.objects.update(not_before=NOW)
    assert len(jobs_claim(worker="host:1", at=LATER)) == 1


def test_a_picture_that_is_too_slow_to_read_ends_with_that_reason(
    upload: Send, monkeypatch: pytest.MonkeyPatch, doorbell: list[str]
) -> None:
    def never_ends(view: View, kind: str) -> None:
        raise SoftTimeLimitExceeded  # as Celery does inside whatever the worker is at

    monkeypatch.setattr(read, "sight_of", never_ends)
    monkeypatch.setattr(tasks, "serving_now", lambda *, at: Serving(Classifiers(None, None), {}, ()))  # type: ignore[arg-type]
    upload(picture(700, 600))
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        assert states() == ["queued"]
        Job.objects.update(not_before=NOW)
        tasks.jobs_work()
    job = Job.objects.get()
    assert (job.state, job.reason, job.attempt) == ("failed", "timeout", settings.JOB_MAX_ATTEMPTS)
    assert "too long" in reason_sentence(job.reason).sentence


def test_a_picture_that_is_too_slow_to_decode_is_not_called_broken(
    upload: Send, monkeypatch: pytest.MonkeyPatch, doorbell: list[str]
) -> None:
    def never_ends(image: ImageFile.ImageFile) -> None:
        raise SoftTimeLimitExceeded

    upload(picture(700, 600))
    monkeypatch.setattr(ImageFile.ImageFile, "load", never_ends)
    monkeypatch.setattr(tasks, "serving_now", lambda *, at: Serving(Classifiers(None, None), {}, ()))  # type: ignore[arg-type]
    tasks.jobs_work()
    job = Job.objects.get()
    assert (job.state, job.attempt) == (JobState.QUEUED, 1)


def test_the_task_outlives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(**kwargs: Any) -> None:
        raise OperationalError(SECRET)

    monkeypatch.setattr(tasks, "jobs_claim", away)
    tasks.jobs_work()
    assert "OperationalError" in caplog.text
    assert SECRET not in caplog.text


def test_the_task_rings_for_what_is_left(upload: Send, monkeypatch: pytest.MonkeyPatch, doorbell: list[str]) -> None:
    monkeypatch.setattr(tasks, "serving_now", lambda *, at: Serving(Classifiers(None, None), {}, ()))  # type: ignore[arg-type]
    monkeypatch.setattr(tasks, "classify_readings", reads_all)
    upload(picture(700, 600))
    upload(picture(700, 600))
    tasks.jobs_work()
    assert doorbell == ["classify.tasks.jobs_work"]
    tasks.jobs_work()
    assert states() == ["done", "done"]
    assert len(doorbell) == 1


def test_a_process_is_alive_or_not() -> None:
    import os
    import subprocess
    import sys

    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert process_is_alive(os.getpid())
    assert not process_is_alive(gone.pid)
