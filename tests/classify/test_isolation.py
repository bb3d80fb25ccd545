"""Charlie, of another hospital, finds nothing: not a page, not a picture, not a hint that something is there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from classify.images import RecordingImages
from classify.jobs import job_complete, jobs_claim
from classify.models import Job, Recording, RecordingMove
from classify.selectors import recording_list, recordings_for_timeline
from classify.urls import urlpatterns
from tests.classify.conftest import NOW, picture, result_of
from tests.support.recordings import picture_bytes

pytestmark = pytest.mark.django_db
RECORDING_URLS = [pattern.name for pattern in urlpatterns if "recording_id" in str(pattern.pattern)]


@pytest.fixture
def recording(upload: Callable[..., Any]) -> Recording:
    recording = upload(recorded_at=NOW).recordings[0]
    (job,) = jobs_claim(worker="host:1", at=NOW)
    images = RecordingImages(picture_bytes(), picture_bytes(), 300, 100, "0" * 16)
    job_complete(job=job, attempt=1, result=result_of(), images=images, at=NOW + timedelta(seconds=1))
    recording.refresh_from_db()
    return recording


def test_every_url_of_a_recording_is_tried_here() -> None:
    assert len(RECORDING_URLS) == 9


@pytest.mark.parametrize("name", RECORDING_URLS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_charlie_gets_404_for_alices_recording(
    charlie_client: Client, recording: Recording, name: str, method: str
) -> None:
    theirs = getattr(charlie_client, method)(reverse(f"classify:{name}", args=[recording.pk]), {"reason": "x"})
    nobodys = getattr(charlie_client, method)(reverse(f"classify:{name}", args=[uuid4()]), {"reason": "x"})
    assert theirs.status_code == nobodys.status_code
    assert theirs.status_code in (404, 405)
    assert str(recording.pk) not in theirs.content.decode()
    recording.refresh_from_db()
    assert not recording.is_withdrawn
    assert Job.objects.count() == 1
    assert not RecordingMove.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_charlie_cannot_upload_for_alices_patient(charlie_client: Client, patient: Any, method: str) -> None:
    url = reverse("classify:upload_for", args=[patient.pk])
    assert getattr(charlie_client, method)(url).status_code == 404
    assert not Recording.objects.exists()


def test_charlie_does_not_find_alices_patient_when_uploading(charlie_client: Client, patient: Any) -> None:
    answer = charlie_client.post(reverse("classify:upload"), {"query": patient.family_name}).content.decode()
    assert str(patient.pk) not in answer
    assert "Nobody found" in answer


def test_charlies_today_shows_nothing_of_alices(charlie_client: Client, recording: Recording) -> None:
    assert str(recording.pk) not in charlie_client.get(reverse("today")).content.decode()


def test_charlies_selectors_are_empty(charlie_actor: Any, recording: Recording) -> None:
    assert not recording_list(charlie_actor).exists()
    assert recordings_for_timeline([recording.pk], charlie_actor) == {}


@pytest.mark.parametrize("name", [*RECORDING_URLS])
def test_an_administrator_without_a_clinical_role_is_kept_out(
    admin_ann_client: Client, recording: Recording, name: str
) -> None:
    response = admin_ann_client.get(reverse(f"classify:{name}", args=[recording.pk]))
    assert response.status_code in (403, 405)


@pytest.mark.parametrize("name", RECORDING_URLS)
def test_nobody_gets_anything_without_signing_in(client: Client, recording: Recording, name: str) -> None:
    response = client.get(reverse(f"classify:{name}", args=[recording.pk]))
    assert response.status_code in (302, 401, 405)
    assert str(recording.patient_id) not in response.content.decode()


@pytest.mark.parametrize("name", ["picture", "thumbnail", "recording_state"])
def test_automatic_requests_get_401_without_a_session(client: Client, recording: Recording, name: str) -> None:
    assert client.get(reverse(f"classify:{name}", args=[recording.pk])).status_code == 401


def test_no_name_or_number_stands_in_a_url_or_a_log(
    alice_client: Client, patient: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        alice_client.post(reverse("classify:upload"), {"query": patient.mrn})
        url = reverse("classify:upload_for", args=[patient.pk])
        from django.core.files.uploadedfile import SimpleUploadedFile

        named = SimpleUploadedFile(f"{patient.family_name}.png", picture(), "image/png")
        alice_client.post(url, {"files": named})
    recording = Recording.objects.get()
    for name in ("recording", "original", "picture"):
        assert patient.mrn not in reverse(f"classify:{name}", args=[recording.pk])
    assert patient.family_name not in caplog.text
    assert patient.mrn not in caplog.text
    assert patient.family_name not in recording.original.name


@pytest.mark.parametrize("entry", ["9" * 4400, "9" * 30, "٣", "-1", "1 OR 1=1"])
def test_an_entry_that_cannot_be_one_never_breaks_the_state(
    alice, alice_client, st_mary, make_patient, make_recording, entry
):
    recording = make_recording(make_patient(st_mary, alice))
    assert alice_client.get(f"/recordings/{recording.pk}/state/", {"as": "row", "entry": entry}).status_code == 200
