"""From the administrator's form to a person who works here: the link, what it shows, and how often it works."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Hospital, Invitation, Membership, User
from portal.accounts.services import invitation_accept, person_deactivate, person_invite
from portal.audit.models import AuditEvent
from tests.support.people import PASSWORD, signed_in

NEW = {"full_name": "Dora Newman", "password": "nine-loud-otters", "password_again": "nine-loud-otters"}


def invite(client, email="dora@example.org", *, roles=("doctor",), **extra):
    fields = {"email": email, "full_name": "Dora", "roles": list(roles)}
    return client.post(reverse("accounts:invite"), fields, **extra)


def link_in(message):
    return re.search(r"http\S+/invitation/\S+/", message.body)[0]


def path_of(link):
    return link.removeprefix("http://testserver")


def roles_of(email, hospital):
    active = Membership.objects.active().filter(user__email=email, hospital=hospital)
    return set(active.values_list("role", flat=True))


@pytest.fixture
def link(admin_ann_client):
    assert invite(admin_ann_client, roles=("doctor", "reviewer")).status_code == 302
    return path_of(link_in(mail.outbox[-1]))


def test_an_invited_person_joins_and_is_signed_in(link, client, st_mary):
    opened = client.get(link)
    assert opened["Location"] == "/invitation/"
    assert "St Mary" in client.get("/invitation/").content.decode()
    joined = client.post("/invitation/", NEW)
    assert joined["Location"] == reverse("today")
    assert roles_of("dora@example.org", st_mary) == {"doctor", "reviewer"}
    session = client.get("/session/").json()
    assert (session["signed_in"], session["hospital"]) == (True, str(st_mary.pk))
    assert User.objects.get(email="dora@example.org").password.startswith("argon2$")


def test_only_the_digest_is_kept_and_nothing_personal_is_audited(link):
    token = link.rstrip("/").rsplit("/", 1)[-1]
    invitation = Invitation.objects.get()
    assert token not in str(vars(invitation))
    assert len(invitation.digest) == 64
    event = AuditEvent.objects.get(action="invitation.create")
    assert event.details == {"roles": ["doctor", "reviewer"]}
    assert "dora" not in str(vars(event))


def test_looking_at_the_link_consumes_nothing(link, client):
    for _ in range(3):
        Client().get(link)
    Client().head(link)
    client.get(link)
    assert client.post("/invitation/", NEW).status_code == 302


def test_the_link_works_once(link, client, st_mary):
    client.get(link)
    client.post("/invitation/", NEW)
    second = Client()
    again = second.get(link)
    assert again.status_code == 404
    assert "no longer works" in again.content.decode()
    assert second.post("/invitation/", {**NEW, "full_name": "Mallory"}).status_code == 404
    assert User.objects.get(email="dora@example.org").full_name == "Dora Newman"


@pytest.mark.parametrize("path", ["/invitation/", "/invitation/guessed/", f"/invitation/{'x' * 300}/"])
def test_without_a_valid_token_there_is_nothing(path, client, db):
    assert client.get(path).status_code == 404


def test_an_expired_link_says_so(link, client):
    client.get(link)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 404
    assert client.post("/invitation/", NEW).status_code == 404
    assert not User.objects.filter(email="dora@example.org").exists()


def test_a_withdrawn_link_ends_even_where_it_is_open(link, client, admin_ann_client):
    client.get(link)
    admin_ann_client.post(reverse("accounts:invitation_revoke", args=[Invitation.objects.get().pk]))
    assert client.post("/invitation/", NEW).status_code == 404


def test_sending_again_makes_a_new_link_and_ends_the_old(link, client, admin_ann_client):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    admin_ann_client.post(reverse("accounts:invitation_resend", args=[Invitation.objects.get().pk]))
    new = path_of(link_in(mail.outbox[-1]))
    assert new != link
    assert client.get(link).status_code == 404
    assert client.get(new).status_code == 302


def test_a_weak_password_or_two_different_ones_do_not_join(link, client):
    client.get(link)
    weak = client.post("/invitation/", {**NEW, "password": "password", "password_again": "password"})
    assert "too common" in weak.content.decode()
    differ = client.post("/invitation/", {**NEW, "password_again": "other-loud-otters"})
    assert "not the same" in differ.content.decode()
    like_mail = client.post(
        "/invitation/", {**NEW, "password": "dora@example.org", "password_again": "dora@example.org"}
    )
    assert "similar" in like_mail.content.decode()
    assert not User.objects.filter(email="dora@example.org").exists()


def test_the_token_never_leaves_to_another_site_and_is_not_cached(link, client):
    response = client.get(link)
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert link.rstrip("/").rsplit("/", 1)[-1] not in client.get("/invitation/").content.decode()


def test_the_link_names_the_host_that_was_asked_and_a_foreign_host_is_refused(admin_ann_client):
    assert invite(admin_ann_client, headers={"host": "evil.example"}).status_code == 400
    assert not mail.outbox
    invite(admin_ann_client)
    assert link_in(mail.outbox[-1]).startswith("http://testserver/")


def test_bob_of_another_hospital_accepts_with_his_own_password(admin_ann_client, bob, st_mary, county, sign_in, client):
    invite(admin_ann_client, "BOB@example.org", roles=("reviewer",))
    client.get(path_of(link_in(mail.outbox[-1])))
    assert "has an account already" in client.get("/invitation/").content.decode()
    assert client.post("/invitation/", NEW).status_code == 200  # the form of a new person changes nothing
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)
    assert sign_in(bob.email, next_url="/invitation/")["Location"] == "/invitation/"
    assert roles_of(bob.email, st_mary) == set()
    assert client.post("/invitation/")["Location"] == reverse("today")
    assert roles_of(bob.email, st_mary) == {"reviewer"}
    assert roles_of(bob.email, county) == {"doctor"}
    assert client.get("/session/").json()["hospital"] == str(st_mary.pk)


def test_an_invitation_for_somebody_else_is_not_accepted(admin_ann_client, bob, charlie_client, st_mary):
    invite(admin_ann_client, bob.email)
    charlie_client.get(path_of(link_in(mail.outbox[-1])))
    assert "signed in as charlie@example.org" in charlie_client.get("/invitation/").content.decode()
    charlie_client.post("/invitation/")
    assert roles_of("charlie@example.org", st_mary) == set()
    assert roles_of(bob.email, st_mary) == set()


def test_somebody_deactivated_everywhere_comes_back_with_a_new_password(
    alice, admin_ann_client, admin_ann_actor, st_mary, client
):
    person_deactivate(user=alice, actor=admin_ann_actor, hospital=st_mary, at=timezone.now())
    invite(admin_ann_client, alice.email)
    client.get(path_of(link_in(mail.outbox[-1])))
    client.post("/invitation/", NEW)
    alice.refresh_from_db()
    assert alice.is_active
    assert alice.check_password(NEW["password"])


def test_a_member_or_a_second_invitation_is_refused_in_words(admin_ann_client, alice):
    assert "works here already" in invite(admin_ann_client, "ALICE@example.org").content.decode()
    invite(admin_ann_client)
    assert "waiting already" in invite(admin_ann_client, "Dora@Example.org").content.decode()
    assert Invitation.objects.count() == 1


def test_an_invitation_is_the_business_of_its_hospital(link, join, county):
    mallory = signed_in(join(county, "mallory", "administrator"))
    invitation = Invitation.objects.get()
    assert mallory.post(reverse("accounts:invitation_resend", args=[invitation.pk])).status_code == 404
    assert mallory.post(reverse("accounts:invitation_revoke", args=[invitation.pk])).status_code == 404
    assert "dora@example.org" not in mallory.get(reverse("accounts:people")).content.decode()
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_when_the_mail_server_refuses_the_administrator_reads_it(admin_ann_client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nothing listens there
    invite(admin_ann_client)
    assert "did not take" in admin_ann_client.get(reverse("accounts:people")).content.decode()
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_use_one_link_at_the_same_moment_make_one_person():
    hospital = Hospital.objects.create(name="Race")
    invitation, _ = person_invite(
        hospital=hospital, email="r@example.org", full_name="R", roles=["doctor"], at=timezone.now(), actor=None
    )
    start, ends = Barrier(2), []

    def accept(password):
        start.wait()
        try:
            invitation_accept(invitation=invitation, full_name=password, password=password, at=timezone.now())
            ends.append("joined")
        except ValidationError:
            ends.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=accept, args=(f"password-{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["joined", "refused"]
    assert User.objects.filter(email="r@example.org").count() == 1
