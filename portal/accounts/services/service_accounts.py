import uuid
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actor import Actor
from portal.accounts.models import ApiToken, Hospital, Membership, User
from portal.accounts.permissions import Role
from portal.accounts.services.ground import hospital_locked, note
from portal.accounts.tokens import api_token_create, api_token_revoke


@transaction.atomic
def service_account_create(
    *,
    hospital: Hospital,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime,
    at: datetime,
    actor: Actor | None = None,
) -> tuple[ApiToken, str]:
    """A token for a hospital system, and the token itself, which nobody can see again.

    A second token of the same name acts as the same system, so that a renewed token goes on where the old one ended.
    """
    held = hospital_locked(hospital, actor)
    name = name.strip()
    if not name:
        raise ValidationError(_("Give the system a name."), code="name")
    if expires_at <= at:
        raise ValidationError(_("A token ends in the future."), code="expiry")
    user = _service_user(held, name)
    created_by = actor.user if actor else None
    row, token = api_token_create(
        hospital=held, user=user, name=name, scopes=scopes, expires_at=expires_at, created_by=created_by
    )
    note(actor, held, "token.create", row, {"scopes": row.scopes})
    return row, token


@transaction.atomic
def token_revoke(*, token: ApiToken, actor: Actor | None, at: datetime) -> None:
    held = hospital_locked(token.hospital, actor)
    api_token_revoke(token, at=at)
    note(actor, held, "token.revoke", token)


def _service_user(hospital: Hospital, name: str) -> User:
    acting = Membership.objects.active().filter(
        hospital=hospital, role=Role.SERVICE, user__is_service=True, user__is_active=True, user__full_name=name
    )
    if membership := acting.select_related("user").first():
        return membership.user
    # An address that can't exist: nobody can reset its password.
    user = User.objects.create_user(f"{uuid.uuid4().hex}@service.invalid", full_name=name, is_service=True)
    Membership.objects.create(user=user, hospital=hospital, role=Role.SERVICE)
    return user
