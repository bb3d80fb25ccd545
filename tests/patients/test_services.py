from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from patients.models import Note, Patient, TimelineEntry
from patients.services import (
    note_add,
    note_restore,
    note_withdraw,
    patient_duplicates_find,
    patient_register,
    patient_update,
)
from patients.validation import MrnTaken
from portal.accounts.actor import Actor
from portal.audit.models import AuditEvent
from tests.patients.conftest import IRIS, Register

pytestmark = pytest.mark.django_db


def problems(call: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        call()
    return caught.value.message_dict


def test_what_was_typed_is_trimmed_and_composed(register: Register, alice_actor: Actor):
    patient = register(alice_actor, mrn="  SM 7 ", family_name=" O'Neill  Ward", given_name="Rene\u0301")
    assert (patient.mrn, patient.family_name, patient.given_name) == ("SM 7", "O'Neill Ward", "Ren\u00e9")


def test_every_wrong_field_is_named_at_once(alice_actor: Actor):
    wrong = {"mrn": " ", "family_name": "", "given_name": "\u200b\x07", "birth_date": None, "sex": "f"}
    found = problems(lambda: patient_register(actor=alice_actor, **wrong))
    assert set(found) == {"mrn", "family_name", "given_name", "birth_date", "sex"}
    assert found["mrn"] == ["Enter the medical record number."]
    assert not Patient.objects.exists()


def test_a_name_that_is_too_long_gets_a_sentence_with_both_lengths(register: Register, alice_actor: Actor):
    found = problems(lambda: register(alice_actor, family_name="a" * 121))
    assert found["family_name"] == ["This is too long: at most 120 characters, received 121."]


def test_nobody_is_born_tomorrow(register: Register, alice_actor: Actor):
    tomorrow = timezone.localdate() + timedelta(days=1)
    found = problems(lambda: register(alice_actor, birth_date=tomorrow))
    assert found["birth_date"] == ["The birth date lies in the future."]
    assert register(alice_actor, birth_date=timezone.localdate()).pk


def test_nobody_is_older_than_130_years(register: Register, alice_actor: Actor):
    found = problems(lambda: register(alice_actor, birth_date=date(1880, 1, 1)))
    assert found["birth_date"] == ["The birth date lies more than 130 years back. Check the year."]


def test_a_taken_mrn_names_its_patient(register: Register, iris: Patient, alice_actor: Actor):
    with pytest.raises(MrnTaken) as caught:
        register(alice_actor, mrn=f" {iris.mrn} ", family_name="Other")
    assert caught.value.existing == iris
    assert caught.value.message_dict == {"mrn": ["This MRN already belongs to a patient of this hospital."]}


def test_two_hospitals_may_use_the_same_mrn(register: Register, iris: Patient, charlie_actor: Actor):
    assert register(charlie_actor).mrn == iris.mrn


def test_an_administrator_registers_nobody(register: Register, admin_ann_actor: Actor):
    with pytest.raises(PermissionDenied):
        register(admin_ann_actor)


def test_registering_leaves_one_event_with_ids_only(iris: Patient, alice_actor: Actor):
    event = AuditEvent.objects.get(action__startswith="patient.")
    assert (event.action, event.patient_ids, event.target_id) == ("patient.register", [str(iris.pk)], str(iris.pk))
    assert event.user == alice_actor.user
    assert event.details == {}


def test_an_update_is_audited_by_field_names_only(iris: Patient, alice_actor: Actor):
    changed = patient_update(patient=iris, actor=alice_actor, given_name="Irene", sex="female")
    event = AuditEvent.objects.get(action="patient.update")
    assert changed.given_name == "Irene"
    assert event.details == {"changed": ["given_name"]}
    assert "irene" in Patient.objects.get().search_key


def test_an_update_that_changes_nothing_leaves_no_event(iris: Patient, alice_actor: Actor):
    patient_update(patient=iris, actor=alice_actor, **IRIS)
    assert not AuditEvent.objects.filter(action="patient.update").exists()


def test_an_update_can_not_take_anothers_mrn(register: Register, iris: Patient, alice_actor: Actor):
    other = register(alice_actor, mrn="SM-2")
    with pytest.raises(MrnTaken) as caught:
        patient_update(patient=other, actor=alice_actor, mrn=iris.mrn)
    assert caught.value.existing == iris
    other.refresh_from_db()
    assert other.mrn == "SM-2"


def test_charlie_can_not_update_alices_patient(iris: Patient, charlie_actor: Actor):
    with pytest.raises(Patient.DoesNotExist):
        patient_update(patient=iris, actor=charlie_actor, given_name="Irene")


def test_an_unknown_field_is_an_error_of_the_caller(iris: Patient, alice_actor: Actor):
    with pytest.raises(TypeError, match="Received: hospital"):
        patient_update(patient=iris, actor=alice_actor, hospital="x")


def test_a_duplicate_has_the_same_birth_date_and_a_similar_name(register: Register, iris: Patient, alice_actor: Actor):
    register(alice_actor, mrn="SM-2", birth_date=date(1981, 3, 12))
    register(alice_actor, mrn="SM-3", given_name="Oskar")
    found = patient_duplicates_find(
        actor=alice_actor, family_name="iris", given_name="VALE", birth_date=iris.birth_date
    )
    assert list(found) == [iris]


def test_one_is_no_duplicate_of_oneself(iris: Patient, alice_actor: Actor):
    found = patient_duplicates_find(
        actor=alice_actor, family_name="Vale", given_name="Iris", birth_date=iris.birth_date, exclude=iris
    )
    assert not found.exists()


def test_duplicates_of_other_hospitals_stay_unknown(iris: Patient, charlie_actor: Actor):
    found = patient_duplicates_find(
        actor=charlie_actor, family_name="Vale", given_name="Iris", birth_date=iris.birth_date
    )
    assert not found.exists()


def test_a_note_stands_on_the_timeline(iris: Patient, alice_actor: Actor):
    at = timezone.now() - timedelta(hours=1)
    note = note_add(patient=iris, actor=alice_actor, text=" Palpitations.\r\nNo syncope. ", at=at)
    entry = TimelineEntry.objects.get(kind="note", ref=note.pk)
    assert (note.text, entry.occurred_at, entry.patient) == ("Palpitations.\nNo syncope.", at, iris)
    assert AuditEvent.objects.get(action="note.add").patient_ids == [str(iris.pk)]


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 4001])
def test_a_note_without_words_or_with_too_many_is_refused(iris: Patient, alice_actor: Actor, text: str):
    assert "text" in problems(lambda: note_add(patient=iris, actor=alice_actor, text=text))
    assert not Note.objects.exists()


def test_a_withdrawn_note_stays_and_can_be_restored(iris: Patient, alice_actor: Actor, rita_actor: Actor):
    note = note_add(patient=iris, actor=alice_actor, text="Palpitations.")
    assert note_withdraw(note=note, actor=rita_actor)
    assert not note_withdraw(note=note, actor=alice_actor)
    assert (note.text, note.withdrawn_by) == ("Palpitations.", rita_actor.user)
    assert note_restore(note=note, actor=alice_actor)
    assert note.withdrawn_at is None
    assert TimelineEntry.objects.filter(ref=note.pk).exists()
    actions = AuditEvent.objects.filter(action__startswith="note.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["note.add", "note.withdraw", "note.restore"]


def test_charlie_can_not_withdraw_alices_note(iris: Patient, alice_actor: Actor, charlie_actor: Actor):
    note = note_add(patient=iris, actor=alice_actor, text="Palpitations.")
    assert not note_withdraw(note=note, actor=charlie_actor)
    note.refresh_from_db()
    assert note.withdrawn_at is None
