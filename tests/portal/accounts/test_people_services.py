"""Who may change whom: services on people and hospitals."""

from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from portal.accounts.actor import actor_of_person
from portal.accounts.models import Membership, User
from portal.accounts.services import (
    hospital_create,
    membership_end,
    membership_grant,
    person_create,
    person_deactivate,
    person_reactivate,
    person_roles_set,
)
from portal.audit.models import AuditEvent

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def roles(user, hospital):
    return set(Membership.objects.active().filter(user=user, hospital=hospital).values_list("role", flat=True))


def test_a_person_is_created_with_roles_and_a_lower_case_address(st_mary):
    user = person_create(
        hospital=st_mary, email="Dora@Example.org", full_name="Dora", roles=["doctor", "reviewer"], password="x" * 12
    )
    assert user.email == "dora@example.org"
    assert user.password.startswith("argon2$")
    assert roles(user, st_mary) == {"doctor", "reviewer"}
    assert set(AuditEvent.objects.filter(hospital=st_mary).values_list("action", flat=True)) == {
        "person.create",
        "membership.grant",
    }


def test_the_same_address_in_another_case_is_taken(alice, st_mary):
    with pytest.raises(ValidationError, match="already"):
        person_create(hospital=st_mary, email="ALICE@example.org", full_name="A", roles=["doctor"], password=None)


@pytest.mark.parametrize("wrong", [[], ["service"], ["doctor", "owner"]])
def test_a_person_needs_roles_that_exist(st_mary, wrong):
    with pytest.raises(ValidationError, match="at least one role"):
        person_create(hospital=st_mary, email="x@example.org", full_name="X", roles=wrong, password=None)
    assert not User.objects.filter(email="x@example.org").exists()


def test_a_hospital_name_is_given_once_in_any_case(db):
    hospital_create(name="North")
    with pytest.raises(ValidationError, match="already"):
        hospital_create(name=" NORTH ")


def test_setting_roles_adds_and_ends(alice, admin_ann_actor, st_mary):
    person_roles_set(user=alice, roles=["reviewer"], actor=admin_ann_actor, at=AT)
    assert roles(alice, st_mary) == {"reviewer"}
    assert Membership.objects.get(user=alice, role="doctor").ended_at == AT
    alice.refresh_from_db()
    assert alice.is_active


def test_deactivation_ends_every_role_and_the_account(alice, admin_ann_actor, st_mary):
    person_deactivate(user=alice, actor=admin_ann_actor, hospital=st_mary, at=AT)
    alice.refresh_from_db()
    assert not alice.is_active
    assert roles(alice, st_mary) == set()
    event = AuditEvent.objects.get(action="person.deactivate")
    assert (event.target_id, event.user, event.hospital) == (str(alice.pk), admin_ann_actor.user, st_mary)


def test_deactivation_here_leaves_the_other_hospital_alone(alice, admin_ann_actor, st_mary, county):
    membership_grant(hospital=county, user=alice, role="doctor", actor=None)
    person_deactivate(user=alice, actor=admin_ann_actor, hospital=st_mary, at=AT)
    alice.refresh_from_db()
    assert alice.is_active
    assert roles(alice, county) == {"doctor"}


def test_reactivation_gives_new_roles(alice, admin_ann_actor, st_mary):
    person_deactivate(user=alice, actor=admin_ann_actor, hospital=st_mary, at=AT)
    person_reactivate(user=alice, roles=["reviewer"], actor=admin_ann_actor, hospital=st_mary)
    alice.refresh_from_db()
    assert alice.is_active
    assert roles(alice, st_mary) == {"reviewer"}


def test_nobody_reactivates_a_person_of_another_hospital(bob, admin_ann_actor, st_mary):
    with pytest.raises(ValidationError, match="never worked"):
        person_reactivate(user=bob, roles=["doctor"], actor=admin_ann_actor, hospital=st_mary)
    assert roles(bob, st_mary) == set()


def test_the_last_administrator_stays_even_for_a_command(admin_ann, st_mary):
    membership = Membership.objects.get(user=admin_ann)
    with pytest.raises(ValidationError, match="last administrator"):
        membership_end(membership=membership, actor=None, at=AT)
    with pytest.raises(ValidationError, match="last administrator"):
        person_deactivate(user=admin_ann, actor=None, hospital=st_mary, at=AT)
    assert roles(admin_ann, st_mary) == {"administrator"}


def test_an_administrator_never_locks_themselves_out(admin_ann, admin_ann_actor, join, st_mary):
    join(st_mary, "second", "administrator")
    with pytest.raises(ValidationError, match="yourself"):
        person_roles_set(user=admin_ann, roles=["doctor"], actor=admin_ann_actor, at=AT)
    with pytest.raises(ValidationError, match="yourself"):
        person_deactivate(user=admin_ann, actor=admin_ann_actor, hospital=st_mary, at=AT)
    assert roles(admin_ann, st_mary) == {"administrator"}


def test_an_inactive_administrator_does_not_count_as_the_one_who_stays(admin_ann, join, st_mary):
    second = join(st_mary, "second", "administrator")
    User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="last administrator"):
        person_deactivate(user=admin_ann, actor=None, hospital=st_mary, at=AT)


def test_an_administrator_whose_role_ended_meanwhile_can_do_nothing(admin_ann, admin_ann_actor, alice, join, st_mary):
    """As when two administrators end each other at the same moment: the second finds the door closed."""
    second = join(st_mary, "second", "administrator")
    person_deactivate(user=admin_ann, actor=actor_of_person(second, st_mary), hospital=st_mary, at=AT)
    with pytest.raises(PermissionDenied):
        person_deactivate(user=second, actor=admin_ann_actor, hospital=st_mary, at=AT)
    assert roles(second, st_mary) == {"administrator"}


def test_an_administrator_never_touches_another_hospital(admin_ann_actor, bob, county):
    for change in (
        lambda: membership_grant(hospital=county, user=bob, role="administrator", actor=admin_ann_actor),
        lambda: person_deactivate(user=bob, actor=admin_ann_actor, hospital=county, at=AT),
        lambda: membership_end(membership=Membership.objects.get(user=bob), actor=admin_ann_actor, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert roles(bob, county) == {"doctor"}


def test_a_doctor_changes_nobody(alice_actor, rita, st_mary):
    with pytest.raises(PermissionDenied):
        membership_grant(hospital=st_mary, user=rita, role="administrator", actor=alice_actor)
    assert roles(rita, st_mary) == {"reviewer"}


def test_colleagues_are_visible_and_others_are_not(alice_actor, alice, rita, bob):
    assert set(User.objects.visible_to(alice_actor)) == {alice, rita}
    assert not User.objects.visible_to(None).exists()
    assert not Membership.objects.visible_to(alice_actor).exists()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_at_the_same_moment_leave_one():
    hospital = hospital_create(name="Duel")
    people = [
        person_create(hospital=hospital, email=f"{n}@example.org", full_name=n, roles=["administrator"], password=None)
        for n in ("first", "second")
    ]
    start = Barrier(2)

    def end(actor, other):
        start.wait()
        with suppress(PermissionDenied, ValidationError):
            person_deactivate(user=other, actor=actor, hospital=hospital, at=AT)
        connection.close()

    actors = [actor_of_person(person, hospital) for person in people]
    threads = [Thread(target=end, args=(actors[n], people[1 - n])) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.active().filter(hospital=hospital, role="administrator").count() == 1
