import secrets
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actor import Actor, Origin, actor_of_person
from portal.accounts.models import Hospital, Invitation, Membership, User
from portal.accounts.services.ground import hospital_locked, note, roles_checked
from portal.accounts.tokens import token_digest


@transaction.atomic
def person_invite(
    *, hospital: Hospital, email: str, full_name: str, roles: Iterable[str], at: datetime, actor: Actor | None
) -> tuple[Invitation, str]:
    """A new invitation and the token of its link, which is kept nowhere."""
    held = hospital_locked(hospital, actor)
    email = email.strip().lower()
    validate_email(email)
    chosen = roles_checked(roles)
    _nobody_yet(held, email, at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        hospital=held,
        email=email,
        full_name=full_name.strip(),
        roles=chosen,
        digest=token_digest(token),
        invited_by=actor.user if actor else None,
        expires_at=at + settings.INVITATION_LIFETIME,
    )
    note(actor, held, "invitation.create", invitation, {"roles": chosen})
    return invitation, token


@transaction.atomic
def invitation_resend(*, invitation: Invitation, at: datetime, actor: Actor) -> str:
    """A new link with its full time; the old link ends."""
    held = hospital_locked(invitation.hospital, actor)
    token = secrets.token_urlsafe(32)
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
    if not waiting.update(digest=token_digest(token), expires_at=at + settings.INVITATION_LIFETIME):
        raise ValidationError(_("This invitation was accepted or withdrawn already."), code="closed")
    note(actor, held, "invitation.resend", invitation)
    return token


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, at: datetime, actor: Actor) -> None:
    held = hospital_locked(invitation.hospital, actor)
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
    if not waiting.update(revoked_at=at):
        raise ValidationError(_("This invitation was accepted or withdrawn already."), code="closed")
    note(actor, held, "invitation.revoke", invitation)


@transaction.atomic
def invitation_accept(
    *,
    invitation: Invitation,
    at: datetime,
    user: User | None = None,
    full_name: str = "",
    password: str | None = None,
    origin: Origin | None = None,
) -> User:
    """Gives the invited roles to ``user``, who signed in, or to a new person with this name and password.

    The link works once: whoever comes second finds it accepted.
    """
    digest = invitation.digest  # a link that was sent again in the meantime has another one
    open_still = Invitation.objects.filter(
        pk=invitation.pk, digest=digest, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    )
    if not open_still.update(accepted_at=at):
        raise ValidationError(_("This invitation was used or withdrawn, or its time is over."), code="closed")
    if user is None:
        user = _person_of(invitation.email, full_name=full_name, password=password)
    elif user.email != invitation.email or not user.is_active:
        raise ValidationError(_("This invitation is for somebody else."), code="somebody_else")
    roles = roles_checked(invitation.roles)
    for role in roles:
        Membership.objects.get_or_create(user=user, hospital=invitation.hospital, role=role, ended_at=None)
    actor = actor_of_person(user, invitation.hospital, origin=origin)
    note(actor, invitation.hospital, "invitation.accept", invitation, {"roles": roles})
    return user


def _nobody_yet(hospital: Hospital, email: str, *, at: datetime) -> None:
    if Membership.objects.active().filter(hospital=hospital, user__email=email).exists():
        raise ValidationError(_("This person works here already. Change their roles instead."), code="member")
    waiting = Invitation.objects.filter(
        hospital=hospital, email=email, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    )
    if waiting.exists():
        raise ValidationError(_("An invitation to this address is waiting already. Send it again."), code="waiting")


def _person_of(email: str, *, full_name: str, password: str | None) -> User:
    """A new account, or one that was closed and opens again; never the account of somebody who can sign in."""
    if not password:
        raise ValueError("password is needed where nobody signed in.")
    closed = User.objects.select_for_update().filter(email=email).first()
    if closed is None:
        return User.objects.create_user(email, password, full_name=full_name)
    if closed.is_active or closed.is_service:
        raise ValidationError(_("There is an account with this e-mail address. Sign in to accept."), code="sign_in")
    closed.is_active, closed.full_name = True, full_name
    closed.set_password(password)
    closed.save(update_fields=["is_active", "full_name", "password"])
    return closed
