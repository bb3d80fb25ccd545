"""The administrator's pages on people: what they do, and for whom they do nothing."""

import pytest
from django.urls import reverse

from portal.accounts.models import Membership
from tests.support.people import signed_in


def person_url(user):
    return reverse("accounts:person", args=[user.pk])


def deactivate_url(user):
    return reverse("accounts:deactivate", args=[user.pk])


def roles(user):
    return set(Membership.objects.active().filter(user=user).values_list("role", flat=True))


def test_the_list_shows_this_hospitals_people_and_nobody_else(admin_ann_client, alice, rita, bob, api_token):
    page = admin_ann_client.get(reverse("accounts:people")).content.decode()
    assert "alice@example.org" in page
    assert "rita@example.org" in page
    assert "bob@example.org" not in page
    assert "service.invalid" not in page


def test_the_list_costs_the_same_queries_for_many_people(
    admin_ann_client, join, st_mary, django_assert_max_num_queries
):
    for number in range(12):
        join(st_mary, f"doc{number}", "doctor", "reviewer")
    admin_ann_client.get(reverse("accounts:people"))
    with django_assert_max_num_queries(10):
        admin_ann_client.get(reverse("accounts:people"))


def test_roles_are_changed(admin_ann_client, alice):
    assert admin_ann_client.post(person_url(alice), {"roles": ["reviewer", "administrator"]}).status_code == 302
    assert roles(alice) == {"reviewer", "administrator"}


@pytest.mark.parametrize("wrong", [[], ["service"], ["owner"]])
def test_wrong_roles_change_nothing(admin_ann_client, alice, wrong):
    assert admin_ann_client.post(person_url(alice), {"roles": wrong}).status_code == 200
    assert roles(alice) == {"doctor"}


def test_the_own_administrator_role_stays_and_the_page_says_why(admin_ann_client, admin_ann):
    page = admin_ann_client.post(person_url(admin_ann), {"roles": ["doctor"]}).content.decode()
    assert "take the administrator role from yourself" in page
    page = admin_ann_client.post(deactivate_url(admin_ann)).content.decode()
    assert "take the administrator role from yourself" in page
    assert roles(admin_ann) == {"administrator"}


def test_deactivating_asks_first_then_ends_and_is_reversible(admin_ann_client, alice):
    assert admin_ann_client.get(deactivate_url(alice)).status_code == 200
    assert roles(alice) == {"doctor"}
    admin_ann_client.post(deactivate_url(alice))
    assert roles(alice) == set()
    assert "Deactivated" in admin_ann_client.get(reverse("accounts:people")).content.decode()
    admin_ann_client.post(person_url(alice), {"roles": ["doctor"]})
    alice.refresh_from_db()
    assert alice.is_active
    assert roles(alice) == {"doctor"}


def test_another_hospitals_person_is_404_and_untouched(admin_ann_client, bob):
    for send in (admin_ann_client.get, admin_ann_client.post):
        assert send(person_url(bob)).status_code == 404
        assert send(deactivate_url(bob)).status_code == 404
    assert roles(bob) == {"doctor"}


def test_a_hospital_system_is_no_person(admin_ann_client, api_token):
    service = Membership.objects.get(role="service").user
    assert admin_ann_client.get(person_url(service)).status_code == 404


@pytest.mark.parametrize("name", ["people", "invite", "tokens", "token_create"])
def test_a_doctor_and_a_reviewer_get_403(alice_client, rita_client, name):
    assert alice_client.get(reverse(f"accounts:{name}")).status_code == 403
    assert rita_client.post(reverse(f"accounts:{name}")).status_code == 403


def test_an_administrator_of_two_hospitals_acts_in_one_at_a_time(admin_ann, join, county, bob, st_mary):
    from portal.accounts.services import membership_grant

    join(county, "carol", "administrator")
    membership_grant(hospital=county, user=admin_ann, role="doctor", actor=None)
    client = signed_in(admin_ann)
    client.post("/switch/", {"hospital": county.pk})
    assert client.get(reverse("accounts:people")).status_code == 403
    client.post("/switch/", {"hospital": st_mary.pk})
    assert client.get(reverse("accounts:people")).status_code == 200


def test_everybody_changes_their_own_name_only(alice_client, alice, rita):
    alice_client.post(reverse("accounts:settings"), {"full_name": "Dr Alice Moss"})
    alice.refresh_from_db()
    rita.refresh_from_db()
    assert (alice.full_name, rita.full_name) == ("Dr Alice Moss", "Rita")


def test_a_name_is_shown_as_text(alice_client):
    alice_client.post(reverse("accounts:settings"), {"full_name": "<script>alert(1)</script>"})
    assert "<script>alert" not in alice_client.get(reverse("accounts:settings")).content.decode()
