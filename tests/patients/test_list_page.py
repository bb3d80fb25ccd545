import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from classify.services import recording_move, recording_withdraw
from patients.models import Patient
from patients.timeline import RECORDING, timeline_entry_add
from portal.accounts.actor import Actor
from portal.audit.models import AuditEvent
from tests.patients.conftest import Register

pytestmark = pytest.mark.django_db
Search = Callable[..., str]


def names(page: str) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', page)


@pytest.fixture
def three(register: Register, alice_actor: Actor, make_recording: Callable[..., object]) -> list[Patient]:
    """By name, MRN, birth date and last recording each time in another order."""
    people = [("Arden", "3", 1950), ("Brook", "1", 1990), ("castell", "2", 1970)]
    patients = [
        register(alice_actor, family_name=name, given_name="X", mrn=mrn, birth_date=date(year, 1, 1))
        for name, mrn, year in people
    ]
    make_recording(patients[1], recorded_at=timezone.now() - timedelta(days=9))
    make_recording(patients[2], recorded_at=timezone.now() - timedelta(days=1))
    return patients


def test_an_empty_list_tells_the_first_step(alice_client: Client):
    page = alice_client.get("/patients/").content.decode()
    assert "No patients yet" in page
    assert 'href="/patients/register/"' in page


def test_a_search_without_a_hit_says_so(alice_client: Client, iris: Patient, search: Search):
    page = search(alice_client, "xyzzy")
    assert "Nobody found" in page
    assert "0 patients" in page
    assert "Vale" not in page


def test_htmx_gets_the_rows_and_the_count_for_screen_readers(alice_client: Client, iris: Patient, search: Search):
    part = search(alice_client, "iris")
    assert names(part) == ["Vale, Iris"]
    assert "<html" not in part
    assert re.search(r'id="patients-status" hx-swap-oob="innerHTML">\s*1 patient\s*<', part)


def test_the_live_region_stands_on_the_page_before_the_search(alice_client: Client):
    page = alice_client.get("/patients/").content.decode()
    assert '<div id="patients-status" class="visually-hidden" role="status" aria-live="polite"></div>' in page


def test_without_scripts_the_whole_page_comes_with_what_was_typed(alice_client: Client, iris: Patient, search: Search):
    page = search(alice_client, "iris", htmx=False)
    assert "<html" in page
    assert 'value="iris"' in page
    assert names(page) == ["Vale, Iris"]


def test_the_searchs_own_address_leads_back_to_the_list(alice_client: Client):
    answer = alice_client.get("/patients/search/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/patients/")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", "ABc"),
        ("-name", "cBA"),
        ("mrn", "BcA"),
        ("birth_date", "AcB"),
        ("-birth_date", "BcA"),
        ("-last_recording", "cBA"),
        ("last_recording", "BcA"),
        ("password", "ABc"),
    ],
)
def test_the_list_is_sorted_by_what_was_pressed(
    alice_client: Client, three: list[Patient], search: Search, sort: str, expected: str
):
    page = search(alice_client, sort=sort, current_sort="-birth_date")
    assert "".join(name[0] for name in names(page)) == expected


def test_the_order_holds_while_one_types(alice_client: Client, three: list[Patient], search: Search):
    page = search(alice_client, "x", current_sort="-name")
    assert [name[0] for name in names(page)] == ["c", "B", "A"]
    assert 'name="current_sort" value="-name"' in page
    assert 'aria-sort="descending"' in page


def test_a_pressed_head_turns_the_order_round(alice_client: Client, three: list[Patient], search: Search):
    assert 'name="sort" value="-name"' in search(alice_client, sort="name")
    assert 'name="sort" value="name"' in search(alice_client, sort="-name")


def test_an_entry_that_is_history_is_no_last_recording(
    alice_client: Client, iris: Patient, alice_actor: Actor, make_recording: Callable[..., object], search: Search
):
    recording = make_recording(iris)
    assert "None yet" not in search(alice_client)
    recording_withdraw(recording=recording, actor=alice_actor, reason="Wrong wristband", at=timezone.now())
    assert "None yet" in search(alice_client)
    assert "None yet" in search(alice_client, sort="-last_recording")


def test_a_moved_recording_counts_for_the_patient_it_was_moved_to(
    iris: Patient, register: Register, alice_actor: Actor, make_recording: Callable[..., Any]
):
    other = register(alice_actor, mrn="2", family_name="Brook")
    recording = make_recording(iris)
    recording_move(recording=recording, actor=alice_actor, to_patient=other, reason="Mixed up", at=timezone.now())
    iris.refresh_from_db()
    other.refresh_from_db()
    assert iris.last_recording_at is None
    assert other.last_recording_at == recording.uploaded_at


def test_the_newest_recording_counts_whatever_the_order_of_uploads(iris: Patient, make_recording: Callable[..., Any]):
    newest = make_recording(iris, recorded_at=timezone.now() - timedelta(days=1))
    make_recording(iris, recorded_at=timezone.now() - timedelta(days=9))
    iris.refresh_from_db()
    assert iris.last_recording_at == newest.recorded_at


def test_pages_are_asked_for_in_the_body(alice_client: Client, register: Register, alice_actor: Actor, search: Search):
    for number in range(27):
        register(alice_actor, mrn=f"P{number}", family_name=f"Name{number:02}")
    first = search(alice_client, "name")
    assert len(names(first)) == 25
    assert 'form="patient-search" name="page" value="2"' in first
    second = search(alice_client, "name", page="2")
    assert names(second) == ["Name25, Iris", "Name26, Iris"]
    assert names(search(alice_client, "name", page="nonsense")) == names(first)


@pytest.mark.parametrize("query", ["\x00", "a" * 5000, "🫀" * 50, "' OR 1=1 --", "<script>"])
def test_nonsense_is_searched_for_and_never_fails(alice_client: Client, search: Search, query: str):
    assert "<script>" not in search(alice_client, query, sort="\x00", page="-7")


def test_nothing_of_a_patient_stands_in_an_address(alice_client: Client, iris: Patient, search: Search):
    for page in (search(alice_client, "vale", htmx=False), alice_client.get(f"/patients/{iris.pk}/").content.decode()):
        addresses = " ".join(re.findall(r'(?:href|action|hx-get|hx-post|src)="([^"]*)"', page))
        for word in ("vale", "iris", iris.mrn.lower(), "1980"):
            assert word not in addresses.replace(str(iris.pk), "").lower()
        title = re.search("<title>(.*?)</title>", page, re.DOTALL)
        assert title
        assert "Vale" not in title.group(1)


def test_a_list_and_a_search_are_audited_by_the_ids_shown(
    alice_client: Client, register: Register, alice_actor: Actor, iris: Patient, search: Search
):
    other = register(alice_actor, mrn="2", family_name="Brook")
    alice_client.get("/patients/")
    search(alice_client, "vale")
    shown, searched = AuditEvent.objects.filter(action="patient.search").order_by("pk")
    assert set(shown.patient_ids) == {str(iris.pk), str(other.pk)}
    assert searched.patient_ids == [str(iris.pk)]
    assert searched.details == {}
    assert searched.via == "page"


def test_the_number_of_queries_does_not_grow(
    alice_client: Client,
    register: Register,
    alice_actor: Actor,
    search: Search,
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    def people(count: int, start: int) -> None:
        for number in range(start, start + count):
            patient = register(alice_actor, mrn=f"P{number}")
            for _ in range(3):
                timeline_entry_add(patient=patient, kind=RECORDING, ref=uuid4(), occurred_at=timezone.now())

    people(2, 0)
    search(alice_client)
    with django_assert_max_num_queries(12) as few:
        search(alice_client, "vale", sort="-last_recording")
    people(23, 2)
    with django_assert_max_num_queries(len(few)):
        search(alice_client, "vale", sort="-last_recording")


def test_an_administrator_gets_403(admin_ann_client: Client, iris: Patient):
    assert admin_ann_client.get("/patients/").status_code == 403
    assert admin_ann_client.post("/patients/search/", {"query": "vale"}).status_code == 403


def test_signed_out_one_is_asked_to_sign_in(client: Client, iris: Patient):
    assert "/account/login/" in client.get("/patients/").headers["Location"]
    assert client.post("/patients/search/", headers={"HX-Request": "true"}).status_code == 401
