from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.classify.conftest import picture

pytestmark = pytest.mark.django_db

API = "/api/v1/"


@pytest.fixture(autouse=True)
def fresh_rate_limit() -> None:
    cache.clear()  # the tests' own broker


@pytest.fixture
def send_file(api_client: Client, patient: Any) -> Callable[..., Any]:
    """``send_file(data)`` uploads for the patient, as St Mary's system."""

    def send(data: bytes | None = None, *, name: str = "a.png", kind: str = "image/png", **fields: Any) -> Any:
        client = fields.pop("client", api_client)
        headers = fields.pop("headers", {})
        body = {"patient": str(patient.pk), **fields}
        body["file"] = SimpleUploadedFile(name, picture() if data is None else data, kind)
        return client.post(f"{API}recordings/", body, headers=headers)

    return send


@pytest.fixture
def make_reading(rita: Any) -> Callable[..., Any]:
    def make(prediction: Any, corrected: dict[int, str] | None = None) -> Any:
        from classify.review.models import BeatCorrection, Reading

        verdict = "corrected" if corrected else "confirmed"
        reading = Reading.objects.create(prediction=prediction, reader=rita, verdict=verdict, comment="Seen.")
        for index, letter in (corrected or {}).items():
            beat = prediction.beats.get(index=index)
            BeatCorrection.objects.create(reading=reading, beat=beat, aami_class=letter)
        return reading

    return make


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The one error shape, whatever went wrong."""
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["detail"]
    assert set(body) <= {"title", "status", "code", "detail", "errors", "existing"}
    return body
