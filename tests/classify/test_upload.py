import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from kombu.exceptions import OperationalError

from classify.models import Job, JobState, Recording
from classify.services import DuplicateOtherPatient, recording_upload, recording_withdraw
from patients.models import Precision, TimelineEntry
from portal.audit.models import AuditEvent
from tests.classify.conftest import NOW, picture, tiff_of
from tests.support.people import actor_of
from worker.errors import EcgError

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_an_upload_becomes_a_recording_with_a_job_a_timeline_entry_and_an_audit_event(
    upload: Send, patient: Any, alice: Any
) -> None:
    sent = upload(recorded_at=NOW, recorded_precision=Precision.DAY, lead="II", speed_mm_s=50.0)
    recording = Recording.objects.get()
    assert sent.created
    assert sent.recordings == [recording]
    assert (recording.patient, recording.uploaded_by, recording.pixels) == (patient, alice, 30_000)
    assert (recording.lead, recording.speed_mm_s, recording.recorded_precision) == ("II", 50.0, "day")
    assert (recording.current_job.state, recording.current_job.attempt) == (JobState.QUEUED, 0)
    entry = TimelineEntry.objects.get(patient=patient, ref=recording.pk)
    assert (entry.occurred_at, entry.precision) == (NOW, "day")
    event = AuditEvent.objects.get(action="recording.upload")
    assert (event.patient_ids, event.target_id) == ([str(patient.pk)], str(recording.pk))


def test_the_original_is_kept_byte_for_byte_under_a_name_that_says_nothing(upload: Send, media: Path) -> None:
    data = picture()
    recording = upload(data).recordings[0]
    assert recording.original.read() == data
    assert [path.relative_to(media).as_posix() for path in files_in(media)] == [recording.original.name]
    assert recording.patient.family_name not in recording.original.name
    assert Path(recording.original.name).suffix == ""


def test_the_worker_is_rung_for_once_everything_is_written(
    upload: Send, doorbell: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload()
        assert doorbell == []
    assert doorbell == ["classify.tasks.jobs_work"]


def test_a_dead_broker_costs_no_upload(
    upload: Send, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def nobody_there(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("classify.doorbell.app.send_task", nobody_there)
    with django_capture_on_commit_callbacks(execute=True):
        sent = upload()
    assert sent.recordings[0].current_job.state == JobState.QUEUED


def test_each_page_of_a_document_is_a_recording_and_all_share_the_file(upload: Send, media: Path) -> None:
    sent = upload(tiff_of(3))
    assert [(recording.page, recording.pages) for recording in sent.recordings] == [(0, 3), (1, 3), (2, 3)]
    assert len({recording.original.name for recording in sent.recordings}) == 1
    assert len(files_in(media)) == 1
    assert Job.objects.filter(state=JobState.QUEUED).count() == 3


def test_the_same_file_for_the_same_patient_is_the_recording_that_exists(upload: Send, media: Path) -> None:
    data = picture()
    first, second = upload(data), upload(data)
    assert (first.created, second.created) == (True, False)
    assert first.recordings == second.recordings
    assert Job.objects.count() == 1
    assert len(files_in(media)) == 1


def test_the_same_file_for_another_patient_stops_until_confirmed(upload: Send, other_patient: Any) -> None:
    data = picture()
    first = upload(data).recordings[0]
    with pytest.raises(DuplicateOtherPatient) as stopped:
        upload(data, patient=other_patient)
    assert stopped.value.recording == first
    assert Recording.objects.count() == 1
    assert upload(data, patient=other_patient, confirm_duplicate=True).created
    assert Recording.objects.count() == 2


def test_other_hospitals_are_never_consulted(upload: Send, charlie: Any, countys_patient: Any) -> None:
    data = picture()
    upload(data)
    assert upload(data, actor=actor_of(charlie), patient=countys_patient).created


def test_a_file_that_was_entered_in_error_may_be_sent_again(upload: Send, alice_actor: Any) -> None:
    data = picture()
    first = upload(data).recordings[0]
    recording_withdraw(recording=first, actor=alice_actor, reason="Wrong arm", at=NOW)
    assert upload(data).created


@pytest.mark.parametrize(
    ("data", "claimed_type", "code"),
    [
        (b"", None, "empty_file"),
        (b"plain words", "image/png", "type_mismatch"),
        (b"plain words", None, "unsupported_type"),
        (picture()[:60], None, "truncated"),
        (picture(4, 4), None, "too_small"),
        (b"\x00" * (25 * 1024 * 1024 + 1), None, "too_large"),
    ],
)
def test_a_bad_file_leaves_nothing_behind(
    upload: Send, media: Path, data: bytes, claimed_type: str | None, code: str, alice_actor: Any, patient: Any
) -> None:
    with pytest.raises(EcgError) as refused:
        recording_upload(actor=alice_actor, patient=patient, data=data, claimed_type=claimed_type, at=NOW)
    assert refused.value.code == code
    assert not Recording.objects.exists()
    assert files_in(media) == []


def test_a_transaction_that_fails_takes_the_file_with_it(
    upload: Send, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no audit, no upload")

    monkeypatch.setattr("classify.uploads.audit_record", broken)
    with pytest.raises(RuntimeError):
        upload()
    assert not Recording.objects.exists()
    assert files_in(media) == []


def test_nobody_uploads_for_a_patient_of_another_hospital(upload: Send, countys_patient: Any) -> None:
    with pytest.raises(PermissionDenied):
        upload(patient=countys_patient)


def test_an_administrator_uploads_nothing(upload: Send, admin_ann_actor: Any) -> None:
    with pytest.raises(PermissionDenied):
        upload(actor=admin_ann_actor)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_one_recording(upload: Send, media: Path) -> None:
    data, answers, start = picture(), [], threading.Barrier(4)

    def send() -> None:
        start.wait()
        try:
            answers.append(upload(data))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.created for answer in answers) == [False, False, False, True]
    assert Recording.objects.count() == 1
    assert len(files_in(media)) == 1
