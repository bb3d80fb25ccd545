from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.accounts.mail import mail_send_later
from portal.accounts.middleware import actor_in_session
from portal.accounts.models import Hospital, User
from portal.accounts.network import client_ip
from portal.audit.services import audit_record, audit_record_system


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in as the library does it, with sign-up closed (people are invited) and every sign-in audited."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many failed attempts. Wait ten minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits count by and the one that the audit writes are the same."""
        address = client_ip(request)
        if address is None:
            raise PermissionDenied
        return address

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = get_current_site(self.request)
        full = {"request": self.request, "email": email, "current_site": site, **context}
        mail_send_later(self.render_mail(template_prefix, email, full))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        if not user.is_service:  # a hospital system has no password and never gets one
            super().send_password_reset_mail(user, email, context)

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        response = super().post_login(request, user, **how)
        if actor := actor_in_session(request):
            audit_record(actor, "session.start")
        return response

    def logout(self, request: HttpRequest) -> None:
        if actor := getattr(request, "actor", None):
            audit_record(actor, "session.end")
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        note_change(user, "person.password_change")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Called whenever the second step changes: ``mfa/email/totp_activated``, ``…/recovery_codes_generated``."""
        if template_prefix.startswith("mfa/"):
            note_change(user, f"person.{template_prefix.rsplit('/', 1)[-1]}")
        super().send_notification_mail(template_prefix, user, context, email)


def note_change(user: User, action: str) -> None:
    """In the audit of every hospital where this account opens a door."""
    for hospital in Hospital.objects.filter(memberships__user=user, memberships__ended_at__isnull=True).distinct():
        audit_record_system(hospital, action, target=user, via="page")
