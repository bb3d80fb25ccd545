"""Lists: filters, order, pages, queries, audit."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from classify.models import Recording
from portal.audit.models import AuditEvent
from tests.classify.api.conftest import API, assert_problem
from tests.classify.conftest import NOW

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


def ids(client: Client, query: str) -> list[str]:
    return [item["id"] for item in client.get(f"{API}recordings/?{query}").json()["results"]]


def test_recordings_are_narrowed_and_sorted(
    api_client: Client, make_recording: Make, make_prediction: Make, patient: Any, other_patient: Any
) -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    failed = str(make_recording(patient, "failed", reason="timeout", recorded_at=early).pk)
    queued = str(make_recording(other_patient, "queued", recorded_at=late).pk)
    with_v = make_prediction(patient, "NNV").recording
    with_s = str(make_prediction(patient, "NS").recording.pk)
    with_v.current_job.kind = "strip"
    with_v.current_job.save(update_fields=["kind"])
    with_v = str(with_v.pk)

    assert ids(api_client, "") == [with_s, with_v, queued, failed]
    assert ids(api_client, "ordering=uploaded_at") == [failed, queued, with_v, with_s]
    assert ids(api_client, "ordering=-recorded_at")[:2] == [queued, failed]
    assert ids(api_client, "ordering=recorded_at")[:2] == [failed, queued]
    assert ids(api_client, f"patient={other_patient.pk}") == [queued]
    assert ids(api_client, "state=failed&state=queued") == [queued, failed]
    assert ids(api_client, "kind=strip") == [with_v]
    assert ids(api_client, "aami_class=V") == [with_v]
    assert ids(api_client, "aami_class=V&aami_class=S") == [with_s, with_v]
    assert ids(api_client, "recorded_after=2026-01-15T00:00:00Z") == [queued]
    assert ids(api_client, "recorded_before=2026-01-15T00:00:00Z") == [failed]
    assert ids(api_client, "uploaded_before=2026-01-15T00:00:00Z") == []


def test_a_list_item_carries_the_fixed_keys(api_client: Client, make_prediction: Make, patient: Any) -> None:
    make_prediction(patient, "NNV")
    page = api_client.get(f"{API}recordings/").json()
    assert set(page) == {"count", "next", "previous", "results"}
    (item,) = page["results"]
    assert {"id", "state", "kind", "patient", "recorded_at", "uploaded_at", "recorded_precision"} <= set(item)
    assert item["summary"]["counts"]["V"] == 1


@pytest.mark.parametrize(
    "moment", ["0281-09-14T19:58:29Z", "2026-01-01T00:00:00%2B18:16", "0001-01-01T00:00:00%2B14:00", "9999-12-31"]
)
def test_a_moment_out_of_this_world_is_no_server_error(api_client: Client, moment: str) -> None:
    assert api_client.get(f"{API}recordings/?uploaded_before={moment}").status_code in (200, 400)


@pytest.mark.parametrize("path", ["recordings/", "patients/", "predictions/", "readings/"])
@pytest.mark.parametrize(
    "query", ["page_size=many", "page_size=0", "page=-1", "colour=red", "ordering=mood", "patients=1"]
)
def test_a_parameter_that_nobody_knows_is_an_error_and_no_longer_list(
    api_client: Client, path: str, query: str
) -> None:
    body = assert_problem(api_client.get(f"{API}{path}?{query}"), 400, "invalid")
    assert list(body["errors"]) == [query.split("=")[0]]


def test_pages_follow_each_other_and_lose_nobody(api_client: Client, make_recording: Make, patient: Any) -> None:
    made = {str(make_recording(patient, "done").pk) for _ in range(5)}
    Recording.objects.update(uploaded_at=NOW, recorded_at=NOW)  # nothing tells them apart but their ids
    for ordering in ("uploaded_at", "-uploaded_at", "recorded_at", "-recorded_at"):
        seen: list[str] = []
        url = f"{API}recordings/?page_size=2&ordering={ordering}"
        while url:
            page = api_client.get(url).json()
            seen += [item["id"] for item in page["results"]]
            url = page["next"]
        assert len(seen) == 5
        assert set(seen) == made
    assert page["previous"]


def test_a_page_has_at_most_200_rows(api_client: Client, make_patient: Make, st_mary: Any, alice: Any) -> None:
    from patients.models import Patient

    Patient.objects.bulk_create(
        Patient(hospital=st_mary, created_by=alice, mrn=f"B{n}", family_name="B", given_name="C", birth_date=NOW.date())
        for n in range(205)
    )
    page = api_client.get(f"{API}patients/?page_size=1000").json()
    assert len(page["results"]) == 200
    assert page["count"] == 205


def test_a_page_behind_the_last_is_not_found(api_client: Client) -> None:
    assert_problem(api_client.get(f"{API}patients/?page=2"), 404, "not_found")


@pytest.mark.parametrize("path", ["recordings/", "patients/", "predictions/", "readings/"])
def test_longer_lists_take_no_more_queries(
    path: str,
    api_client: Client,
    make_prediction: Make,
    make_reading: Make,
    make_patient: Make,
    st_mary: Any,
    alice: Any,
    django_assert_max_num_queries: Any,
) -> None:
    def grow(by: int) -> None:
        for _ in range(by):
            make_reading(make_prediction(make_patient(st_mary, alice), "NNV"), {0: "S"})

    grow(1)
    api_client.get(API + path)  # notes the token's use, once a minute
    with django_assert_max_num_queries(6) as few:
        assert len(api_client.get(API + path).json()["results"]) == 1
    grow(6)
    with django_assert_max_num_queries(len(few)):
        assert len(api_client.get(API + path).json()["results"]) == 7


def test_a_list_is_one_audit_event_with_the_patients_on_the_page(
    api_client: Client, make_recording: Make, patient: Any, other_patient: Any
) -> None:
    for of in (patient, patient, other_patient):
        make_recording(of, "done")
    api_client.get(f"{API}recordings/?page_size=2")
    event = AuditEvent.objects.get(action="recording.list")
    assert event.via == "api"
    assert set(event.patient_ids) == {str(patient.pk), str(other_patient.pk)}
    assert AuditEvent.objects.filter(via="api").count() == 1
