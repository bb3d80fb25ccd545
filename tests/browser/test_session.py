"""What somebody typed outlives the session."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts.models import Hospital, Membership, User
from tests.browser.axe import assert_accessible
from tests.browser.conftest import SignIn
from tests.support.people import PASSWORD

A_MINUTE_LATER = "Date.now = ((now) => () => now() + 61_000)(Date.now.bind(Date))"


def type_a_new_password(page: Page) -> None:
    page.goto("/account/password/change/")
    page.get_by_label("Current Password").fill("half typed")
    page.locator("[name=password1]").fill("not the same")
    page.locator("[name=password2]").fill("as this one")
    page.evaluate(A_MINUTE_LATER)


def send(page: Page) -> None:
    page.get_by_role("button", name="Change the password").click()


def sign_in_again(context: BrowserContext, page: Page, person: User) -> None:
    with context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    other = opened.value
    other.get_by_label("Email").fill(person.email)
    other.get_by_label("Password").fill(PASSWORD)
    other.locator("main").get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/today/")
    other.close()


def test_a_form_sent_after_the_session_ended_stays_and_goes_on_after_signing_in(sign_in: SignIn, alice: User):
    page = sign_in(alice)
    type_a_new_password(page)
    Session.objects.all().delete()
    send(page)
    dialog = page.get_by_role("dialog", name="You were signed out")
    expect(dialog).to_be_visible()
    assert_accessible(page)

    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_text("You are not signed in yet.")).to_be_visible()

    sign_in_again(page.context, page, alice)
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Current Password")).to_have_value("half typed")
    send(page)
    # The server answers the form itself: neither a sign-in page nor a CSRF failure.
    expect(page.locator("main .errorlist").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your password")


def test_a_form_sent_while_signed_in_goes_through_at_once(sign_in: SignIn, alice: User):
    page = sign_in(alice)
    type_a_new_password(page)
    send(page)
    expect(page.locator("main .errorlist").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_form_of_one_hospital_is_not_sent_into_another(sign_in: SignIn, alice: User, county: Hospital):
    Membership.objects.create(user=alice, hospital=county, role="doctor")
    page = sign_in(alice)
    type_a_new_password(page)
    here = page.locator("body").get_attribute("data-hospital")
    other = page.context.new_page()
    other.goto("/today/")
    other.locator("details.hospital > summary").click()
    other.get_by_role("button", name="Switch to").click()
    other.wait_for_load_state()
    assert other.locator("body").get_attribute("data-hospital") != here
    send(page)
    expect(page.get_by_role("dialog", name="You now work in another hospital")).to_be_visible()
    expect(page.get_by_label("Current Password")).to_have_value("half typed")
    assert_accessible(page)


def test_a_form_that_one_person_opened_is_not_sent_under_another(sign_in: SignIn, alice: User, rita: User):
    page = sign_in(alice)
    type_a_new_password(page)
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/account/login/")
    other.get_by_label("Email").fill(rita.email)
    other.get_by_label("Password").fill(PASSWORD)
    other.locator("main").get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/today/")
    send(page)
    expect(page.get_by_role("dialog", name="Somebody else is signed in now")).to_be_visible()
    expect(page.get_by_label("Current Password")).to_have_value("half typed")
    assert_accessible(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("dialog", name="Somebody else is signed in now")).to_be_visible()


def test_a_script_that_meets_401_opens_the_dialog(sign_in: SignIn, alice: User):
    page = sign_in(alice)
    page.evaluate("document.dispatchEvent(new CustomEvent('beatline:signed-out'))")
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()


def test_an_automatic_request_of_htmx_that_answers_401_opens_the_dialog(sign_in: SignIn, alice: User):
    page = sign_in(alice)
    Session.objects.all().delete()
    page.evaluate("htmx.ajax('GET', '/today/', { target: 'main', swap: 'none' })")
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/account/password/change/", "/account/2fa/", "/account/2fa/totp/activate/", "/account/logout/"]
)
def test_a_page_about_signing_in_is_accessible(sign_in: SignIn, alice: User, path: str):
    page = sign_in(alice)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto(path)
        assert_accessible(page)
        page.locator("header details.menu").last.locator("summary").click()
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(page.locator("header").get_by_role("button", name="Sign out")).to_be_hidden()
