"""The one admin site, behind the portal's own sign-in: MFA, lockout and the idle time-out hold here too."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class BeatlineAdminSite(AdminSite):
    site_header = _("Beatline review")
    site_title = _("Beatline")
    index_title = _("Review and administration")
    site_url = "/today/"

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and (actor.may_review or actor.may_administer)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_login")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_logout")
