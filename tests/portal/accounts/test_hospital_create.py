"""The command that makes the first hospital: a link, never a password."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from portal.accounts.models import Hospital, Invitation, User


def run(**options):
    out, err = StringIO(), StringIO()
    call_command("hospital_create", stdout=out, stderr=err, **options)
    return out.getvalue() + err.getvalue()


def test_it_prints_and_sends_a_link_with_which_the_administrator_joins(db, client):
    said = run(name="North", admin_email="Ann@Example.org", admin_name="Ann", base_url="https://testserver/")
    link = re.search(r"https://testserver(/invitation/\S+/)", said)[1]
    assert link in mail.outbox[0].body
    assert mail.outbox[0].to == ["ann@example.org"]
    client.get(link)
    fields = {"full_name": "Ann", "password": "nine-loud-otters", "password_again": "nine-loud-otters"}
    assert client.post("/invitation/", fields).status_code == 302
    assert client.get("/settings/hospital/people/").status_code == 200
    assert User.objects.get().memberships.get().role == "administrator"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "Taken"}, "already"),
        ({"name": "  "}, "1 to 200"),
        ({"admin_email": "nonsense"}, "valid email"),
        ({"base_url": "ecg.example.org"}, "Received"),
        ({"base_url": "ftp://ecg.example.org"}, "Received"),
    ],
)
def test_a_mistake_gets_a_sentence_and_leaves_nothing_behind(db, wrong, words):
    Hospital.objects.create(name="Taken")
    with pytest.raises(CommandError, match=words):
        run(**{"name": "North", "admin_email": "ann@example.org", "base_url": "https://x.example", **wrong})
    assert Hospital.objects.count() == 1
    assert not Invitation.objects.exists()
    assert not mail.outbox


def test_production_takes_the_first_host_and_refuses_a_pattern(db, settings):
    settings.PRODUCTION = True
    settings.ALLOWED_HOSTS = ["ecg.example.org", "testserver"]
    assert "https://ecg.example.org/invitation/" in run(name="North", admin_email="a@example.org", no_mail=True)
    assert not mail.outbox
    settings.ALLOWED_HOSTS = [".example.org"]
    with pytest.raises(CommandError, match="--base-url"):
        run(name="South", admin_email="a@example.org")


def test_without_a_mail_server_the_link_is_still_printed(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    said = run(name="North", admin_email="a@example.org")
    assert "/invitation/" in said
    assert "did not take" in said
