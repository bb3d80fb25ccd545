"""The people of every test, as fixtures: two hospitals, and someone in each role.

Charlie works at County and must see nothing of St Mary's. All of them have the same ``PASSWORD``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from portal.accounts.actor import Actor
    from portal.accounts.models import Hospital, User

PASSWORD: Final = "seven-quiet-herons"
Join = Callable[..., "User"]


@cache
def password_hash() -> str:
    """Hashed once: argon2 is slow by design."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


@pytest.fixture
def join(db: None) -> Join:
    """``join(hospital, "dora", "doctor")`` makes a person with these roles."""
    from portal.accounts.services import person_create

    def make(hospital: Hospital, name: str, *roles: str) -> User:
        user = person_create(
            hospital=hospital, email=f"{name}@example.org", full_name=name.title(), roles=roles, password=None
        )
        user.password = password_hash()
        user.save(update_fields=["password"])
        return user

    return make


@pytest.fixture
def st_mary(db: None) -> Hospital:
    from portal.accounts.models import Hospital

    return Hospital.objects.create(name="St Mary's")


@pytest.fixture
def county(db: None) -> Hospital:
    from portal.accounts.models import Hospital

    return Hospital.objects.create(name="County")


@pytest.fixture
def alice(join: Join, st_mary: Hospital) -> User:
    """A doctor at St Mary's."""
    return join(st_mary, "alice", "doctor")


@pytest.fixture
def rita(join: Join, st_mary: Hospital) -> User:
    """A reviewing physician at St Mary's."""
    return join(st_mary, "rita", "reviewer")


@pytest.fixture
def admin_ann(join: Join, st_mary: Hospital) -> User:
    """Administrator of St Mary's, and no doctor."""
    return join(st_mary, "admin_ann", "administrator")


@pytest.fixture
def bob(join: Join, county: Hospital) -> User:
    """A doctor at County."""
    return join(county, "bob", "doctor")


@pytest.fixture
def charlie(join: Join, county: Hospital) -> User:
    """A doctor at County, who must see nothing of St Mary's."""
    return join(county, "charlie", "doctor")


def signed_in(user: User) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice_client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def rita_client(rita: User) -> Client:
    return signed_in(rita)


@pytest.fixture
def admin_ann_client(admin_ann: User) -> Client:
    return signed_in(admin_ann)


@pytest.fixture
def bob_client(bob: User) -> Client:
    return signed_in(bob)


@pytest.fixture
def charlie_client(charlie: User) -> Client:
    return signed_in(charlie)


def actor_of(user: User) -> Actor:
    """The person's actor in the one hospital they belong to."""
    from portal.accounts.actor import actor_of_person

    membership = user.memberships.filter(ended_at__isnull=True).select_related("hospital").first()
    actor = actor_of_person(user, membership.hospital) if membership else None
    assert actor is not None, f"{user} belongs to no hospital"
    return actor


@pytest.fixture
def alice_actor(alice: User) -> Actor:
    return actor_of(alice)


@pytest.fixture
def rita_actor(rita: User) -> Actor:
    return actor_of(rita)


@pytest.fixture
def admin_ann_actor(admin_ann: User) -> Actor:
    return actor_of(admin_ann)


@pytest.fixture
def bob_actor(bob: User) -> Actor:
    return actor_of(bob)


@pytest.fixture
def charlie_actor(charlie: User) -> Actor:
    return actor_of(charlie)


def bearer_client(token: str) -> Client:
    from django.test import Client

    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def token_for(db: None) -> Callable[..., str]:
    """``token_for(hospital, "patients:read")`` makes a hospital system's token; no scope named means all scopes."""
    from datetime import timedelta

    from django.utils import timezone

    from portal.accounts.permissions import SCOPES
    from portal.accounts.services import service_account_create

    def make(hospital: Hospital, *scopes: str) -> str:
        now = timezone.now()
        _, token = service_account_create(
            hospital=hospital, name="PACS", scopes=scopes or SCOPES, expires_at=now + timedelta(days=1), at=now
        )
        return token

    return make


@pytest.fixture
def api_token(token_for: Callable[..., str], st_mary: Hospital) -> str:
    """A token of St Mary's with every scope."""
    return token_for(st_mary)


@pytest.fixture
def api_client(api_token: str) -> Client:
    return bearer_client(api_token)


@pytest.fixture
def charlie_api_client(token_for: Callable[..., str], county: Hospital) -> Client:
    """A hospital system of County, which must see nothing of St Mary's."""
    return bearer_client(token_for(county))
