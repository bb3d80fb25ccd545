"""How the API knows who calls: ``Authorization: Bearer <token>``; ``request.auth`` is then the Actor."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from portal.accounts.actor import Actor, Origin, actor_of_token
from portal.accounts.models import ApiToken, User
from portal.accounts.network import client_ip
from portal.accounts.tokens import api_token_find

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
    """A view names the scope that each method needs in ``scopes``; a method that it does not name is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "scopes", {}).get(request.method)
        return isinstance(request.auth, Actor) and scope is not None and request.auth.may(scope)


class TokenRateThrottle(SimpleRateThrottle):
    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        actor = request.auth
        ident = actor.token.id if isinstance(actor, Actor) and actor.token else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}
