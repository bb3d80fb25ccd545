from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actor import Actor
from portal.accounts.models import ApiToken, Hospital, Membership, User
from portal.accounts.permissions import PERSON_ROLES, Role
from portal.accounts.services.ground import administrator_stays, hospital_locked, note, roles_checked
from portal.accounts.sessions import sessions_end


@transaction.atomic
def person_create(
    *, hospital: Hospital, email: str, full_name: str, roles: Iterable[str], password: str | None
) -> User:
    """A person with roles in this hospital, without an invitation: for demo data and tests.

    ``password`` None makes a person who can't sign in until they reset it. For someone who has an account already
    (a second hospital) use ``membership_grant``.
    """
    chosen = roles_checked(roles)
    validate_email(email)
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError(_("There is an account with this e-mail address already."), code="taken")
    user = User.objects.create_user(email, password, full_name=full_name)
    note(None, hospital, "person.create", user)
    for role in chosen:
        membership_grant(hospital=hospital, user=user, role=role, actor=None)
    return user


@transaction.atomic
def membership_grant(*, hospital: Hospital, user: User, role: str, actor: Actor | None) -> Membership:
    """The person has this role in this hospital from now on; where they have it already, nothing changes."""
    held = hospital_locked(hospital, actor)
    membership, new = Membership.objects.get_or_create(user=user, hospital=held, role=role, ended_at=None)
    if new:
        note(actor, held, "membership.grant", user, {"role": str(role)})
    return membership


@transaction.atomic
def membership_end(*, membership: Membership, actor: Actor | None, at: datetime) -> None:
    """Ends one role. A person whose last role anywhere ended can't sign in any more."""
    held = hospital_locked(membership.hospital, actor)
    user = membership.user
    if membership.role == Role.ADMINISTRATOR:
        _administrator_may_go(held, user, actor)
    ended = Membership.objects.active().filter(pk=membership.pk).update(ended_at=at)
    if ended:
        note(actor, held, "membership.end", user, {"role": membership.role})
        _close_without_roles(held, user, at=at)


@transaction.atomic
def person_roles_set(*, user: User, roles: Iterable[str], actor: Actor, at: datetime) -> None:
    """The person's roles in the actor's hospital become exactly these."""
    held = hospital_locked(actor.hospital, actor)
    chosen = roles_checked(roles)
    active = {m.role: m for m in Membership.objects.active().filter(user=user, hospital=held, role__in=PERSON_ROLES)}
    for role in chosen:
        membership_grant(hospital=held, user=user, role=role, actor=actor)
    for role, membership in active.items():
        if role not in chosen:
            membership_end(membership=membership, actor=actor, at=at)


@transaction.atomic
def person_deactivate(*, user: User, actor: Actor | None, hospital: Hospital, at: datetime) -> None:
    """Ends all roles in this hospital, the sessions in it, and the tokens that act as this person there.

    Somebody who works in no other hospital can't sign in any more at all.
    """
    held = hospital_locked(hospital, actor)
    roles = list(Membership.objects.active().filter(user=user, hospital=held).values_list("role", flat=True))
    if not roles:
        raise ValidationError(_("This person has no active role in this hospital."), code="inactive")
    if Role.ADMINISTRATOR in roles or (actor is not None and actor.user == user):
        _administrator_may_go(held, user, actor)
    Membership.objects.active().filter(user=user, hospital=held).update(ended_at=at)
    note(actor, held, "person.deactivate", user, {"roles": sorted(roles)})
    _close_without_roles(held, user, at=at)


@transaction.atomic
def person_reactivate(*, user: User, roles: Iterable[str], actor: Actor | None, hospital: Hospital) -> None:
    held = hospital_locked(hospital, actor)
    if not Membership.objects.filter(user=user, hospital=held).exists():
        raise ValidationError(_("This person never worked in this hospital. Invite them instead."), code="unknown")
    User.objects.filter(pk=user.pk).update(is_active=True)
    note(actor, held, "person.reactivate", user)
    for role in roles_checked(roles):
        membership_grant(hospital=held, user=user, role=role, actor=actor)


@transaction.atomic
def person_rename(*, actor: Actor, full_name: str) -> None:
    """Everybody writes their own name."""
    User.objects.filter(pk=actor.user.pk).update(full_name=full_name)
    note(actor, actor.hospital, "person.rename", actor.user)


def _administrator_may_go(hospital: Hospital, user: User, actor: Actor | None) -> None:
    if actor is not None and actor.user == user:
        raise ValidationError(
            _("You can't take the administrator role from yourself. Ask another administrator."), code="yourself"
        )
    administrator_stays(hospital, without=user)


def _close_without_roles(hospital: Hospital, user: User, *, at: datetime) -> None:
    active = Membership.objects.active().filter(user=user)
    if not active.filter(hospital=hospital).exists():
        ApiToken.objects.filter(user=user, hospital=hospital, revoked_at__isnull=True).update(revoked_at=at)
        sessions_end(user=user, hospital=hospital)
    if not active.exists():
        User.objects.filter(pk=user.pk).update(is_active=False)
        sessions_end(user=user)
