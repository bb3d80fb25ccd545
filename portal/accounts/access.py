"""Marks that views carry, and the gate that reads them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class ActorRequest(HttpRequest):
    """A request behind the sign-in gate, for type checkers: ``ActorMiddleware`` sets ``actor``."""

    actor: Actor


def automatic(view: View) -> View:
    """A view that pages call by themselves (polls, pictures): it never extends a session and answers 401 after it."""
    view.automatic = True  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only for actors with this permission; everyone else gets 403 with a sentence."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gate(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.actor.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View, gate)

    return decorate
