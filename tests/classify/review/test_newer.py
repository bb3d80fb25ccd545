"""A correction that replaces the result on a physician's desk while they read it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from classify.corrections.services import recording_correct
from classify.models import Beat, Prediction, Recording
from classify.review.models import Reading
from classify.review.newer import carried_over
from tests.classify.corrections.conftest import LATER, claimed, finish, refuse

pytestmark = pytest.mark.django_db


def desk(prediction: Prediction) -> str:
    return reverse("admin:classify_prediction_change", args=[prediction.pk])


@pytest.fixture
def recording(upload: Callable[..., Any]) -> Recording:
    recording: Recording = upload().recordings[0]
    finish(claimed(), "NNV")
    return recording


@pytest.fixture
def earlier(recording: Recording) -> Prediction:
    return Prediction.objects.get()


@pytest.fixture
def correct(recording: Recording, earlier: Prediction, alice_actor: Any) -> Callable[[], None]:
    """Says something of the picture, which then waits for the worker."""
    return lambda: recording_correct(
        recording=recording, actor=alice_actor, said={"speed_mm_s": 50}, at=LATER + timedelta(minutes=1)
    )


@pytest.fixture
def newer(earlier: Prediction, correct: Callable[[], None]) -> Prediction:
    """Its third beat is gone."""
    correct()
    finish(claimed(), "NV")
    return Prediction.objects.exclude(pk=earlier.pk).get()


def test_what_was_entered_goes_over_and_nothing_is_signed(
    rita_client: Client, earlier: Prediction, newer: Prediction
) -> None:
    entered = {"verdict": "corrected", "beat-0": "S", "beat-1": "N", "beat-2": "F", "comment": "Look at <P> waves"}
    answer = rita_client.post(desk(earlier), entered)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert not Reading.objects.exists()
    assert "Nothing was signed: the picture was read again meanwhile" in page
    assert "Look at &lt;P&gt; waves" in page
    assert "One beat that you changed is changed here, too." in page
    assert "No beat is in the place of: beat 3, you said F." in page
    assert re.search(r'name="beat-0".*?<option value="S" selected>', page)
    assert re.search(r'name="beat-1".*?<option value="V" selected>', page)
    assert 'name="beat-2"' not in page
    assert f'action="{desk(newer)}"' in page
    assert reverse("classify:result", args=[earlier.pk]) in page


def test_the_newer_result_is_then_signed(rita_client: Client, earlier: Prediction, newer: Prediction) -> None:
    page = rita_client.post(desk(earlier), {"verdict": "confirmed"}).content.decode()
    assert "Nothing was signed" in page
    assert "Your comment is kept" not in page
    assert rita_client.post(desk(newer), {"verdict": "corrected", "beat-0": "S"}).status_code == 302
    assert Reading.objects.get().prediction == newer


def test_a_link_to_the_earlier_result_leads_to_the_newer_one(
    rita_client: Client, earlier: Prediction, newer: Prediction
) -> None:
    answer = rita_client.get(desk(earlier), follow=True)
    assert answer.redirect_chain == [(desk(newer), 302)]
    assert "A newer result has replaced the one that you asked for." in answer.content.decode()


def test_while_nothing_newer_came_the_result_is_signed(
    rita_client: Client, earlier: Prediction, correct: Callable[[], None]
) -> None:
    correct()
    refuse(claimed())
    assert rita_client.post(desk(earlier), {"verdict": "confirmed"}).status_code == 302
    assert Reading.objects.get().prediction == earlier


def test_others_find_neither(
    earlier: Prediction, newer: Prediction, join: Any, county: Any, admin_ann_client: Client
) -> None:
    from tests.support.people import signed_in

    rob = signed_in(join(county, "rob", "reviewer"))
    for prediction in (earlier, newer):
        assert rob.get(desk(prediction)).status_code == 404
        assert rob.post(desk(prediction), {"verdict": "confirmed"}).status_code == 404
        assert admin_ann_client.get(desk(prediction)).status_code in {403, 404}


def test_what_was_entered_in_error_is_404(rita_client: Client, earlier: Prediction, newer: Prediction) -> None:
    from django.utils import timezone

    recording = newer.recording
    Recording.objects.update(withdrawn_at=timezone.now(), withdrawn_by=recording.uploaded_by)
    assert rita_client.post(desk(earlier), {"verdict": "confirmed"}).status_code == 404


def test_a_class_goes_to_the_beat_in_the_same_place() -> None:
    def beat(index: int, x: int, y: int = 10, aami_class: str = "N") -> Beat:
        return Beat(index=index, x=x, y=y, width=50, height=80, aami_class=aami_class)

    earlier = [beat(0, 0), beat(1, 60), beat(2, 120), beat(3, 180)]
    newer = [beat(0, 55), beat(1, 68), beat(2, 115, y=300), beat(3, 185, aami_class="S")]
    carried = carried_over({0: "V", 1: "F", 2: "V", 3: "S"}, earlier, newer)
    assert carried.classes == {0: "F", 3: "S"}
    assert [(lost.index, letter) for lost, letter in carried.lost] == [(0, "V"), (2, "V")]
    assert carried_over({0: "X", 1: "N"}, earlier, newer).classes == {}
