"""The one admin site, behind the portal's own sign-in: MFA, lockout and the idle time-out hold here too."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _


class BeatlineAdminSite(AdminSite):
    site_header = _("Beatline review")
    site_title = _("Beatline")
    index_title = _("Review and administration")
    site_url = "/today/"

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and (actor.may_review or actor.may_administer)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:  # type: ignore[override]
        """A doctor is told that this is not theirs, instead of being asked to sign in again."""
        guarded = super().admin_view(view, cacheable)

        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if getattr(request, "actor", None) is not None and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        gate.__dict__.update(guarded.__dict__)  # such as the mark of the CSRF check
        return gate

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the address that turns any model's id into a page: it knows no hospital."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            wanted = reverse("admin:index")
        return redirect(wanted) if getattr(request, "actor", None) else redirect_to_login(wanted)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("accounts:settings")
