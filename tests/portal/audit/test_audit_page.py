"""The administrator's list of who did what: its filters, its limits, and what it does not tell."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from patients.models import Patient
from portal.audit.append_only import AppendOnlyError
from portal.audit.models import AuditEvent
from portal.audit.services import audit_record

URL = "/settings/hospital/audit/"


def at(event, when):
    """Moves an event in time, around the guard that keeps events as they are."""
    QuerySet.update(AuditEvent.objects.filter(pk=event.pk), at=when)


@pytest.fixture
def patient(st_mary, alice):
    return Patient.objects.create(
        hospital=st_mary,
        mrn="MRN-77",
        family_name="Secret",
        given_name="Name",
        birth_date="1950-01-01",
        created_by=alice,
    )


def rows(response):
    return list(response.context["page"])


def test_it_shows_who_read_whom_by_ids_only(admin_ann_client, alice_actor, patient):
    audit_record(alice_actor, "patient.read", patients=[patient.pk], target=patient)
    page = admin_ann_client.get(URL).content.decode()
    assert "patient.read" in page
    assert "Alice" in page
    assert str(patient.pk)[:8] in page
    for hidden in (str(patient.pk), "Secret", "MRN-77"):
        assert hidden not in page


def test_another_hospitals_events_are_not_there(admin_ann_client, charlie_actor):
    audit_record(charlie_actor, "patient.read")
    assert "charlie" not in admin_ann_client.get(URL).content.decode().lower()
    assert not any(event.user == charlie_actor.user for event in rows(admin_ann_client.get(URL)))


def test_filters_by_person_action_and_date(admin_ann_client, alice_actor, rita_actor):
    audit_record(alice_actor, "patient.read")
    audit_record(rita_actor, "reading.sign")
    old = AuditEvent.objects.filter(action="reading.sign").get()
    at(old, timezone.now() - timedelta(days=10))
    by_person = rows(admin_ann_client.get(URL, {"person": alice_actor.user.pk}))
    assert {event.user for event in by_person} == {alice_actor.user}
    by_action = rows(admin_ann_client.get(URL, {"action": "reading.sign"}))
    assert by_action == [old]
    today = timezone.localdate()
    recent = rows(admin_ann_client.get(URL, {"since": today.isoformat(), "until": today.isoformat()}))
    assert old not in recent
    assert recent
    before = rows(admin_ann_client.get(URL, {"until": (today - timedelta(days=5)).isoformat()}))
    assert before == [old]


def test_a_person_of_another_hospital_is_no_choice(admin_ann_client, charlie):
    response = admin_ann_client.get(URL, {"person": charlie.pk})
    assert rows(response) == []
    assert "Charlie" not in response.content.decode()


@pytest.mark.parametrize("query", [{"since": "nonsense"}, {"action": "x"}, {"person": "x"}, {"page": "x"}])
def test_nonsense_in_a_filter_is_no_error(admin_ann_client, query):
    assert admin_ann_client.get(URL, query).status_code == 200


def test_it_pages_and_costs_the_same_queries(admin_ann_client, alice_actor, django_assert_max_num_queries):
    for _ in range(60):
        audit_record(alice_actor, "patient.read")
    with django_assert_max_num_queries(12):
        first = admin_ann_client.get(URL)
    assert len(rows(first)) == 50
    assert rows(admin_ann_client.get(URL, {"page": 2}))


def test_only_administrators_read_it(alice_client, rita_client):
    assert alice_client.get(URL).status_code == 403
    assert rita_client.get(URL).status_code == 403


def test_reading_it_is_an_event_too(admin_ann_client, admin_ann):
    admin_ann_client.get(URL)
    assert AuditEvent.objects.filter(action="audit.read", user=admin_ann, via="page").count() == 1


def test_events_cannot_be_changed_or_deleted(alice_actor):
    audit_record(alice_actor, "patient.read")
    event = AuditEvent.objects.get(action="patient.read")
    for change in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.update(action="x")
