import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from classify.images import RecordingImages
from classify.jobs import (
    job_complete,
    job_end,
    job_position,
    job_put_back,
    jobs_claim,
    jobs_of_the_dead_requeue,
    jobs_sweep,
)
from classify.models import Beat, Job, JobState, Prediction, Recording
from classify.services import NotRetryable, recording_retry
from portal.audit.models import AuditEvent
from tests.classify.conftest import NOW, picture, result_of
from worker.errors import EcgError

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
LATER = NOW + timedelta(seconds=1)
IMAGES = RecordingImages(b"display", b"thumbnail", 300, 100, "f" * 16)


def claim(limit: int = 32, at: Any = LATER) -> list[Job]:
    return jobs_claim(worker="host:1", at=at, limit=limit)


def large() -> bytes:
    return picture(700, 600)


# --- Claiming ---------------------------------------------------------------------------------------------------------
def test_an_empty_queue_gives_nothing() -> None:
    assert claim() == []


def test_a_claim_runs_with_an_attempt_and_a_lease(upload: Send, settings: Any) -> None:
    upload()
    (job,) = claim()
    assert (job.state, job.attempt, job.worker, job.started_at) == (JobState.RUNNING, 1, "host:1", LATER)
    assert job.lease_until == LATER + settings.JOB_LEASE


def test_what_is_claimed_is_not_claimed_again(upload: Send) -> None:
    upload()
    assert len(claim()) == 1
    assert claim() == []


def test_small_pictures_go_as_one_batch_of_at_most_32(upload: Send) -> None:
    for _ in range(34):
        upload()
    assert [len(claim()), len(claim()), len(claim())] == [32, 2, 0]


def test_a_large_picture_and_a_page_of_unknown_size_go_alone(upload: Send) -> None:
    upload(large())
    upload(at=LATER)
    upload(large(), at=LATER)
    sizes = []
    while jobs := claim():
        sizes.append([job.recording.pixels for job in jobs])
    assert [420_000] in sizes
    assert all(len(batch) == 1 for batch in sizes if 420_000 in batch)


def test_the_oldest_goes_first(upload: Send) -> None:
    second = upload(large(), at=LATER).recordings[0]
    first = upload(large(), at=NOW).recordings[0]
    assert [claim()[0].recording, claim()[0].recording] == [first, second]


def test_what_was_tried_before_goes_alone(upload: Send) -> None:
    upload()
    (job,) = claim()
    job_put_back(job=job, attempt=1, code="internal", at=LATER)
    for _ in range(3):
        upload()
    sizes = sorted(len(claim(at=NOW + timedelta(minutes=1))) for _ in range(2))
    assert sizes == [1, 3]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_claim_the_same_job(upload: Send) -> None:
    for _ in range(12):
        upload(large())
    claimed: list[Any] = []
    start = threading.Barrier(4)

    def work(name: str) -> None:
        start.wait()
        try:
            while jobs := jobs_claim(worker=name, at=LATER):
                claimed.extend(job.pk for job in jobs)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"host:{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 12
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}


# --- Ending -----------------------------------------------------------------------------------------------------------
def test_a_result_is_written_with_its_model_beats_and_images(upload: Send) -> None:
    upload()
    (job,) = claim()
    assert job_complete(job=job, attempt=1, result=result_of("NNNV", unsure="V"), images=IMAGES, at=LATER)
    recording = Recording.objects.get()
    prediction = recording.prediction
    assert recording.state == JobState.DONE
    assert (prediction.model_name, prediction.model_version, prediction.model_sha256) == ("context", "1.0.0", "a" * 64)
    assert prediction.counts == {"N": 3, "S": 0, "V": 1, "F": 0, "Q": 0}
    assert (prediction.beat_count, prediction.unsure_count, prediction.rate_bpm) == (4, 1, 75.0)
    assert [beat.aami_class for beat in prediction.beats.all()] == ["N", "N", "N", "V"]
    assert (recording.width_px, recording.height_px, recording.perceptual_hash) == (300, 100, "f" * 16)
    assert recording.display.read() == b"display"
    assert recording.thumbnail.read() == b"thumbnail"
    assert AuditEvent.objects.filter(action="prediction.create", target_id=str(prediction.pk)).count() == 1


def test_a_result_with_too_many_unsure_beats_is_kept_and_waits_for_a_person(upload: Send) -> None:
    upload()
    (job,) = claim()
    assert job_complete(job=job, attempt=1, result=result_of("NNV", unsure="V"), images=IMAGES, at=LATER)
    recording = Recording.objects.get()
    assert (recording.state, recording.current_job.reason) == (JobState.NEEDS_PERSON, "too_many_unsure")
    assert [beat.unsure for beat in recording.prediction.beats.all()] == [False, False, True]
    assert AuditEvent.objects.filter(action="recording.needs_person", target_id=str(recording.pk)).count() == 1


def test_a_late_result_is_discarded_whole(upload: Send, media: Path) -> None:
    upload()
    (job,) = claim()
    jobs_sweep(at=job.lease_until + timedelta(seconds=1))
    before = sorted(media.rglob("*"))
    assert not job_complete(job=job, attempt=1, result=result_of(), images=IMAGES, at=LATER)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert not Prediction.objects.exists()
    assert not Beat.objects.exists()
    assert sorted(path for path in media.rglob("*") if path.is_file()) == [p for p in before if p.is_file()]


def test_the_first_worker_comes_too_late_for_what_a_second_one_holds(upload: Send) -> None:
    upload()
    (job,) = claim()
    lost = job.lease_until + timedelta(seconds=1)
    jobs_sweep(at=lost)
    (again,) = jobs_claim(worker="host:2", at=lost)
    assert not job_complete(job=job, attempt=1, result=result_of("V"), at=lost)
    assert job_complete(job=again, attempt=2, result=result_of("N"), at=lost)
    assert [beat.aami_class for beat in Beat.objects.all()] == ["N"]


def test_a_result_that_arrives_twice_is_written_once(upload: Send) -> None:
    upload()
    (job,) = claim()
    assert job_complete(job=job, attempt=1, result=result_of(), at=LATER)
    assert not job_complete(job=job, attempt=1, result=result_of(), at=LATER)
    assert Prediction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_result_that_cannot_be_written_leaves_nothing_half_written(
    upload: Send, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload()
    (job,) = claim()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("classify.predictions.Beat.objects.bulk_create", broken)
    with pytest.raises(RuntimeError):
        job_complete(job=job, attempt=1, result=result_of(), images=IMAGES, at=LATER)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert not Prediction.objects.exists()
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("code", "state"),
    [("not_an_ecg", "refused"), ("several_leads", "needs_person"), ("timeout", "failed")],
)
def test_a_known_end_carries_its_code(upload: Send, code: str, state: str) -> None:
    upload()
    (job,) = claim()
    assert job_end(job=job, attempt=1, error=EcgError(code, kind="sheet"), images=IMAGES, at=LATER)
    job.refresh_from_db()
    assert (job.state, job.reason, job.kind, job.finished_at) == (state, code, "sheet", LATER)
    assert Recording.objects.get().display.read() == b"display"


def test_a_fault_of_ours_backs_off_and_fails_after_three_attempts(upload: Send) -> None:
    upload()
    at, waits = LATER, []
    for attempt in (1, 2, 3):
        (job,) = claim(at=at)
        assert job.attempt == attempt
        job_put_back(job=job, attempt=attempt, code="internal", at=at)
        job.refresh_from_db()
        waits.append((job.not_before - at).total_seconds())
        assert claim(at=at) == []
        at = max(at, job.not_before)
    assert waits[:2] == [2, 8]
    assert (job.state, job.reason) == (JobState.FAILED, "internal")


# --- Sweeping ---------------------------------------------------------------------------------------------------------
def test_a_job_whose_lease_ran_out_goes_back_and_the_bell_rings(upload: Send, doorbell: list[str]) -> None:
    upload()
    (job,) = claim()
    assert jobs_sweep(at=job.lease_until).requeued == 0
    swept = jobs_sweep(at=job.lease_until + timedelta(seconds=1))
    assert (swept.requeued, swept.failed, swept.rang) == (1, 0, True)
    assert doorbell == ["classify.tasks.jobs_work"]


def test_a_picture_that_kills_its_worker_three_times_has_failed_and_the_others_finish(upload: Send) -> None:
    poison = upload().recordings[0]
    others = [upload(at=LATER).recordings[0] for _ in range(3)]
    at = LATER
    while jobs := claim(at=at):
        if poison in [job.recording for job in jobs]:  # the worker is gone, with all it held
            at = jobs[0].lease_until + timedelta(seconds=1)
            jobs_sweep(at=at)
            continue
        for job in jobs:
            assert job_complete(job=job, attempt=job.attempt, result=result_of(), at=at)
    assert poison.jobs.get().reason == "worker_lost"
    assert poison.jobs.get().attempt == 3
    assert {recording.jobs.get().state for recording in others} == {JobState.DONE}


def test_a_job_that_nobody_heard_of_is_rung_for_again(upload: Send, doorbell: list[str], settings: Any) -> None:
    upload()
    assert not jobs_sweep(at=LATER).rang
    assert jobs_sweep(at=NOW + settings.JOB_STALE_AFTER).rang
    assert doorbell == ["classify.tasks.jobs_work"]


def test_what_a_dead_process_of_this_machine_held_goes_back_at_once(upload: Send) -> None:
    upload()
    (job,) = jobs_claim(worker="ward-7:4711", at=LATER)
    assert jobs_of_the_dead_requeue(host="ward-7", is_alive=lambda pid: True, at=LATER) == 0
    assert jobs_of_the_dead_requeue(host="ward-8", is_alive=lambda pid: False, at=LATER) == 0
    assert jobs_of_the_dead_requeue(host="ward-7", is_alive=lambda pid: pid != 4711, at=LATER) == 1
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


# --- Looking, and trying again ----------------------------------------------------------------------------------------
def test_the_position_counts_those_before_it(upload: Send) -> None:
    jobs = [upload(large(), at=NOW + timedelta(milliseconds=n)).recordings[0].current_job for n in range(3)]
    assert [job_position(job) for job in jobs] == [1, 2, 3]
    (running,) = claim()
    assert job_position(running) is None
    assert job_position(jobs[2]) == 2


def test_a_retry_is_a_new_job_and_the_old_end_stays(upload: Send, alice_actor: Any) -> None:
    recording = upload().recordings[0]
    (job,) = claim()
    job_end(job=job, attempt=1, error=EcgError("internal"), at=LATER)
    recording_retry(recording=recording, actor=alice_actor, at=LATER)
    recording.refresh_from_db()
    assert [job.state for job in recording.jobs.order_by("queued_at")] == [JobState.FAILED, JobState.QUEUED]
    assert recording.state == JobState.QUEUED


def test_what_is_running_or_done_is_not_tried_again(upload: Send, alice_actor: Any) -> None:
    recording = upload().recordings[0]
    with pytest.raises(NotRetryable):
        recording_retry(recording=recording, actor=alice_actor, at=LATER)
    (job,) = claim()
    job_complete(job=job, attempt=1, result=result_of(), at=LATER)
    with pytest.raises(NotRetryable):
        recording_retry(recording=recording, actor=alice_actor, at=LATER)


def test_a_claim_costs_the_same_however_many_wait(upload: Send) -> None:
    def cost() -> int:
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            claim()
        return len(queries)

    for _ in range(2):
        upload()
    few = cost()
    for _ in range(20):
        upload()
    assert cost() == few
