from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from patients.models import Patient
from patients.services import patient_update
from portal.accounts.actor import Actor
from portal.audit.models import AuditEvent
from tests.patients.conftest import IRIS, Register

pytestmark = pytest.mark.django_db
FORM = {**IRIS, "birth_date": "1980-03-12"}


def post(client: Client, address: str = "/patients/register/", **fields: Any) -> Any:
    return client.post(address, {**FORM, **fields})


def edit_fields(client: Client, patient: Patient) -> dict[str, str]:
    form = client.get(f"/patients/{patient.pk}/edit/").context["form"]
    return {name: str(form[name].value()) for name in form.fields}


def test_registering_leads_to_the_patients_page(alice_client: Client):
    answer = post(alice_client, mrn="  SM-9 ")
    patient = Patient.objects.get()
    assert answer.headers["Location"] == f"/patients/{patient.pk}/"
    assert patient.mrn == "SM-9"
    assert AuditEvent.objects.filter(action="patient.register").count() == 1


def test_every_wrong_field_has_its_sentence_and_keeps_what_was_typed(alice_client: Client):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = post(alice_client, mrn=" ", family_name="Vale", given_name="", birth_date=tomorrow).content.decode()
    assert 'value="Vale"' in page
    assert f'value="{tomorrow}"' in page
    assert "The birth date lies in the future." in page
    assert page.count('aria-invalid="true"') == 3
    assert not Patient.objects.exists()


@pytest.mark.parametrize("written", ["12.03.1980", "12 March 1980", "19800312"])
def test_a_birth_date_may_be_written_otherwise_where_the_browser_has_no_date_field(alice_client: Client, written: str):
    post(alice_client, birth_date=written)
    assert Patient.objects.get().birth_date == IRIS["birth_date"]


def test_a_taken_mrn_links_to_its_patient(alice_client: Client, iris: Patient):
    page = post(alice_client, family_name="Brook", given_name="<b>Helen</b>").content.decode()
    assert "This MRN already belongs to a patient of this hospital." in page
    assert f'<a href="/patients/{iris.pk}/">Open that patient</a>' in page
    assert "<b>Helen</b>" not in page
    assert 'value="Brook"' in page
    assert Patient.objects.count() == 1


def test_the_same_mrn_elsewhere_is_never_consulted(charlie_client: Client, iris: Patient):
    assert post(charlie_client).status_code == 302


def test_a_likely_duplicate_is_shown_before_anyone_is_registered(alice_client: Client, iris: Patient):
    page = post(alice_client, mrn="SM-2", family_name="Iris", given_name="Valle").content.decode()
    assert "This person may be registered already:" in page
    assert f'href="/patients/{iris.pk}/"' in page
    assert f'name="duplicates_seen" value="{iris.pk}"' in page
    assert 'value="Valle"' in page
    assert Patient.objects.count() == 1
    assert AuditEvent.objects.filter(action="patient.search", patient_ids=[str(iris.pk)]).exists()


def test_register_anyway_registers(alice_client: Client, iris: Patient):
    assert post(alice_client, mrn="SM-2", duplicates_seen=str(iris.pk)).status_code == 302
    assert Patient.objects.count() == 2


def test_register_anyway_covers_only_the_duplicates_that_were_shown(
    alice_client: Client, iris: Patient, register: Register, alice_actor: Actor
):
    other = register(alice_actor, mrn="SM-3", given_name="Irys")
    page = post(alice_client, mrn="SM-2", duplicates_seen=str(iris.pk)).content.decode()
    assert str(other.pk) in page
    assert Patient.objects.count() == 2


def test_duplicates_elsewhere_raise_no_warning(charlie_client: Client, iris: Patient):
    assert post(charlie_client, mrn="C-1").status_code == 302


def test_editing_shows_and_saves_the_values(alice_client: Client, iris: Patient):
    fields = edit_fields(alice_client, iris)
    assert fields["mrn"] == iris.mrn
    answer = post(alice_client, f"/patients/{iris.pk}/edit/", **{**fields, "given_name": "Irene"})
    iris.refresh_from_db()
    assert (answer.status_code, iris.given_name) == (302, "Irene")
    assert AuditEvent.objects.get(action="patient.update").details == {"changed": ["given_name"]}


def test_reading_the_edit_form_is_audited(alice_client: Client, iris: Patient):
    alice_client.get(f"/patients/{iris.pk}/edit/")
    assert AuditEvent.objects.get(action="patient.read").patient_ids == [str(iris.pk)]


def test_two_who_edit_at_once_do_not_overwrite_each_other(alice_client: Client, iris: Patient, rita_actor: Actor):
    fields = edit_fields(alice_client, iris)
    patient_update(patient=iris, actor=rita_actor, mrn="SM-77")
    answer = post(alice_client, f"/patients/{iris.pk}/edit/", **fields)
    page = answer.content.decode()
    assert "Somebody changed this patient while you were writing." in page
    assert Patient.objects.get().mrn == "SM-77"
    again = {name: str(answer.context["form"][name].value()) for name in answer.context["form"].fields}
    assert post(alice_client, f"/patients/{iris.pk}/edit/", **again).status_code == 302


def test_editing_can_not_take_anothers_mrn(alice_client: Client, iris: Patient, register: Register, alice_actor: Actor):
    other = register(alice_actor, mrn="SM-2", family_name="Brook")
    fields = {**edit_fields(alice_client, other), "mrn": iris.mrn}
    page = post(alice_client, f"/patients/{other.pk}/edit/", **fields).content.decode()
    assert f'<a href="/patients/{iris.pk}/">Open that patient</a>' in page


def test_a_new_name_that_makes_a_duplicate_is_asked_about(
    alice_client: Client, iris: Patient, register: Register, alice_actor: Actor
):
    other = register(alice_actor, mrn="SM-2", family_name="Brook")
    fields = {**edit_fields(alice_client, other), "family_name": "Vale"}
    page = post(alice_client, f"/patients/{other.pk}/edit/", **fields).content.decode()
    assert "Save anyway" in page
    answer = post(alice_client, f"/patients/{other.pk}/edit/", **{**fields, "duplicates_seen": str(iris.pk)})
    assert answer.status_code == 302


def test_charlie_gets_404_for_alices_patient(charlie_client: Client, iris: Patient):
    address = f"/patients/{iris.pk}/edit/"
    assert charlie_client.get(address).status_code == 404
    assert post(charlie_client, address, given_name="Irene").status_code == 404
    iris.refresh_from_db()
    assert iris.given_name == "Iris"


def test_an_administrator_registers_nobody(admin_ann_client: Client):
    assert post(admin_ann_client).status_code == 403
    assert not Patient.objects.exists()
