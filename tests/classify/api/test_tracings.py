"""The curves of a picture and what is said to be wrong with them, for integrators."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from classify.models import Job, Recording
from classify.told import told_of
from portal.audit.models import AuditEvent
from tests.classify.api.conftest import API, assert_problem
from tests.classify.corrections.conftest import claimed, finish, refuse
from tests.support.tracings import traced_lead, tracing_with

pytestmark = pytest.mark.django_db
FOUND = tracing_with(traced_lead("V1", microvolts=(0, None, 980)), traced_lead(None, row=1, fs=None), layout="rows-2")


@pytest.fixture
def recording(upload: Callable[..., Any]) -> Recording:
    return upload().recordings[0]


@pytest.fixture
def path(recording: Recording) -> str:
    return f"{API}recordings/{recording.pk}/"


def correct(client: Client, path: str, **said: Any) -> Any:
    return client.post(f"{path}corrections", said, content_type="application/json")


def test_the_tracing_of_the_current_result(api_client: Client, recording: Recording, path: str) -> None:
    finish(claimed(), tracing=FOUND)
    body = api_client.get(f"{path}tracing").json()
    assert body["prediction"] == api_client.get(path).json()["prediction"]["id"]
    assert (body["layout"], body["quarter_turns"], len(body["grid"])) == ("rows-2", 0, 2)
    first, second = body["leads"]
    assert (first["lead"], first["lead_source"], first["microvolts"]) == ("V1", "user", [0, None, 980])
    assert first["peaks"][0] == {"at_s": 0.4, "point": [30.0, 20.0]}
    assert (second["lead"], second["fs"], second["row"]) == (None, None, 1)


def test_what_was_found_of_a_picture_without_result(api_client: Client, path: str) -> None:
    refuse(claimed(), found=FOUND)
    body = api_client.get(f"{path}tracing").json()
    assert (body["prediction"], len(body["leads"])) == (None, 2)


def test_where_nothing_was_found_there_is_no_tracing(api_client: Client, path: str) -> None:
    assert_problem(api_client.get(f"{path}tracing"), 404, "no_tracing")


def test_what_was_entered_in_error_has_no_tracing(api_client: Client, recording: Recording, path: str) -> None:
    finish(claimed(), tracing=FOUND)
    Recording.objects.update(withdrawn_at=timezone.now(), withdrawn_by=recording.uploaded_by)
    assert_problem(api_client.get(f"{path}tracing"), 404, "no_tracing")


def test_an_unchanged_tracing_is_304(api_client: Client, path: str) -> None:
    finish(claimed(), tracing=FOUND)
    etag = api_client.get(f"{path}tracing")["ETag"]
    assert api_client.get(f"{path}tracing", headers={"If-None-Match": etag}).status_code == 304


def test_a_correction_is_accepted_and_followed(api_client: Client, path: str) -> None:
    finish(claimed())
    assert api_client.get(path).json()["correction"] is None
    answer = correct(api_client, path, speed_mm_s=50, corners=[[0, 100], [0, 0], [300, 0], [300, 100]])
    assert answer.status_code == 202
    assert answer["Location"].endswith(path)
    body = api_client.get(path).json()
    assert (body["state"], body["correction"]["state"], body["correction"]["reason"]) == ("done", "queued", None)
    before = body["prediction"]["id"]
    finish(claimed())
    body = api_client.get(path).json()
    assert body["correction"] is None
    assert body["prediction"]["id"] != before
    listed = api_client.get(f"{API}predictions/?recording={body['id']}").json()["results"]
    assert {row["id"]: row["current"] for row in listed} == {body["prediction"]["id"]: True, before: False}


def test_a_refused_correction_says_why(api_client: Client, path: str) -> None:
    finish(claimed())
    correct(api_client, path, speed_mm_s=50)
    refuse(claimed(), "no_beats_found")
    body = api_client.get(path).json()
    assert body["prediction"] is not None
    assert (body["correction"]["state"], body["correction"]["reason"]["code"]) == ("needs_person", "no_beats_found")


def test_what_is_said_holds_until_it_is_taken_back(api_client: Client, path: str) -> None:
    finish(claimed())
    correct(api_client, path, speed_mm_s=50, seconds_across=10, r_peaks_added=[[12.5, 20]])
    finish(claimed())
    correct(api_client, path, speed_mm_s=None, leads={"0.0": ""})
    told = told_of(Job.objects.order_by("-queued_at")[0])
    assert told.seconds_across == 10.0
    assert (told.speed_mm_s, told.r_peaks_added, told.leads) == (None, ((12.5, 20.0),), {"0.0": ""})


def test_said_twice_it_is_one_job(api_client: Client, path: str) -> None:
    finish(claimed())
    assert [correct(api_client, path, speed_mm_s=50).status_code for _ in range(2)] == [202, 200]
    assert Job.objects.count() == 2


def test_while_it_is_read_another_correction_waits(api_client: Client, path: str) -> None:
    finish(claimed())
    correct(api_client, path, speed_mm_s=50)
    assert_problem(correct(api_client, path, speed_mm_s=25), 409, "not_possible")


def test_before_there_is_a_picture_nothing_can_be_corrected(api_client: Client, path: str) -> None:
    assert_problem(correct(api_client, path, speed_mm_s=25), 409, "not_possible")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "non_field_errors"),
        ({"speed": 25}, "speed"),
        ({"speed_mm_s": 201}, "speed_mm_s"),
        ({"seconds_across": 0}, "seconds_across"),
        ({"gain_mm_mv": "much"}, "gain_mm_mv"),
        ({"lead": "X9"}, "lead"),
        ({"leads": {"0.0": "X9"}}, "leads.0.0"),
        ({"leads": {"0": "V1"}}, "leads"),
        ({"corners": [[0, 0], [300, 0], [300, 100]]}, "corners"),
        ({"corners": [[0, 0], [0, 100], [300, 100], [300, 0]]}, "corners"),
        ({"r_peaks_added": [[301, 0]]}, "r_peaks_added"),
        ({"r_peaks_removed": [[1, 2]] * 401}, "r_peaks_removed"),
    ],
)
def test_what_cannot_be_meant_names_its_field(api_client: Client, path: str, said: dict[str, Any], field: str) -> None:
    finish(claimed())
    body = assert_problem(correct(api_client, path, **said), 400, "invalid")
    assert list(body["errors"]) == [field]
    assert Job.objects.count() == 1


def test_another_hospital_finds_nothing(charlie_api_client: Client, path: str) -> None:
    finish(claimed(), tracing=FOUND)
    assert_problem(charlie_api_client.get(f"{path}tracing"), 404, "not_found")
    assert_problem(correct(charlie_api_client, path, speed_mm_s=50), 404, "not_found")


def test_both_calls_are_written_down(api_client: Client, recording: Recording, path: str) -> None:
    finish(claimed())
    api_client.get(f"{path}tracing")
    correct(api_client, path, speed_mm_s=50)
    events = AuditEvent.objects.filter(via="api").order_by("pk")
    assert [event.action for event in events] == ["recording.read", "recording.correct"]
    assert {tuple(event.patient_ids) for event in events} == {(str(recording.patient_id),)}
