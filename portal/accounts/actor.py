"""Who is acting, in which hospital, and what they may do: the one argument every gate takes."""

from dataclasses import dataclass, field
from typing import Literal

from django.utils.crypto import salted_hmac

from portal.accounts.models import ApiToken, Hospital, Membership, User
from portal.accounts.permissions import PERMISSIONS_OF_ROLE, Permission


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an action came from, for the audit: never a URL, since a URL may one day hold an id."""

    via: Literal["page", "api", "command", "worker"] = "command"
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    user: User
    hospital: Hospital
    permissions: frozenset[Permission]
    roles: frozenset[str] = frozenset()
    token: ApiToken | None = None
    origin: Origin = field(default_factory=Origin)
    hospitals: tuple[Hospital, ...] = ()  # all those the person may switch between; known on pages only

    @property
    def other_hospitals(self) -> tuple[Hospital, ...]:
        """Where the person may switch to."""
        return tuple(hospital for hospital in self.hospitals if hospital != self.hospital)

    @property
    def person_mark(self) -> str:
        """Tells an open page whether it is still the same person who is signed in, without saying who that is."""
        return salted_hmac("portal.accounts.actor.person_mark", str(self.user.pk)).hexdigest()[:20]

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def may_read_patients(self) -> bool:
        return self.may(Permission.PATIENTS_READ)

    @property
    def may_upload(self) -> bool:
        return self.may(Permission.RECORDINGS_WRITE)

    @property
    def may_review(self) -> bool:
        return self.may(Permission.READINGS_WRITE)

    @property
    def may_administer(self) -> bool:
        return self.may(Permission.ADMINISTER)


def actor_of_person(
    user: User, hospital: Hospital, *, origin: Origin | None = None, hospitals: tuple[Hospital, ...] = ()
) -> Actor | None:
    """The person's actor in this hospital, or None where they have no active role in it."""
    roles = frozenset(Membership.objects.active().filter(user=user, hospital=hospital).values_list("role", flat=True))
    if not roles or not user.is_active:
        return None
    permissions = frozenset[Permission]().union(*(PERMISSIONS_OF_ROLE[role] for role in roles))
    return Actor(
        user=user,
        hospital=hospital,
        permissions=permissions,
        roles=roles,
        origin=origin or Origin(),
        hospitals=hospitals,
    )


def actor_of_token(token: ApiToken, *, origin: Origin | None = None) -> Actor:
    return Actor(
        user=token.user,
        hospital=token.hospital,
        permissions=frozenset(Permission(scope) for scope in token.scopes),
        roles=frozenset({"service"}),
        token=token,
        origin=origin or Origin(via="api"),
    )
