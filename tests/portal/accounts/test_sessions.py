"""The idle time-out, what ends a session, and the hospital that it acts in."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.middleware import LAST_ACTIVE
from portal.accounts.models import Membership
from portal.accounts.services import membership_grant, person_deactivate, person_reactivate
from tests.support.people import PASSWORD, signed_in

SESSION = "/session/"


def idle(client, minutes):
    """As if nobody had used the session for so long."""
    session = client.session
    session[LAST_ACTIVE] = (timezone.now() - timedelta(minutes=minutes)).isoformat()
    session.save()


def last_active(client):
    return client.session[LAST_ACTIVE]


def test_a_page_extends_the_session(alice_client):
    alice_client.get("/settings/")
    idle(alice_client, 29)
    before = last_active(alice_client)
    assert alice_client.get("/settings/").status_code == 200
    assert last_active(alice_client) > before


def test_automatic_requests_never_extend_the_session(alice_client):
    alice_client.get("/settings/")
    idle(alice_client, 29)
    before = last_active(alice_client)
    for _ in range(3):
        assert alice_client.get(SESSION).json()["signed_in"] is True
    assert last_active(alice_client) == before


def test_a_session_that_only_automatic_requests_use_ends_too(alice_client):
    alice_client.get(SESSION)
    idle(alice_client, 31)
    assert alice_client.get(SESSION).json()["signed_in"] is False


def test_after_the_time_out_a_page_asks_to_sign_in_and_comes_back(alice_client):
    alice_client.get("/settings/")
    idle(alice_client, 31)
    response = alice_client.get("/settings/")
    assert response["Location"] == "/account/login/?next=/settings/"
    assert "_auth_user_id" not in alice_client.session


def test_after_the_time_out_automatic_and_htmx_requests_get_401(alice_client, monkeypatch):
    alice_client.get("/settings/")
    idle(alice_client, 31)
    assert alice_client.get("/settings/", headers={"HX-Request": "true"}).status_code == 401


def test_an_automatic_view_answers_401_to_a_stranger(client, db, settings):
    settings.ROOT_URLCONF = "tests.portal.accounts.urls_with_poll"
    assert client.get("/poll/").status_code == 401


def test_an_automatic_view_answers_while_signed_in_and_does_not_extend(alice_client, settings):
    alice_client.get("/settings/")
    idle(alice_client, 20)
    before = last_active(alice_client)
    settings.ROOT_URLCONF = "tests.portal.accounts.urls_with_poll"
    assert alice_client.get("/poll/").status_code == 200
    assert last_active(alice_client) == before
    idle(alice_client, 31)
    assert alice_client.get("/poll/").status_code == 401


def test_the_session_answer_is_not_cached_and_carries_a_working_csrf_token(alice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    answer = strict.get(SESSION)
    assert "no-store" in answer["Cache-Control"]
    token = answer.json()["csrf_token"]
    fields = {"full_name": "Alice A.", "csrfmiddlewaretoken": token}
    assert strict.post("/settings/", fields).status_code == 302
    assert strict.post("/settings/", {"full_name": "Mallory"}).status_code == 403
    alice.refresh_from_db()
    assert alice.full_name == "Alice A."


def test_a_password_change_ends_the_other_sessions_and_keeps_this_one(alice, sign_in, client):
    other = signed_in(alice)
    sign_in(alice.email)
    fields = {"oldpassword": PASSWORD, "password1": "nine-loud-otters", "password2": "nine-loud-otters"}
    assert client.post("/account/password/change/", fields).status_code == 302
    assert client.get(SESSION).json()["signed_in"] is True
    assert other.get(SESSION).json()["signed_in"] is False


def test_a_weak_or_wrong_password_change_changes_nothing(alice, sign_in, client):
    sign_in(alice.email)
    weak = {"oldpassword": PASSWORD, "password1": "alice", "password2": "alice"}
    assert client.post("/account/password/change/", weak).status_code == 200
    wrong = {"oldpassword": "wrong", "password1": "nine-loud-otters", "password2": "nine-loud-otters"}
    assert client.post("/account/password/change/", wrong).status_code == 200
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_deactivation_ends_open_sessions_at_once_and_for_good(
    alice, alice_client, admin_ann_actor, st_mary, rita_client
):
    assert alice_client.get("/settings/").status_code == 200
    rita_client.get("/settings/")
    person_deactivate(user=alice, actor=admin_ann_actor, hospital=st_mary, at=timezone.now())
    assert alice_client.get("/settings/").status_code == 302
    person_reactivate(user=alice, roles=["doctor"], actor=admin_ann_actor, hospital=st_mary)
    assert alice_client.get("/settings/").status_code == 302
    assert rita_client.get("/settings/").status_code == 200


@pytest.fixture
def alice_of_two(alice, county):
    membership_grant(hospital=county, user=alice, role="reviewer", actor=None)
    return alice


def test_a_session_acts_in_the_hospital_it_switched_to(alice_of_two, alice_client, county, st_mary):
    first = alice_client.get(SESSION).json()["hospital"]
    other = st_mary if first == str(county.pk) else county
    assert alice_client.post("/switch/", {"hospital": other.pk}).status_code == 302
    assert alice_client.get(SESSION).json()["hospital"] == str(other.pk)
    assert alice_client.get("/settings/").context["request"].actor.hospital == other


def test_each_session_has_its_own_hospital(alice_of_two, county, st_mary):
    here, there = signed_in(alice_of_two), signed_in(alice_of_two)
    here.post("/switch/", {"hospital": county.pk})
    there.post("/switch/", {"hospital": st_mary.pk})
    assert here.get(SESSION).json()["hospital"] == str(county.pk)
    assert there.get(SESSION).json()["hospital"] == str(st_mary.pk)


def test_rights_are_those_of_the_hospital_one_acts_in(alice_of_two, alice_client, county, st_mary):
    alice_client.post("/switch/", {"hospital": county.pk})
    assert alice_client.get("/settings/").context["request"].actor.may_review
    alice_client.post("/switch/", {"hospital": st_mary.pk})
    assert not alice_client.get("/settings/").context["request"].actor.may_review


@pytest.mark.parametrize("wanted", ["", "nonsense"])
def test_switching_to_nonsense_is_404(alice_client, wanted):
    assert alice_client.post("/switch/", {"hospital": wanted}).status_code == 404


def test_nobody_switches_to_a_hospital_where_they_do_not_work(alice_client, county):
    assert alice_client.post("/switch/", {"hospital": county.pk}).status_code == 404
    assert alice_client.get(SESSION).json()["hospital"] != str(county.pk)


def test_a_form_left_open_for_the_old_hospital_is_refused_after_a_switch(alice_of_two, county, st_mary):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice_of_two)
    old = browser.get(SESSION).json()
    other = st_mary if old["hospital"] == str(county.pk) else county
    switched = browser.post("/switch/", {"hospital": other.pk, "csrfmiddlewaretoken": old["csrf_token"]})
    assert switched.status_code == 302
    late = browser.post("/settings/", {"full_name": "Late", "csrfmiddlewaretoken": old["csrf_token"]})
    assert late.status_code == 403


def test_when_the_role_here_ends_the_session_does_not_slip_into_another_hospital(alice_of_two, alice_client, st_mary):
    alice_client.post("/switch/", {"hospital": st_mary.pk})
    Membership.objects.filter(user=alice_of_two, hospital=st_mary).update(ended_at=timezone.now())
    assert alice_client.get("/settings/").status_code == 302
    assert "_auth_user_id" not in alice_client.session


def test_deactivation_here_leaves_the_session_in_the_other_hospital(alice_of_two, admin_ann_actor, county, st_mary):
    here, there = signed_in(alice_of_two), signed_in(alice_of_two)
    here.post("/switch/", {"hospital": st_mary.pk})
    there.post("/switch/", {"hospital": county.pk})
    person_deactivate(user=alice_of_two, actor=admin_ann_actor, hospital=st_mary, at=timezone.now())
    assert here.get("/settings/").status_code == 302
    assert there.get("/settings/").status_code == 200


def test_an_open_page_can_tell_whether_another_person_signed_in(alice_client, rita_client):
    mark = alice_client.get(SESSION).json()["person"]
    assert f'data-person="{mark}"' in alice_client.get("/settings/").content.decode()
    assert rita_client.get(SESSION).json()["person"] != mark
    assert Client().get(SESSION).json()["person"] is None


def test_the_mark_of_a_person_says_nothing_of_them(alice, alice_client):
    mark = alice_client.get(SESSION).json()["person"]
    assert len(mark) == 20
    assert mark not in str(alice.pk)
    assert hashlib.sha256(str(alice.pk).encode()).hexdigest()[:20] != mark


@pytest.mark.parametrize("path", ["/settings/", "/settings/hospital/people/", "/settings/hospital/audit/", "/about/"])
def test_what_somebody_signed_in_sees_is_kept_in_no_cache(admin_ann_client, path):
    assert "no-store" in admin_ann_client.get(path)["Cache-Control"]


def test_a_page_with_a_patient_s_name_is_kept_in_no_cache(alice, alice_client, st_mary, make_patient, make_recording):
    recording = make_recording(make_patient(st_mary, alice))
    for page in ("", "move/", "withdraw/"):
        assert "no-store" in alice_client.get(f"/recordings/{recording.pk}/{page}")["Cache-Control"]


def test_an_error_page_of_somebody_signed_in_is_kept_in_no_cache(alice_client):
    assert "no-store" in alice_client.get(f"/recordings/{uuid4()}/")["Cache-Control"]


def test_a_public_page_may_be_cached_by_strangers():
    assert "Cache-Control" not in Client().get("/about/")


def test_signing_out_empties_the_browser_s_cache(alice_client):
    assert "Clear-Site-Data" not in alice_client.get("/account/logout/")
    assert alice_client.post("/account/logout/")["Clear-Site-Data"] == '"cache"'


def test_a_call_of_the_api_without_a_token_is_no_sign_out(alice_client):
    answer = alice_client.get("/api/v1/patients/")
    assert answer.status_code == 401
    assert "Clear-Site-Data" not in answer
