from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from patients.models import Patient
from portal.audit.models import AuditEvent
from tests.classify.api.conftest import API, assert_problem
from tests.support.people import bearer_client

pytestmark = pytest.mark.django_db

IRIS = {"mrn": "4711", "family_name": "Vale", "given_name": "Iris", "birth_date": "1950-02-03", "sex": "female"}


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"{API}{path}", body, content_type="application/json")


def test_a_patient_is_registered_in_the_hospital_of_the_token(api_client: Client, st_mary: Any) -> None:
    answer = post(api_client, "patients/", IRIS)
    patient = Patient.objects.get()
    assert answer.status_code == 201
    assert patient.hospital == st_mary
    assert {name: answer.json()[name] for name in IRIS} == IRIS
    assert answer.json()["possible_duplicates"] == []
    assert answer["Location"] == f"http://testserver{API}patients/{patient.pk}/"
    assert api_client.get(answer["Location"]).json()["id"] == str(patient.pk)


def test_sex_is_unknown_where_nobody_says(api_client: Client) -> None:
    answer = post(api_client, "patients/", {name: value for name, value in IRIS.items() if name != "sex"})
    assert answer.json()["sex"] == "unknown"


def test_a_likely_duplicate_is_named(api_client: Client) -> None:
    first = post(api_client, "patients/", IRIS).json()
    again = post(api_client, "patients/", {**IRIS, "mrn": "4712"})
    assert again.status_code == 201
    assert again.json()["possible_duplicates"] == [first["id"]]


def test_one_mrn_is_one_patient_of_a_hospital(api_client: Client, charlie_api_client: Client) -> None:
    first = post(api_client, "patients/", IRIS).json()
    body = assert_problem(post(api_client, "patients/", {**IRIS, "given_name": "Ada"}), 409, "mrn_taken")
    assert body["existing"] == {"patient": first["id"]}
    assert post(charlie_api_client, "patients/", IRIS).status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"birth_date": "3.2.1950"}, "birth_date"),
        ({"birth_date": "2950-02-03"}, "birth_date"),
        ({"sex": "f"}, "sex"),
        ({"mrn": ""}, "mrn"),
        ({"family_name": "x" * 121}, "family_name"),
        ({"given_name": "a\x00b"}, "given_name"),
        ({"given_name": "\ud800"}, "given_name"),
        ({"given_name": ["Iris"]}, "given_name"),
        ({"firstname": "Iris"}, "firstname"),
    ],
)
def test_a_wrong_field_is_named(api_client: Client, change: dict[str, Any], field: str) -> None:
    body = assert_problem(post(api_client, "patients/", {**IRIS, **change}), 400, "invalid")
    assert list(body["errors"]) == [field]
    assert not Patient.objects.exists()


def test_a_patient_is_corrected_field_by_field(api_client: Client, patient: Any) -> None:
    answer = api_client.patch(f"{API}patients/{patient.pk}/", {"given_name": "Ida"}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["given_name"] == "Ida"
    assert answer.json()["family_name"] == patient.family_name
    event = AuditEvent.objects.get(via="api")
    assert (event.action, event.via, event.patient_ids) == ("patient.update", "api", [str(patient.pk)])


def test_a_correction_that_changes_nothing_is_audited_as_a_read(api_client: Client, patient: Any) -> None:
    body = {"given_name": patient.given_name}
    api_client.patch(f"{API}patients/{patient.pk}/", body, content_type="application/json")
    assert [event.action for event in AuditEvent.objects.filter(via="api")] == ["patient.read"]


def test_an_empty_correction_is_refused(api_client: Client, patient: Any) -> None:
    answer = api_client.patch(f"{API}patients/{patient.pk}/", {}, content_type="application/json")
    assert_problem(answer, 400, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        {"query": "garcia"},
        {"query": "zoe 1961"},
        {"mrn": "G-77"},
        {"family_name": "GARCÍA", "given_name": "zoe"},
        {"family_name": "garcia"},
        {"birth_date": "1961-05-06"},
        {"query": "zoe", "birth_date": "1961-05-06"},
    ],
)
def test_a_patient_is_found(
    api_client: Client, make_patient: Callable[..., Any], st_mary: Any, alice: Any, body: dict[str, str]
) -> None:
    zoe = register(make_patient, st_mary, alice, "G-77")
    make_patient(st_mary, alice)
    answer = post(api_client, "patients/search", body)
    assert [found["id"] for found in answer.json()["results"]] == [str(zoe.pk)]
    event = AuditEvent.objects.get(action="patient.search")
    assert event.patient_ids == [str(zoe.pk)]
    assert "arc" not in str(event.details).lower()


def register(make_patient: Callable[..., Any], hospital: Any, user: Any, mrn: str) -> Any:
    from patients.services import patient_register
    from tests.support.people import actor_of

    return patient_register(
        actor=actor_of(user), mrn=mrn, family_name="García", given_name="Zoe", birth_date=date(1961, 5, 6), sex="female"
    )


def test_all_that_is_searched_for_must_fit(api_client: Client, make_patient: Any, st_mary: Any, alice: Any) -> None:
    register(make_patient, st_mary, alice, "G-77")
    assert post(api_client, "patients/search", {"query": "zoe", "mrn": "G-78"}).json()["results"] == []


@pytest.mark.parametrize("body", [{}, {"name": "Zoe"}, {"query": ""}, [], '"zoe"'])
def test_a_search_for_nothing_does_not_list_everybody(api_client: Client, patient: Any, body: Any) -> None:
    assert_problem(post(api_client, "patients/search", body), 400, "invalid")


def test_no_name_can_be_searched_for_in_a_url(api_client: Client, patient: Any) -> None:
    for name in ("query", "family_name", "mrn", "search"):
        assert_problem(api_client.get(f"{API}patients/", {name: "vale"}), 400, "invalid")
    assert api_client.get(f"{API}patients/search").status_code == 405


def test_a_search_goes_on_from_page_to_page(api_client: Client, make_patient: Any, st_mary: Any, alice: Any) -> None:
    made = {str(make_patient(st_mary, alice, birth_date=date(1970, 1, 1)).pk) for _ in range(5)}
    body, path, seen = {"birth_date": "1970-01-01"}, f"{API}patients/search?page_size=2", []
    while path:
        page = api_client.post(path, body, content_type="application/json").json()
        seen += [found["id"] for found in page["results"]]
        path = page["next"]
    assert len(seen) == 5
    assert set(seen) == made


def test_a_token_that_may_only_write_registers_and_learns_nothing(token_for: Any, st_mary: Any, patient: Any) -> None:
    client = bearer_client(token_for(st_mary, "patients:write"))
    twin = {**IRIS, "family_name": patient.family_name, "birth_date": patient.birth_date.isoformat()}
    answer = post(client, "patients/", twin)
    assert answer.json()["possible_duplicates"] == []
    body = assert_problem(post(client, "patients/", {**twin, "mrn": patient.mrn}), 409, "mrn_taken")
    assert body["existing"] == {"patient": None}
