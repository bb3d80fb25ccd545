"""How the API knows who calls: ``Authorization: Bearer <token>``; ``request.auth`` is then the Actor."""

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from portal.accounts.actor import Actor, Origin, actor_of_token
from portal.accounts.models import ApiToken, User
from portal.accounts.network import client_ip
from portal.accounts.permissions import Permission
from portal.accounts.tokens import api_token_find

logger = logging.getLogger(__name__)

NOTE_USE_EVERY = timedelta(minutes=1)


class BearerTokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        now = timezone.now()
        row = api_token_find(parts[1].decode("latin-1"), at=now) if len(parts) == 2 else None
        if row is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        if row.last_used_at is None or now - row.last_used_at > NOTE_USE_EVERY:
            ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
        return row.user, actor_of_token(row, origin=Origin(via="api", ip=client_ip(request)))

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """A view names in ``scopes`` the scope, or scopes, that each method needs; a method that is not named is closed.

    HEAD needs what GET needs; OPTIONS, which tells only the methods, needs a valid token and no scope.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Actor):
            return False
        if request.method == "OPTIONS":
            return True
        needed = scopes_needed(view, request.method or "")
        missing = [scope for scope in needed if not request.auth.may(scope)]
        if missing:
            self.message = _("This token lacks the scope %(scopes)s.") % {"scopes": ", ".join(missing)}
        return bool(needed) and not missing


def scopes_needed(view: Any, method: str) -> tuple[Permission, ...]:
    named = getattr(view, "scopes", {}).get("GET" if method == "HEAD" else method, ())
    return named if isinstance(named, tuple) else (named,)


class TokenRateThrottle(SimpleRateThrottle):
    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        actor = request.auth
        ident = actor.token.id if isinstance(actor, Actor) and actor.token else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            # Results stay readable and uploads are kept while the broker restarts: the database holds the truth.
            logger.warning("The rate limit is not counted: %s", type(error).__name__)
            return True
