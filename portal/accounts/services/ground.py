"""What every service here stands on: whose hospital it is, who noted it, and that an administrator stays."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from portal.accounts.actor import Actor
from portal.accounts.models import Hospital, Membership, User
from portal.accounts.permissions import PERSON_ROLES, Permission, Role
from portal.audit.services import audit_record, audit_record_system


def hospital_locked(hospital: Hospital, actor: Actor | None) -> Hospital:
    """The hospital's row, held until the end of the transaction.

    Two administrators who end each other's role at the same moment thus come one after the other, and the second
    is no administrator any more.
    """
    held = Hospital.objects.select_for_update().get(pk=hospital.pk)
    if actor is not None:
        administers = Membership.objects.active().filter(
            hospital=held, user=actor.user, user__is_active=True, role=Role.ADMINISTRATOR
        )
        if actor.hospital != held or not actor.may(Permission.ADMINISTER) or not administers.exists():
            raise PermissionDenied
    return held


def roles_checked(roles: Iterable[str]) -> list[str]:
    chosen = {str(role) for role in roles}
    if not chosen or chosen - set(PERSON_ROLES):
        raise ValidationError(_("Choose at least one role: doctor, reviewer or administrator."), code="roles")
    return [str(role) for role in PERSON_ROLES if role in chosen]


def administrator_stays(hospital: Hospital, *, without: User) -> None:
    others = (
        Membership.objects.active()
        .filter(hospital=hospital, role=Role.ADMINISTRATOR, user__is_active=True)
        .exclude(user=without)
    )
    if not others.exists():
        raise ValidationError(
            _("This is the hospital's last administrator. Make somebody else an administrator first."),
            code="last_administrator",
        )


def note(
    actor: Actor | None, hospital: Hospital, action: str, target: Model, details: dict[str, Any] | None = None
) -> None:
    if actor is not None:
        audit_record(actor, action, target=target, details=details)
    else:
        audit_record_system(hospital, action, target=target, details=details, via="command")
