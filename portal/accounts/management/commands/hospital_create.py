"""The first hospital and its administrator, on the server's own command line."""

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.mail import invitation_send
from portal.accounts.models import Invitation
from portal.accounts.permissions import Role
from portal.accounts.services import hospital_create, person_invite


class Command(BaseCommand):
    help = "Makes a hospital and invites its administrator, by mail and by the link that is printed here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the hospital's name")
        parser.add_argument("--admin-email", required=True, help="where the invitation goes")
        parser.add_argument("--admin-name", default="", help="the administrator's full name; may be changed on joining")
        parser.add_argument(
            "--base-url", default="", help="how people reach this portal, as in https://ecg.example.org"
        )
        parser.add_argument("--no-mail", action="store_true", help="print the link only")

    def handle(self, *args: Any, **options: Any) -> None:
        base_url = base_url_checked(options["base_url"] or base_url_guessed())
        try:
            invitation, token = create(options["name"], options["admin_email"], options["admin_name"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        link = base_url + reverse("accounts:invitation_open", args=[token])
        self.stdout.write(f"{invitation.hospital.name} is made. Its administrator joins with this link, once, ")
        self.stdout.write(f"until {invitation.expires_at:%Y-%m-%d %H:%M %Z}:\n\n  {link}\n\n")
        if options["no_mail"]:
            return
        if invitation_send(invitation, link):
            self.stdout.write(f"The same link is on its way to {invitation.email}.")
        else:
            self.stderr.write("The mail server did not take the invitation: hand the link over yourself.")


@transaction.atomic
def create(name: str, email: str, full_name: str) -> tuple[Invitation, str]:
    hospital = hospital_create(name=name)
    return person_invite(
        hospital=hospital,
        email=email,
        full_name=full_name,
        roles=[Role.ADMINISTRATOR],
        at=timezone.now(),
        actor=None,
    )


def base_url_guessed() -> str:
    if not settings.PRODUCTION:
        return f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    host = settings.ALLOWED_HOSTS[0]
    if host.startswith((".", "*")):
        raise CommandError(f"Give --base-url: ALLOWED_HOSTS starts with the pattern {host!r}, which is no address.")
    return f"https://{host}"


def base_url_checked(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise CommandError(f"--base-url is as in https://ecg.example.org. Received: {text!r}")
    return f"{parts.scheme}://{parts.netloc}"
