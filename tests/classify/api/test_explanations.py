"""Where the network looked, for integrators."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from classify.explanations.models import Explanation
from classify.explanations.queue import explanation_claim, explanation_complete, explanation_fail
from portal.audit.models import AuditEvent
from tests.classify.api.conftest import API, assert_problem
from tests.classify.conftest import NOW
from tests.classify.explanations.conftest import RESULT

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction(make_prediction: Callable[..., Any], patient: Any) -> Any:
    return make_prediction(patient, "NNV")


@pytest.fixture
def path(prediction: Any) -> str:
    return f"{API}recordings/{prediction.recording_id}/beats/2/explanation"


def claimed() -> Explanation:
    found = explanation_claim(at=NOW.replace(year=2100))
    assert found
    return found


def test_asking_is_accepted_and_the_answer_says_where_to_look(api_client: Client, prediction: Any, path: str) -> None:
    answer = api_client.post(path)
    assert answer.status_code == 202
    assert answer["Location"].endswith(path)
    assert answer.json() == {
        "recording": str(prediction.recording_id),
        "prediction": str(prediction.pk),
        "beat": 2,
        "state": "queued",
        "reason": None,
        "model": {"name": "context", "version": "1.0.0"},
        "result": None,
    }
    assert api_client.get(path).json() == answer.json()


def test_asked_twice_it_is_one(api_client: Client, path: str) -> None:
    assert [api_client.post(path).status_code for _ in range(2)] == [202, 202]
    explanation_complete(claimed(), RESULT, at=NOW)
    answer = api_client.post(path)
    assert (answer.status_code, answer.json()["result"]) == (200, RESULT)
    assert Explanation.objects.count() == 1


def test_a_failure_has_a_code_and_words(api_client: Client, path: str) -> None:
    api_client.post(path)
    explanation_fail(claimed(), "picture_gone", at=NOW)
    body = api_client.get(path).json()
    assert (body["state"], body["reason"]["code"], body["result"]) == ("failed", "picture_gone", None)
    assert body["reason"]["sentence"].endswith(".")


def test_before_anybody_asked_there_is_none(api_client: Client, path: str) -> None:
    assert_problem(api_client.get(path), 404, "not_explained")


def test_an_unchanged_answer_is_304(api_client: Client, path: str) -> None:
    api_client.post(path)
    etag = api_client.get(path)["ETag"]
    assert api_client.get(path, headers={"If-None-Match": etag}).status_code == 304
    explanation_complete(claimed(), RESULT, at=NOW)
    assert api_client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_a_beat_or_a_recording_that_is_not_there_is_404(
    api_client: Client, charlie_api_client: Client, path: str
) -> None:
    assert_problem(api_client.post(path.replace("beats/2", "beats/3")), 404, "not_found")
    for method in ("get", "post"):
        assert_problem(getattr(charlie_api_client, method)(path), 404, "not_found")
    assert not Explanation.objects.exists()


def test_every_call_is_written_down_with_its_patient(api_client: Client, prediction: Any, path: str) -> None:
    api_client.post(path)
    api_client.get(path)
    events = AuditEvent.objects.filter(action__startswith="explanation.").order_by("pk")
    assert [event.action for event in events] == ["explanation.request", "explanation.read"]
    assert {tuple(event.patient_ids) for event in events} == {(str(prediction.recording.patient_id),)}
