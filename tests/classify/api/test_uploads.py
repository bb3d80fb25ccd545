from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from classify.models import Recording
from portal.audit.models import AuditEvent
from tests.classify.api.conftest import API, assert_problem
from tests.classify.conftest import picture, tiff_of

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


def test_an_upload_is_taken_at_once_and_says_where_to_ask(send_file: Send, api_client: Client, patient: Any) -> None:
    answer = send_file()
    recording = Recording.objects.get()
    url = f"http://testserver{API}recordings/{recording.pk}/"
    assert answer.status_code == 202
    assert answer.json() == {
        "id": str(recording.pk),
        "status_url": url,
        "recordings": [{"id": str(recording.pk), "page": 1, "status_url": url}],
    }
    assert answer["Location"] == url
    status = api_client.get(url).json()
    assert (status["state"], status["position"], status["prediction"], status["kind"]) == ("queued", 1, None, None)
    assert status["patient"] == str(patient.pk)


def test_what_is_known_about_the_paper_is_kept(send_file: Send, api_client: Client) -> None:
    url = send_file(
        lead="V1", speed_mm_s="50", gain_mm_mv="10", seconds_across="6", recorded_at="2026-01-02T03:04:05+01:00"
    ).json()["status_url"]
    status = api_client.get(url).json()
    assert (status["lead"], status["speed_mm_s"], status["gain_mm_mv"]) == ("V1", 50.0, 10.0)
    assert status["seconds_across"] == 6.0
    assert (status["recorded_at"], status["recorded_precision"]) == ("2026-01-02T02:04:05Z", "exact")
    assert Recording.objects.get().recorded_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


def test_an_odd_displacement_is_no_server_error(send_file: Send) -> None:
    assert send_file(recorded_at="2026-01-02T03:04:05+18:16").status_code == 202


def test_a_day_stays_a_day_and_unknown_stays_unknown(send_file: Send, api_client: Client) -> None:
    of_a_day = api_client.get(send_file(recorded_at="2026-01-02").json()["status_url"]).json()
    assert (of_a_day["recorded_at"], of_a_day["recorded_precision"]) == ("2026-01-02", "day")
    unknown = api_client.get(send_file(recorded_at="").json()["status_url"]).json()
    assert (unknown["recorded_at"], unknown["recorded_precision"]) == (None, "unknown")


@pytest.mark.parametrize(
    "moment",
    [
        "2026-01-02T03:04:05",
        "yesterday",
        "2026-02-30",
        "02.01.2026",
        "2999-01-01",
        "1850-01-01",
        "0001-01-01T00:00+14:00",
    ],
)
def test_a_moment_that_is_none_is_refused(send_file: Send, moment: str) -> None:
    body = assert_problem(send_file(recorded_at=moment), 400, "invalid")
    assert list(body["errors"]) == ["recorded_at"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("speed_mm_s", "nan"),
        ("speed_mm_s", "inf"),
        ("seconds_across", "0.1"),
        ("gain_mm_mv", "0"),
        ("gain_mm_mv", "ten"),
        ("lead", "<script>"),
        ("confirm_duplicate", "perhaps"),
        ("patient", "4711"),
        ("patientid", "4711"),
    ],
)
def test_a_wrong_field_is_named(send_file: Send, field: str, value: str) -> None:
    body = assert_problem(send_file(**{field: value}), 400, "invalid")
    assert list(body["errors"]) == [field]
    assert not Recording.objects.exists()


def test_what_is_missing_is_named(api_client: Client) -> None:
    body = assert_problem(api_client.post(f"{API}recordings/", {"lead": "II"}), 400, "invalid")
    assert set(body["errors"]) == {"patient", "file"}


def test_every_page_of_a_document_has_its_recording(send_file: Send) -> None:
    answer = send_file(tiff_of(3), name="a.tif", kind="image/tiff").json()
    assert [page["page"] for page in answer["recordings"]] == [1, 2, 3]
    assert len({page["id"] for page in answer["recordings"]}) == 3
    assert answer["id"] == answer["recordings"][0]["id"]


def test_the_same_file_of_the_same_patient_is_the_recording_that_exists(send_file: Send) -> None:
    data = picture()
    first, again = send_file(data), send_file(data)
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json()
    assert Recording.objects.count() == 1


def test_the_same_file_of_another_patient_stops_and_asks(
    send_file: Send, patient: Any, other_patient: Any, api_client: Client
) -> None:
    data = picture()
    first = send_file(data).json()
    body = assert_problem(send_file(data, patient=str(other_patient.pk)), 409, "duplicate_other_patient")
    assert body["existing"] == {"recording": first["id"], "patient": str(patient.pk)}
    confirmed = send_file(data, patient=str(other_patient.pk), confirm_duplicate="true")
    assert confirmed.status_code == 202
    assert confirmed.json()["id"] != first["id"]


def test_other_hospitals_are_never_consulted_about_a_duplicate(
    send_file: Send, charlie_api_client: Client, countys_patient: Any
) -> None:
    data = picture()
    send_file(data)
    assert send_file(data, client=charlie_api_client, patient=str(countys_patient.pk)).status_code == 202


@pytest.mark.parametrize(
    ("data", "name", "kind", "status", "code"),
    [
        (b"", "a.png", "image/png", 400, "empty_file"),
        (b"#!/bin/sh\nexit\n", "a.sh", "text/plain", 415, "unsupported_type"),
        (b"%PDF-1.7\n%%EOF", "a.png", "image/png", 415, "type_mismatch"),
        (picture(4, 4), "a.png", "image/png", 422, "too_small"),
        (tiff_of(21), "a.tif", "image/tiff", 422, "too_many_pages"),
        (picture()[:-20], "a.png", "image/png", 422, "truncated"),
    ],
)
def test_a_file_that_can_never_be_read_is_refused_at_once(
    send_file: Send, data: bytes, name: str, kind: str, status: int, code: str
) -> None:
    assert_problem(send_file(data, name=name, kind=kind), status, code)
    assert not Recording.objects.exists()


def test_too_many_bytes_and_too_many_pixels_are_refused_at_once(send_file: Send, monkeypatch: Any) -> None:
    monkeypatch.setattr("worker.image.inspect.MAX_PIXELS", 20_000)
    assert_problem(send_file(picture(300, 100)), 422, "too_many_pixels")
    monkeypatch.setattr("worker.image.inspect.MAX_BYTES", 100)
    assert_problem(send_file(), 413, "too_large")


def test_a_body_that_is_far_too_large_is_not_even_taken_in(api_client: Client) -> None:
    answer = api_client.generic("POST", f"{API}recordings/", CONTENT_LENGTH=str(27 * 1024 * 1024))
    assert_problem(answer, 413, "too_large")


def test_an_unknown_patient_looks_like_one_of_another_hospital(send_file: Send, countys_patient: Any) -> None:
    unknown = send_file(patient=str(uuid4()))
    hidden = send_file(patient=str(countys_patient.pk))
    assert assert_problem(unknown, 404, "not_found") == assert_problem(hidden, 404, "not_found")


def test_json_is_no_upload(api_client: Client, patient: Any) -> None:
    body = {"patient": str(patient.pk), "file": "aGVsbG8="}
    answer = api_client.post(f"{API}recordings/", body, content_type="application/json")
    assert_problem(answer, 415, "unsupported_media_type")


def test_one_upload_is_one_audit_event(send_file: Send, patient: Any) -> None:
    send_file(name="Vale Iris.png")
    event = AuditEvent.objects.get(via="api")
    assert (event.action, event.via, event.patient_ids) == ("recording.upload", "api", [str(patient.pk)])
    assert "Vale" not in str(Recording.objects.values())
