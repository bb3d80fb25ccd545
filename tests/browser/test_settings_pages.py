"""The administrator's way through people and tokens, and that every page of it is accessible."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from portal.accounts.models import ApiToken, Invitation
from tests.browser.axe import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_settings_page_is_accessible(sign_in, admin_ann, alice, api_token):
    page = sign_in(admin_ann)
    token = ApiToken.objects.get()
    paths = [
        reverse("accounts:settings"),
        reverse("accounts:people"),
        reverse("accounts:invite"),
        reverse("accounts:person", args=[alice.pk]),
        reverse("accounts:deactivate", args=[alice.pk]),
        reverse("accounts:tokens"),
        reverse("accounts:token_create"),
        reverse("accounts:token_revoke", args=[token.pk]),
        reverse("audit:list"),
        reverse("registry:models"),
        "/admin/",
    ]
    for path in paths:
        page.goto(path)
        assert_accessible(page)


@pytest.mark.parametrize("name", ["accounts:settings", "audit:list"])
def test_the_current_tab_is_in_sight_on_a_phone(sign_in, admin_ann, name):
    page = sign_in(admin_ann)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(reverse(name))
    box = page.locator(".tabs [aria-current]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_an_administrator_invites_and_the_invited_person_joins(sign_in, admin_ann, chromium, live_server):
    page = sign_in(admin_ann)
    page.goto(reverse("accounts:people"))
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail").fill("dora@example.org")
    page.get_by_label("Full name").fill("Dora Newman")
    page.get_by_label("Doctor:").check()
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("The invitation is on its way").wait_for()
    assert_accessible(page)
    link = re.search(r"http\S+/invitation/\S+/", mail.outbox[-1].body)[0]

    guest = chromium.new_context().new_page()
    guest.goto(link)
    assert guest.url == f"{live_server.url}/invitation/", "the token must leave the address bar"
    assert_accessible(guest)
    guest.get_by_label("Password", exact=True).fill("nine-loud-otters")
    guest.get_by_label("Password again").fill("nine-loud-otters")
    guest.get_by_role("button", name="Join").click()
    guest.wait_for_url("**/today/")
    guest.get_by_text("Welcome to St Mary").wait_for()
    assert Invitation.objects.get().accepted_at is not None


def test_a_token_is_made_copied_and_shown_once(sign_in, admin_ann):
    page = sign_in(admin_ann)
    page.goto(reverse("accounts:token_create"))
    page.get_by_label("Name of the system").fill("PACS")
    page.get_by_label("Read patients").check()
    page.get_by_role("button", name="Make the token").click()
    field = page.get_by_label("Token for PACS")
    token = field.input_value()
    assert token.startswith("btl_")
    assert_accessible(page)
    page.get_by_role("button", name="Copy").click()
    page.get_by_text(re.compile("Copied|copy it by hand")).wait_for()
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_text("Valid", exact=True).wait_for()
    assert token not in page.content()
