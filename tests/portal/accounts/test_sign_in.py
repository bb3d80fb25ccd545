"""E-mail and password, lockout with words, and what the answer must not tell."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.services import person_deactivate
from portal.audit.models import AuditEvent
from tests.support.people import PASSWORD

LOCKED = "Too many failed attempts. Wait ten minutes, then try again."
WRONG = "The e-mail address or the password is not right."


def test_alice_signs_in_whatever_the_case_of_her_address(alice, sign_in, client):
    response = sign_in(" ALICE@Example.ORG ")
    assert response.status_code == 302
    assert response["Location"] == reverse("today")
    assert client.get(reverse("accounts:session")).json()["signed_in"] is True
    assert AuditEvent.objects.filter(action="session.start", user=alice).count() == 1


def test_signing_in_changes_the_session_key(alice, client, sign_in):
    client.get(reverse("account_login"))
    session = client.session
    session["mark"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    sign_in(alice.email)
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_to_another_site(alice, sign_in, target):
    assert sign_in(alice.email, next_url=target)["Location"] == reverse("today")


def test_next_leads_to_our_own_pages(alice, sign_in):
    assert sign_in(alice.email, next_url="/settings/")["Location"] == "/settings/"


def test_wrong_password_and_unknown_address_get_the_same_answer(alice, sign_in):
    wrong = sign_in(alice.email, "not-her-password")
    unknown = sign_in("nobody@example.org", "not-her-password")
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert WRONG in wrong.content.decode()
    assert WRONG in unknown.content.decode()


def test_an_unknown_address_costs_a_password_hash_too(db, sign_in, monkeypatch):
    hashed = []
    original = User.set_password
    monkeypatch.setattr(User, "set_password", lambda self, raw: (hashed.append(raw), original(self, raw))[1])
    sign_in("nobody@example.org", "some-password")
    assert hashed == ["some-password"]


def test_after_five_failures_the_account_is_locked_in_words_even_for_the_right_password(alice, sign_in):
    for _ in range(5):
        assert WRONG in sign_in(alice.email, "wrong").content.decode()
    response = sign_in(alice.email.upper())
    assert LOCKED in response.content.decode()
    assert response.wsgi_request.user.is_anonymous


def test_the_lock_holds_for_the_account_from_any_address_and_not_for_others(alice, rita, sign_in):
    for number in range(5):
        sign_in(alice.email, "wrong", REMOTE_ADDR=f"192.0.2.{number}")
    assert LOCKED in sign_in(alice.email, REMOTE_ADDR="198.51.100.1").content.decode()
    assert sign_in(rita.email, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_the_lock_holds_for_an_address_that_tries_many_accounts(alice, sign_in):
    for number in range(20):
        sign_in(f"nobody{number}@example.org", "wrong", REMOTE_ADDR="192.0.2.9")
    assert LOCKED in sign_in(alice.email, REMOTE_ADDR="192.0.2.9").content.decode()
    assert sign_in(alice.email, REMOTE_ADDR="192.0.2.10").status_code == 302


def test_the_lock_lives_in_the_cache_server(alice, sign_in):
    sign_in(alice.email, "wrong")
    client = cache._cache.get_client()
    assert [key for key in client.keys(f"{cache.key_prefix}:*") if b"login_failed" in key]


def test_thirty_sign_ins_a_minute_from_one_address_are_the_limit(db, sign_in):
    statuses = [sign_in("nobody@example.org", "", REMOTE_ADDR="192.0.2.50").status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


def test_a_forged_forwarding_header_does_not_escape_the_lock(alice, sign_in):
    for number in range(20):
        sign_in(f"nobody{number}@example.org", "wrong", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert LOCKED in sign_in(alice.email, headers={"X-Forwarded-For": "203.0.113.99"}).content.decode()


def test_the_sign_in_form_needs_its_csrf_token(alice):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/account/login/", {"login": alice.email, "password": PASSWORD}).status_code == 403


def test_a_deactivated_person_does_not_get_in(alice, admin_ann_actor, st_mary, sign_in):
    from django.utils import timezone

    person_deactivate(user=alice, actor=admin_ann_actor, hospital=st_mary, at=timezone.now())
    response = sign_in(alice.email)
    assert response.wsgi_request.user.is_anonymous


def test_a_person_without_a_hospital_is_signed_out_again(db, client, sign_in):
    lost = User.objects.create_user("lost@example.org", PASSWORD, full_name="Lost")
    client.force_login(lost)
    assert client.get("/settings/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_hospital_system_has_no_pages(api_token, client):
    client.force_login(User.objects.get(is_service=True))
    assert client.get("/settings/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_sign_up_is_closed(client, db):
    before = User.objects.count()
    fields = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert "account/signup_closed.html" in [used.name for used in client.get("/account/signup/").templates]
    client.post("/account/signup/", fields)
    assert User.objects.count() == before


def test_nobody_changes_their_address_by_themselves(alice_client):
    assert alice_client.get("/account/email/").status_code == 404
    assert alice_client.post("/account/email/", {"email": "other@example.org", "action_add": ""}).status_code == 404


def test_signing_out_needs_a_post_and_ends_the_session(alice_client):
    alice_client.get("/account/logout/")
    assert alice_client.get(reverse("accounts:session")).json()["signed_in"] is True
    alice_client.post("/account/logout/")
    assert alice_client.get(reverse("accounts:session")).json()["signed_in"] is False


def test_a_form_sent_after_the_session_ended_comes_back_to_its_page(db, client):
    referer = {"Referer": "http://testserver/settings/hospital/people/?page=2"}
    assert client.post("/switch/", headers=referer)["Location"] == "/account/login/?next=/settings/hospital/people/"
    foreign = client.post("/switch/", headers={"Referer": "https://evil.example/x/"})["Location"]
    assert "evil" not in foreign


def test_without_the_cache_server_nobody_signs_in_and_the_page_says_why(alice, sign_in, client, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    response = sign_in(alice.email)
    assert response.status_code == 503
    assert "try again" in response.content.decode()
    assert client.get("/session/").json()["signed_in"] is False
