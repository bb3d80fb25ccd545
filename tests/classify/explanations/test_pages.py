"""What a doctor sees of an explanation, in each of its states; and what Charlie does not."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from classify.explanations.models import Explanation
from classify.explanations.queue import explanation_claim, explanation_fail
from classify.services import recording_withdraw
from portal.audit.models import AuditEvent
from tests.classify.conftest import NOW

pytestmark = pytest.mark.django_db
Ask = Callable[..., Explanation]
HTMX = {"HX-Request": "true"}


def url(prediction: Any, number: int = 3, name: str = "beat") -> str:
    return reverse(f"explanations:{name}", args=[prediction.recording_id, number])


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_result_page_offers_it_for_each_beat(alice_client: Client, prediction: Any) -> None:
    page = text(alice_client.get(reverse("classify:recording", args=[prediction.recording_id])))
    for number in (1, 2, 3):
        assert f'hx-post="{url(prediction, number)}"' in page


def test_pressing_answers_with_the_part_that_asks_again(alice_client: Client, prediction: Any) -> None:
    part = text(alice_client.post(url(prediction), headers=HTMX))
    assert f'hx-get="{url(prediction, name="beat_state")}"' in part
    assert "Queued" in part
    assert "<html" not in part


def test_without_a_script_pressing_leads_to_its_page(alice_client: Client, prediction: Any) -> None:
    answer = alice_client.post(url(prediction))
    assert (answer.status_code, answer["Location"]) == (302, url(prediction))
    assert "Queued" in text(alice_client.get(url(prediction)))


def test_looking_alone_asks_for_nothing(alice_client: Client, prediction: Any) -> None:
    page = text(alice_client.get(url(prediction)))
    assert f'hx-post="{url(prediction)}"' in page
    assert not Explanation.objects.exists()


def test_a_finished_one_says_where_in_words_and_by_which_model(
    alice_client: Client, prediction: Any, done: Explanation
) -> None:
    for page in (text(alice_client.get(url(prediction))), text(alice_client.post(url(prediction), headers=HTMX))):
        assert "Where the network looked, not why the heart did it" in page
        assert "the 80–120 ms before R" in page
        assert "Answered by context 1.0.0" in page
        assert "class V" in page
        assert "hx-get" not in page


def test_a_failure_says_why_and_may_be_tried_again(alice_client: Client, prediction: Any, ask: Ask) -> None:
    ask()
    claimed = explanation_claim(at=NOW)
    assert claimed
    explanation_fail(claimed, "model_gone", at=NOW)
    page = text(alice_client.get(url(prediction, name="beat_state")))
    assert "is not here any more" in page
    assert "context 1.0.0" in page
    assert "Try again" in page


def test_polls_are_not_written_down_and_pages_are(alice_client: Client, prediction: Any, ask: Ask) -> None:
    ask()
    AuditEvent.objects.all()._raw_delete("default")
    alice_client.get(url(prediction, name="beat_state"))
    assert not AuditEvent.objects.exists()
    alice_client.get(url(prediction))
    event = AuditEvent.objects.get()
    assert (event.action, event.details) == ("explanation.read", {"beat": 3})


@pytest.mark.parametrize("number", [0, 4, 10**30])
def test_a_beat_that_is_not_there_is_404(alice_client: Client, prediction: Any, number: int) -> None:
    assert alice_client.post(url(prediction, number)).status_code == 404
    assert alice_client.get(url(prediction, number)).status_code == 404


def test_of_a_recording_entered_in_error_nothing_is_explained(
    alice_client: Client, prediction: Any, done: Explanation, alice_actor: Any
) -> None:
    recording_withdraw(recording=prediction.recording, actor=alice_actor, reason="Wrong patient", at=NOW)
    for name in ("beat", "beat_state"):
        assert alice_client.get(url(prediction, name=name)).status_code == 404
    assert alice_client.post(url(prediction)).status_code == 404


def test_a_recording_without_a_result_has_nothing_to_explain(
    alice_client: Client, make_recording: Callable[..., Any], patient: Any
) -> None:
    recording = make_recording(patient, "failed", reason="internal")
    assert alice_client.post(reverse("explanations:beat", args=[recording.pk, 1])).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_charlie_gets_404_for_alices_beat(
    charlie_client: Client, prediction: Any, done: Explanation, method: str
) -> None:
    theirs = getattr(charlie_client, method)(url(prediction))
    nobodys = getattr(charlie_client, method)(reverse("explanations:beat", args=[uuid4(), 3]))
    assert theirs.status_code == nobodys.status_code == 404
    assert charlie_client.get(url(prediction, name="beat_state")).status_code == 404
