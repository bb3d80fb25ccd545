"""Making, finding and ending API tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from portal.accounts.models import ApiToken, Hospital, Membership, User
from portal.accounts.permissions import SCOPES

PREFIX = "btl_"


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def api_token_create(
    *, hospital: Hospital, user: User, name: str, scopes: Iterable[str], expires_at: datetime, created_by: User | None
) -> tuple[ApiToken, str]:
    """The new row, and the token itself: this is the only time that anyone sees it."""
    scopes = sorted(scopes)
    unknown = set(scopes) - {str(scope) for scope in SCOPES}
    if unknown or not scopes:
        raise ValueError(f"scopes must be some of {sorted(SCOPES)}. Received: {scopes}")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        hospital=hospital,
        user=user,
        name=name,
        digest=token_digest(token),
        hint=token[:8],
        scopes=scopes,
        expires_at=expires_at,
        created_by=created_by,
    )
    return row, token


def api_token_find(token: str, *, at: datetime) -> ApiToken | None:
    """The valid token's row; its system must be active and still belong to the token's hospital."""
    known = ApiToken.objects.filter(digest=token_digest(token), user__is_active=True)
    working = Membership.objects.active().filter(user=OuterRef("user"), hospital=OuterRef("hospital"))
    row = known.filter(Exists(working)).select_related("user", "hospital").first()
    return row if row and row.is_valid(at=at) else None


def api_token_revoke(token: ApiToken, *, at: datetime) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
