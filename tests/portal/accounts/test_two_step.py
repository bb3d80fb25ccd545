"""TOTP enrolment, the second step at sign-in, and recovery codes."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from portal.audit.models import AuditEvent
from tests.support.people import PASSWORD


def code_of(secret, *, ahead=0):
    """What the person's phone shows."""
    counter = int(time.time()) // 30 + ahead
    assert counter - ahead in list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


def confirm(client):
    """Before anything about the second step changes, the password is asked for again."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302


@pytest.fixture
def secret(alice, sign_in, client, django_capture_on_commit_callbacks):
    """Alice set up the app; ``client`` is signed in."""
    sign_in(alice.email)
    confirm(client)
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    return secret


def test_a_wrong_code_does_not_enrol(alice, sign_in, client):
    sign_in(alice.email)
    confirm(client)
    client.get("/account/2fa/totp/activate/")
    assert client.post("/account/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()


def test_the_password_alone_opens_nothing_any_more(alice, secret, sign_in, client):
    client.post("/account/logout/")
    assert sign_in(alice.email)["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/session/").json()["signed_in"] is False
    assert client.get("/settings/").status_code == 302


def test_password_and_code_sign_in_and_a_code_works_once(alice, secret, sign_in, client):
    used = code_of(secret, ahead=1)  # as on a phone whose clock is a little fast
    for expected in (302, 200):
        client.post("/account/logout/")
        sign_in(alice.email)
        assert client.post("/account/2fa/authenticate/", {"code": used}).status_code == expected
        assert client.get("/session/").json()["signed_in"] is (expected == 302)


def test_guessing_codes_is_limited_in_words(alice, secret, sign_in, client):
    client.post("/account/logout/")
    sign_in(alice.email)
    pages = [client.post("/account/2fa/authenticate/", {"code": f"{n:06}"}).content.decode() for n in range(7)]
    assert "Too many failed attempts. Wait ten minutes" in pages[-1]
    assert client.get("/session/").json()["signed_in"] is False


def test_a_recovery_code_works_once_in_place_of_the_app(alice, secret, sign_in, client):
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    assert codes[0] in page
    for expected in (302, 200):
        client.post("/account/logout/")
        sign_in(alice.email)
        assert client.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == expected


def test_a_session_alone_neither_turns_it_off_nor_shows_codes(alice, secret, sign_in, client):
    client.post("/account/logout/")
    sign_in(alice.email)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret, ahead=1)})
    for path in ("totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "recovery-codes/download/"):
        assert "reauthenticate" in client.get(f"/account/2fa/{path}")["Location"], path
    assert client.post("/account/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert Authenticator.objects.filter(type="totp").exists()
    confirm(client)
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(type="totp").exists()
    audited = set(AuditEvent.objects.filter(target_id=str(alice.pk)).values_list("action", flat=True))
    assert audited >= {"person.totp_activated", "person.totp_deactivated"}


def test_the_settings_page_says_whether_it_is_on(alice, secret, client):
    page = client.get("/settings/").content.decode()
    assert "Recovery codes" in page


def test_an_invitation_does_not_go_around_the_second_step(alice, secret, client, admin_ann_actor, st_mary):
    """Somebody who was let go and is invited again still needs the app."""
    from django.utils import timezone

    from portal.accounts.services import person_deactivate, person_invite

    now = timezone.now()
    person_deactivate(user=alice, actor=admin_ann_actor, hospital=st_mary, at=now)
    _, token = person_invite(
        hospital=st_mary, email=alice.email, full_name="Alice", roles=["doctor"], at=now, actor=admin_ann_actor
    )
    client.get(f"/invitation/{token}/")
    fields = {"full_name": "Alice", "password": PASSWORD + "2", "password_again": PASSWORD + "2"}
    assert client.post("/invitation/", fields)["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/session/").json()["signed_in"] is False
