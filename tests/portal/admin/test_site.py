"""Who gets into the admin, and that its own sign-in, passwords and log are out of the way."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory
from django.urls import reverse

from patients.models import Note, Patient
from portal.admin.base import ReadOnlyAdmin


def test_reviewers_and_administrators_get_in(rita_client, admin_ann_client):
    assert rita_client.get("/admin/").status_code == 200
    assert admin_ann_client.get("/admin/").status_code == 200


def test_a_doctor_gets_403_everywhere(alice_client):
    for path in ("/admin/", "/admin/jsi18n/", "/admin/classify/", "/admin/password_change/"):
        assert alice_client.get(path).status_code == 403, path


def test_an_administrator_who_is_no_doctor_sees_nothing_clinical(admin_ann_client):
    for path in ("/admin/classify/prediction/", "/admin/classify/beat/", "/admin/review/reading/"):
        assert admin_ann_client.get(path).status_code == 403, path
    page = admin_ann_client.get("/admin/").content.decode()
    assert reverse("admin:classify_prediction_changelist") not in page


def test_a_stranger_goes_to_the_portals_sign_in_and_comes_back(client, db):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/account/login/?next=/admin/"
    assert client.get("/admin/login/")["Location"] == "/account/login/?next=/admin/"
    assert client.get("/admin/login/?next=https://evil.example/")["Location"] == "/account/login/?next=/admin/"


def test_the_admins_password_and_sign_out_pages_are_the_portals(rita_client):
    assert rita_client.get("/admin/password_change/")["Location"] == reverse("account_change_password")
    assert rita_client.post("/admin/logout/")["Location"] == reverse("account_logout")
    assert rita_client.get("/session/").json()["signed_in"] is True


def test_the_admin_has_no_inline_script_or_style_that_the_policy_would_block(rita_client):
    page = rita_client.get("/admin/")
    assert "script-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert " style=" not in text
    assert "<script>" not in text
    assert "onclick=" not in text


@pytest.fixture
def note(st_mary, alice):
    patient = Patient.objects.create(
        hospital=st_mary, mrn="1", family_name="Secret", given_name="Name", birth_date="1950-01-01", created_by=alice
    )
    return Note.objects.create(patient=patient, author=alice, text="Secret remark")


@pytest.fixture
def request_of(db):
    def make(actor):
        request = RequestFactory().get("/admin/")
        request.user, request.actor = actor.user, actor
        return request

    return make


class NoteAdmin(ReadOnlyAdmin):
    list_filter = ["patient", "author"]


def test_choosers_and_filters_offer_the_own_hospital_only(note, rita_actor, charlie_actor, request_of):
    model_admin = NoteAdmin(Note, admin.site)
    for actor, sees in ((rita_actor, True), (charlie_actor, False)):
        request = request_of(actor)
        for name, row in (("patient", note.patient), ("author", note.author)):
            chooser = model_admin.get_field_queryset(None, Note._meta.get_field(name), request)
            assert chooser.filter(pk=row.pk).exists() is sees
        assert model_admin.get_queryset(request).exists() is sees
        filters = [
            f(Note._meta.get_field(n), request, {}, Note, model_admin, n)
            for n, f in model_admin.get_list_filter(request)
        ]
        assert all(bool(listed.lookup_choices) is sees for listed in filters)


def test_the_admins_log_holds_ids_only(note, rita_actor, request_of):
    model_admin = NoteAdmin(Note, admin.site)
    request = request_of(rita_actor)
    model_admin.log_change(request, note, [{"changed": {"fields": ["text"], "object": "Secret remark"}}])
    model_admin.log_addition(request, note, "Secret")
    model_admin.log_deletions(request, Note.objects.all())
    assert LogEntry.objects.count() == 3
    for entry in LogEntry.objects.all():
        assert entry.object_repr == str(note.pk)
        assert "Secret" not in entry.change_message
