"""From session to actor: idle time-out, the hospital one works in, and the sign-in gate, in this order."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from redis.exceptions import RedisError

from portal.accounts.actor import Actor, Origin, actor_of_person
from portal.accounts.models import Hospital
from portal.accounts.network import client_ip
from portal.accounts.sessions import HOSPITAL, LAST_ACTIVE

logger = logging.getLogger(__name__)


def is_automatic(view: Callable[..., Any]) -> bool:
    return getattr(view, "automatic", False)


class IdleTimeoutMiddleware:
    """Ends a session that nobody used for a while. Automatic requests do not count as use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if not request.user.is_authenticated:
            return
        now = timezone.now()
        last = request.session.get(LAST_ACTIVE)
        if last and now - datetime.fromisoformat(last) > settings.SESSION_IDLE_AFTER:
            logout(request)
        elif not last or not is_automatic(view):
            # A session that only automatic requests ever used has a beginning too.
            request.session[LAST_ACTIVE] = now.isoformat()


class ActorMiddleware:
    """Sets ``request.actor``: the person in the hospital chosen in this session, or None.

    What an actor gets to see is kept in no cache, so that the back button shows nothing after a sign-out; a view that
    wants it otherwise says so (pictures, which the browser asks about again each time).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.actor is not None and not response.has_header("Cache-Control"):  # type: ignore[attr-defined]
            add_never_cache_headers(response)
        if request.actor is not None and isinstance(request.user, AnonymousUser):  # type: ignore[attr-defined]
            response["Clear-Site-Data"] = '"cache"'  # who signs out leaves no picture on a shared workstation
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if request.user.is_authenticated:
            request.actor = actor_in_session(request)  # type: ignore[attr-defined]


def actor_in_session(request: HttpRequest) -> Actor | None:
    user = request.user
    if not user.is_authenticated or user.is_service:
        return None
    active = Hospital.objects.filter(memberships__user=user, memberships__ended_at__isnull=True)
    hospitals = tuple(active.distinct())
    chosen = hospital_of_session(request, hospitals)
    if chosen is None:
        return None
    origin = Origin(via="page", ip=client_ip(request))
    return actor_of_person(user, chosen, origin=origin, hospitals=hospitals)


def hospital_of_session(request: HttpRequest, hospitals: tuple[Hospital, ...]) -> Hospital | None:
    """The hospital this session acts in, fixed at its first page.

    When the person's last role there ends, the session does not slip into another of their hospitals: it ends.
    """
    chosen_id = request.session.get(HOSPITAL)
    if chosen_id is not None:
        return next((hospital for hospital in hospitals if str(hospital.pk) == chosen_id), None)
    if hospitals:
        request.session[HOSPITAL] = str(hospitals[0].pk)
    return hospitals[0] if hospitals else None


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every view is behind sign-in unless it is marked ``login_not_required``.

    An automatic or htmx request gets 401 instead of a redirect, so that a script sees that the session ended.
    Someone who signed in but belongs to no hospital (any more) is signed out.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if request.user.is_authenticated and request.actor is None:  # type: ignore[attr-defined]
            logout(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        if is_automatic(view_func) or getattr(request, "htmx", False):
            return HttpResponse(status=401)
        if request.method not in ("GET", "HEAD"):
            return redirect_to_login(page_before(request))
        return super().handle_no_permission(request, view_func)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Without the cache server attempts can't be counted, so nobody signs in; the page says so."""
        if not isinstance(exception, RedisError) or request.path.startswith("/api/"):
            return None  # the API answers in its own shape
        logger.error("The cache server did not answer: %s", type(exception).__name__)
        return render(request, "503.html", status=503)


def page_before(request: HttpRequest) -> str:
    """The path of the page that sent this form: after signing in one comes back to it, not to the form's target."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return ""
    return urlsplit(referer).path
