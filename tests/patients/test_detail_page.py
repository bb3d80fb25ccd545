import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from patients.models import Note, Patient
from patients.services import note_add, note_withdraw
from patients.templatetags.patients import age_in_words
from patients.timeline_page import Narrowing, timeline_page
from portal.accounts.actor import Actor
from portal.audit.models import AuditEvent
from tests.patients.conftest import Register

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def get(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def entries(page: str) -> list[str]:
    return re.findall(r'id="entry-([0-9a-f-]+)"', page)


@pytest.fixture
def notes(iris: Patient, alice_actor: Actor) -> list[Note]:
    """Twenty-five, the newest first, ten days apart."""
    now = timezone.now()
    return [
        note_add(patient=iris, actor=alice_actor, text=f"Note {number}.", at=now - timedelta(days=10 * number))
        for number in range(25)
    ]


def test_the_head_says_who_it_is(alice_client: Client, iris: Patient):
    page = get(alice_client, f"/patients/{iris.pk}/")
    assert re.search(r"<h1>\s*Vale, Iris\s*</h1>", page)
    assert "12 March 1980" in page
    assert "Female" in page
    assert f'href="/patients/{iris.pk}/edit/"' in page
    assert f'href="/patients/{iris.pk}/upload/"' in page


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(1980, 11, 23), "45 years"),
        (date(1980, 11, 22), "46 years"),
        (date(2024, 11, 23), "23 months"),
        (date(2026, 10, 22), "1 month"),
        (date(2026, 11, 21), "1 day"),
        (date(2026, 11, 22), "0 days"),
    ],
)
def test_age_is_said_as_of_people_and_of_babies(born: date, words: str):
    assert age_in_words(born, date(2026, 11, 22)) == words


def test_an_empty_timeline_tells_the_first_step(alice_client: Client, iris: Patient):
    page = get(alice_client, f"/patients/{iris.pk}/")
    assert "Nothing here yet" in page
    assert "appear after the second recording with a rate and a known time" in page


def test_the_timeline_comes_in_pages_that_join(alice_client: Client, iris: Patient, notes: list[Note]):
    first = get(alice_client, f"/patients/{iris.pk}/")
    assert entries(first) == [str(note.pk) for note in notes[:20]]
    older = re.search(r'hx-get="([^"]*before=\d+)"', first)
    assert older
    rest = get(alice_client, older.group(1), **HTMX)
    assert entries(rest) == [str(note.pk) for note in notes[20:]]
    assert "<html" not in rest
    assert "Show older" not in rest


def test_without_scripts_show_older_is_a_page_of_its_own(alice_client: Client, iris: Patient, notes: list[Note]):
    page = get(alice_client, re.search(r'href="([^"#]*before=\d+)', get(alice_client, f"/patients/{iris.pk}/"))[1])
    assert "<html" in page
    assert entries(page) == [str(note.pk) for note in notes[20:]]


def test_entries_of_one_moment_are_neither_lost_nor_shown_twice(iris: Patient, alice_actor: Actor):
    at = timezone.now()
    made = {note_add(patient=iris, actor=alice_actor, text=str(n), at=at).pk for n in range(7)}
    seen, before = [], None
    for _ in range(4):
        page = timeline_page(iris, alice_actor, before=before, size=2)
        seen += [row.entry.ref for _heading, row in page.rows]
        before = page.older
    assert before is None
    assert len(seen) == 7
    assert set(seen) == made


def test_headings_stand_where_the_year_and_the_day_change(iris: Patient, alice_actor: Actor):
    noon = timezone.now().replace(year=2026, month=1, day=1, hour=12)
    for at in (noon, noon - timedelta(hours=1), noon - timedelta(days=1), noon - timedelta(days=2)):
        note_add(patient=iris, actor=alice_actor, text="x", at=at)
    first = timeline_page(iris, alice_actor, size=3)
    assert [(heading.year, heading.day) for heading, _row in first.rows] == [
        (2026, date(2026, 1, 1)),
        (None, None),
        (2025, date(2025, 12, 31)),
    ]
    rest = timeline_page(iris, alice_actor, size=3, before=first.older)
    assert [(heading.year, heading.day) for heading, _row in rest.rows] == [(None, date(2025, 12, 30))]


@pytest.mark.parametrize("query", ["?before=x", "?before=99999999999999999999", "?show=nonsense&only=x", "?before=-1"])
def test_an_address_with_nonsense_shows_the_timeline_from_the_top(
    alice_client: Client, iris: Patient, notes: list[Note], query: str
):
    assert entries(get(alice_client, f"/patients/{iris.pk}/{query}"))[0] == str(notes[0].pk)


def test_a_cursor_of_another_patient_begins_at_the_top(
    alice_client: Client, register: Register, alice_actor: Actor, notes: list[Note], iris: Patient
):
    other = register(alice_actor, mrn="2")
    note = note_add(patient=other, actor=alice_actor, text="Other.")
    cursor = iris.timeline.order_by("occurred_at").first()
    assert entries(get(alice_client, f"/patients/{other.pk}/?before={cursor.pk}")) == [str(note.pk)]


def test_filters_narrow_to_one_kind_and_by_class(
    alice_client: Client, iris: Patient, alice_actor: Actor, make_prediction: Callable[..., Any]
):
    note = note_add(patient=iris, actor=alice_actor, text="Palpitations.")
    calm, ectopic = make_prediction(iris, "NNN"), make_prediction(iris, "NVN")
    address = f"/patients/{iris.pk}/"
    assert set(entries(get(alice_client, address))) == {
        str(note.pk),
        str(calm.recording_id),
        str(ectopic.recording_id),
    }
    assert entries(get(alice_client, f"{address}?show=note", **HTMX)) == [str(note.pk)]
    found = entries(get(alice_client, f"{address}?show=recording&only=class-V", **HTMX))
    assert found == [str(ectopic.recording_id)]
    nothing = get(alice_client, f"{address}?show=recording&only=class-F", **HTMX)
    assert entries(nothing) == []
    assert "Nothing of this kind" in nothing


def test_an_unknown_filter_counts_as_none():
    assert Narrowing.of("recording", "class-X") == Narrowing("recording", "")
    assert Narrowing.of("x", "class-V") == Narrowing("", "")


def test_a_recording_entered_in_error_stays_visible_as_history(
    alice_client: Client, iris: Patient, alice: Any, make_recording: Callable[..., Any]
):
    recording = make_recording(iris)
    type(recording).objects.filter(pk=recording.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=alice, withdrawn_reason="Wrong wristband"
    )
    page = get(alice_client, f"/patients/{iris.pk}/")
    assert re.search(rf'id="entry-{recording.pk}" class="[^"]*is-withdrawn', page)
    assert "Wrong wristband" in page


def test_one_page_is_one_read(alice_client: Client, iris: Patient):
    alice_client.get(f"/patients/{iris.pk}/")
    event = AuditEvent.objects.get(action="patient.read")
    assert (event.patient_ids, event.target_id) == ([str(iris.pk)], str(iris.pk))


def test_the_number_of_queries_does_not_grow(
    alice_client: Client,
    iris: Patient,
    alice_actor: Actor,
    make_prediction: Callable[..., Any],
    django_assert_max_num_queries: DjangoAssertNumQueries,
):
    def fill() -> None:
        make_prediction(iris, "NNV")
        note_add(patient=iris, actor=alice_actor, text="x")

    fill()
    fill()
    alice_client.get(f"/patients/{iris.pk}/")
    with django_assert_max_num_queries(22) as few:
        alice_client.get(f"/patients/{iris.pk}/")
    for _ in range(8):
        fill()
    with django_assert_max_num_queries(len(few)):
        alice_client.get(f"/patients/{iris.pk}/")


def test_charlie_gets_404_for_alices_patient(charlie_client: Client, iris: Patient, notes: list[Note]):
    note = notes[0]
    address = f"/patients/{iris.pk}/"
    assert charlie_client.get(address).status_code == 404
    assert charlie_client.get(address, headers=HTMX).status_code == 404
    assert charlie_client.post(f"{address}notes/", {"text": "x"}).status_code == 404
    assert charlie_client.post(f"{address}notes/{note.pk}/withdraw/").status_code == 404
    assert charlie_client.post(f"{address}notes/{note.pk}/restore/").status_code == 404
    assert "Vale" not in charlie_client.get(address).content.decode()
    assert not AuditEvent.objects.filter(action="patient.read").exists()
    assert Note.objects.filter(withdrawn_at=None).count() == 25


def test_a_note_is_added_on_the_page(alice_client: Client, iris: Patient):
    answer = alice_client.post(f"/patients/{iris.pk}/notes/", {"text": "<b>No</b> syncope."})
    note = Note.objects.get()
    assert answer.headers["Location"] == f"/patients/{iris.pk}/#entry-{note.pk}"
    page = get(alice_client, f"/patients/{iris.pk}/")
    assert "&lt;b&gt;No&lt;/b&gt; syncope." in page


def test_a_note_that_is_refused_keeps_its_words(alice_client: Client, iris: Patient):
    answer = alice_client.post(f"/patients/{iris.pk}/notes/", {"text": "a" * 4001})
    page = answer.content.decode()
    assert "a" * 4001 in page
    assert 'aria-invalid="true"' in page
    assert not Note.objects.exists()


def test_a_note_is_withdrawn_with_a_mark_and_taken_back(alice_client: Client, iris: Patient, alice_actor: Actor):
    note = note_add(patient=iris, actor=alice_actor, text="Palpitations.")
    address = f"/patients/{iris.pk}/notes/{note.pk}"
    row = alice_client.post(f"{address}/withdraw/", headers=HTMX).content.decode()
    assert re.search(r"Withdrawn by Alice, ", row)
    assert "<del" in row
    assert "Palpitations." in row
    assert 'id="note-status" hx-swap-oob="innerHTML">The note was withdrawn.' in row
    answer = alice_client.post(f"{address}/restore/")
    assert answer.headers["Location"] == f"/patients/{iris.pk}/#entry-{note.pk}"
    note.refresh_from_db()
    assert note.withdrawn_at is None


def test_a_note_of_another_patient_is_not_found_here(
    alice_client: Client, iris: Patient, register: Register, alice_actor: Actor
):
    other = register(alice_actor, mrn="2")
    note = note_add(patient=other, actor=alice_actor, text="Other.")
    assert alice_client.post(f"/patients/{iris.pk}/notes/{note.pk}/withdraw/").status_code == 404
    assert note_withdraw(note=note, actor=alice_actor)
