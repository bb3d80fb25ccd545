"""Asked once, worked once: whoever claims it, however often it is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from classify.explanations.models import Explanation
from classify.explanations.queue import (
    TASK,
    explanation_claim,
    explanation_complete,
    explanation_fail,
    explanation_put_back,
    explanations_sweep,
)
from classify.explanations.services import explanation_request
from portal.audit.models import AuditEvent
from tests.classify.conftest import NOW
from tests.classify.explanations.conftest import RESULT

pytestmark = pytest.mark.django_db
Ask = Callable[..., Explanation]
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_asking_queues_one_row_and_rings_once_however_often_it_is_pressed(
    ask: Ask, doorbell: list[str], on_commit: Any
) -> None:
    with on_commit():
        first, second = ask(), ask()
    assert (first.pk, first.state) == (second.pk, "queued")
    assert Explanation.objects.count() == 1
    assert doorbell == [TASK]


def test_each_beat_has_its_own(ask: Ask) -> None:
    assert ask(0).pk != ask(1).pk


def test_the_database_holds_one_row_for_each_beat(ask: Ask) -> None:
    first = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Explanation.objects.create(
            prediction=first.prediction, beat_index=2, requested_by=first.requested_by, queued_at=NOW
        )


def test_what_is_done_is_kept(done: Explanation, ask: Ask, doorbell: list[str], on_commit: Any) -> None:
    with on_commit():
        again = ask(at=LATER)
    assert (again.state, again.result) == ("done", RESULT)
    assert doorbell == []


def test_what_failed_is_tried_anew_when_asked_again(ask: Ask, doorbell: list[str], on_commit: Any) -> None:
    ask()
    claimed = explanation_claim(at=NOW)
    assert claimed
    explanation_fail(claimed, "model_gone", at=NOW)
    with on_commit():
        again = ask(at=LATER)
    assert (again.state, again.reason, again.attempt) == ("queued", "", 0)
    assert doorbell == [TASK]


def test_asking_is_written_down_with_the_patient(ask: Ask, prediction: Any, alice: Any) -> None:
    ask()
    event = AuditEvent.objects.get(action="explanation.request")
    assert (event.user, event.patient_ids) == (alice, [str(prediction.recording.patient_id)])
    assert event.details == {"beat": 3}


def test_charlie_cannot_ask_even_past_the_views(prediction: Any, charlie_actor: Any) -> None:
    with pytest.raises(PermissionDenied):
        explanation_request(recording=prediction.recording, beat=prediction.beats.first(), actor=charlie_actor, at=NOW)
    assert not Explanation.objects.exists()


def test_a_claim_takes_the_longest_waiting_and_nobody_else_gets_it(ask: Ask) -> None:
    ask(1, at=LATER)
    first = ask(0, at=NOW)
    claimed = explanation_claim(at=LATER)
    assert claimed
    assert (claimed.pk, claimed.state, claimed.attempt) == (first.pk, "running", 1)
    other = explanation_claim(at=LATER)
    assert other
    assert other.pk != claimed.pk
    assert explanation_claim(at=LATER) is None


def test_the_late_result_of_a_lost_worker_is_discarded(ask: Ask) -> None:
    ask()
    lost = explanation_claim(at=NOW)
    assert lost
    assert explanations_sweep(at=LATER) == 1
    taken = explanation_claim(at=LATER)
    assert taken
    assert not explanation_complete(lost, RESULT, at=LATER)
    assert explanation_complete(taken, RESULT, at=LATER)


def test_the_sweeper_leaves_alone_what_is_being_worked_on(ask: Ask, doorbell: list[str]) -> None:
    ask()
    explanation_claim(at=NOW)
    assert explanations_sweep(at=NOW + timedelta(seconds=5)) == 0
    assert doorbell == []


def test_the_sweeper_rings_for_what_nobody_heard(ask: Ask, doorbell: list[str]) -> None:
    ask()
    explanations_sweep(at=NOW)
    assert doorbell == []
    explanations_sweep(at=LATER)
    assert doorbell == [TASK]


def test_after_the_last_attempt_it_has_failed(ask: Ask, settings: Any) -> None:
    row = ask()
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        claimed = explanation_claim(at=NOW)
        assert claimed
        explanation_put_back(claimed, "internal", at=NOW)
    row.refresh_from_db()
    assert (row.state, row.reason, row.finished_at) == ("failed", "internal", NOW)
