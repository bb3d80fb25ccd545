"""A forgotten password: a link by mail, and no word on who has an account."""

import re
import threading

import pytest
from django.core import mail
from django.utils import timezone

from portal.accounts.services import person_deactivate
from tests.support.people import PASSWORD, signed_in

NEW = {"password1": "nine-loud-otters", "password2": "nine-loud-otters"}


def ask(client, email, **extra):
    answer = client.post("/account/password/reset/", {"email": email}, **extra)
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join()
    return answer


def link():
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]


def open_link(client):
    """The key goes into the session, and the form stands behind a redirect."""
    return client.get(link())["Location"]


def test_a_new_password_by_mail_ends_all_sessions(alice, client, sign_in):
    elsewhere = signed_in(alice)
    ask(client, "ALICE@example.org")
    assert mail.outbox[-1].to == [alice.email]
    form = open_link(client)
    assert client.post(form, NEW).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW["password1"])
    assert elsewhere.get("/session/").json()["signed_in"] is False
    assert sign_in(alice.email, NEW["password1"]).status_code == 302


def test_known_and_unknown_addresses_get_the_same_answer_and_only_one_gets_a_mail(alice, client):
    known, unknown = ask(client, alice.email), ask(client, "nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [[alice.email]]


def test_the_answer_does_not_wait_for_the_mail_server(alice, client, monkeypatch):
    """Else its time would tell who has an account."""
    from django.core.mail import EmailMessage

    released = threading.Event()
    monkeypatch.setattr(EmailMessage, "send", lambda self, *a, **k: released.wait(30))
    assert client.post("/account/password/reset/", {"email": alice.email}).status_code == 302
    waiting = [thread for thread in threading.enumerate() if thread.name == "mail"]
    assert len(waiting) == 1
    released.set()
    waiting[0].join()


def test_the_link_works_once_and_not_after_another_change(alice, client):
    ask(client, alice.email)
    first = link()
    client.post(open_link(client), NEW)
    assert client.get(first).status_code == 200
    alice.refresh_from_db()
    before = alice.password
    client.post(first, {"password1": "third-good-password", "password2": "third-good-password"})
    alice.refresh_from_db()
    assert alice.password == before


def test_a_deactivated_person_and_a_hospital_system_get_no_mail(alice, api_token, admin_ann_actor, st_mary, client):
    from portal.accounts.models import User

    person_deactivate(user=alice, actor=admin_ann_actor, hospital=st_mary, at=timezone.now())
    ask(client, alice.email)
    assert mail.outbox == []
    ask(client, User.objects.get(is_service=True).email)
    assert mail.outbox == []


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example"])
def test_a_foreign_host_never_gets_into_the_link(alice, client, host):
    assert ask(client, alice.email, headers={"host": host}).status_code == 400
    assert mail.outbox == []


def test_asking_is_limited(alice, client):
    statuses = [ask(client, alice.email).status_code for _ in range(6)]
    assert statuses[:5] == [302] * 5
    assert statuses[5] == 429 or len(mail.outbox) == 5


def test_a_weak_new_password_is_refused(alice, client):
    ask(client, alice.email)
    assert client.post(open_link(client), {"password1": "password", "password2": "password"}).status_code == 200
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
