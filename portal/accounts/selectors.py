from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from portal.accounts.actor import Actor
from portal.accounts.models import ApiToken, Invitation, Membership, User
from portal.accounts.permissions import PERSON_ROLES
from portal.accounts.tokens import token_digest


@dataclass(frozen=True, slots=True)
class PersonHere:
    """A person as one hospital knows them."""

    user: User
    memberships: list[Membership]

    @property
    def active_memberships(self) -> list[Membership]:
        return [membership for membership in self.memberships if membership.ended_at is None]

    @property
    def roles(self) -> list[str]:
        held = {membership.role for membership in self.active_memberships}
        return [str(role) for role in PERSON_ROLES if role in held]

    @property
    def role_names(self) -> list[str]:
        return [str(role.label) for role in PERSON_ROLES if role in self.roles]

    @property
    def is_active(self) -> bool:
        return bool(self.active_memberships) and self.user.is_active


def person_list(actor: Actor) -> QuerySet[User]:
    """People (no hospital systems) who work or worked here, each with ``here``: their memberships in this hospital."""
    here = Prefetch("memberships", Membership.objects.visible_to(actor).order_by("created_at"), to_attr="here")
    people = User.objects.visible_to(actor) if actor.may_administer else User.objects.none()
    return people.filter(is_service=False).prefetch_related(here).order_by("full_name", "email")


def person_here(user: User) -> PersonHere:
    return PersonHere(user, user.here)  # type: ignore[attr-defined]


def invitation_list(actor: Actor) -> QuerySet[Invitation]:
    waiting = Invitation.objects.visible_to(actor).filter(accepted_at__isnull=True, revoked_at__isnull=True)
    return waiting.order_by("-created_at")


def invitation_find(digest: str, *, at: datetime) -> Invitation | None:
    row = Invitation.objects.select_related("hospital").filter(digest=digest).first()
    return row if row and row.is_open(at=at) else None


def invitation_find_by_token(token: str, *, at: datetime) -> Invitation | None:
    return invitation_find(token_digest(token), at=at)


def invitee_with_account(invitation: Invitation) -> User | None:
    """The person invited, where they can sign in already."""
    return User.objects.filter(email=invitation.email, is_active=True, is_service=False).first()


def token_list(actor: Actor) -> QuerySet[ApiToken]:
    return ApiToken.objects.visible_to(actor).select_related("user", "created_by")
