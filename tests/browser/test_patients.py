"""The patients' pages in a real browser: search while typing, keyboard, accessibility, phone."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.axe import assert_accessible, assert_fits

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from patients.models import Patient
    from portal.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(alice: "User", make_patient: Callable[..., "Patient"]) -> list["Patient"]:
    hospital = alice.memberships.get().hospital
    names = [("Arden", "Walter"), ("Müller", "Zoë"), ("Vale", "Iris")]
    return [make_patient(hospital, alice, family_name=family, given_name=given) for family, given in names]


def test_a_patient_is_found_and_opened_without_a_mouse(people: list["Patient"], alice: "User", sign_in: Any):
    page: Page = sign_in(alice)
    page.goto("/patients/")
    page.keyboard.press("/")
    page.keyboard.type("zoe mul")
    expect(page.locator(".row-link")).to_have_count(1)
    assert page.locator("#patients-status").inner_text().strip() == "1 patient"
    assert page.url.endswith("/patients/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "query"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/patients/{people[1].pk}/")
    assert page.locator("h1").inner_text() == "Müller, Zoë"


def test_the_keyboard_stays_on_a_pressed_column_head(people: list["Patient"], alice: "User", sign_in: Any):
    page: Page = sign_in(alice)
    page.goto("/patients/")
    page.locator("#sort-name").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort=descending]")
    assert page.locator(".row-link").first.inner_text() == "Vale, Iris"
    expect(page.locator("#sort-name")).to_be_focused()
    page.locator("#query").fill("a")
    expect(page.locator(".row-link")).to_have_count(2)
    assert page.locator(".row-link").first.inner_text() == "Vale, Iris"


def test_the_pages_of_a_search_turn_by_button(alice: "User", sign_in: Any, make_patient: Callable[..., "Patient"]):
    hospital = alice.memberships.get().hospital
    for number in range(30):
        make_patient(hospital, alice, family_name=f"Name{number:02}")
    page: Page = sign_in(alice)
    page.goto("/patients/")
    page.locator("#query").fill("name")
    expect(page.locator("#patients-status")).to_have_text("30 patients")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".row-link")).to_have_count(5)
    assert page.url.endswith("/patients/")


def test_a_note_is_written_withdrawn_and_taken_back(people: list["Patient"], alice: "User", sign_in: Any):
    page: Page = sign_in(alice)
    page.goto(f"/patients/{people[0].pk}/")
    page.get_by_text("Add a note").click()
    page.get_by_label("New note").fill("Palpitations since Tuesday.")
    page.get_by_role("button", name="Save note").click()
    page.wait_for_selector(".timeline .is-note")
    page.get_by_role("button", name="Withdraw this note").click()
    page.wait_for_selector(".timeline .is-withdrawn del")
    assert "withdrawn" in page.locator("#note-status").inner_text()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(".timeline .is-note:not(.is-withdrawn)")


def test_the_figures_are_one_tab_stop_with_arrow_keys(
    people: list["Patient"], alice: "User", sign_in: Any, make_prediction: Callable[..., Any]
):
    for classes in ("NNV", "NNN", "NVV"):
        make_prediction(people[0], classes, recorded_at=timezone.now(), recorded_precision="exact")
    page: Page = sign_in(alice)
    page.goto(f"/patients/{people[0].pk}/")
    plot = page.locator("[data-plot]").last
    assert plot.locator(".plot-dot[tabindex='0']").count() == 1
    plot.locator(".plot-dot").last.focus()
    page.keyboard.press("Home")
    first = plot.locator(".plot-dot").first.get_attribute("aria-label")
    assert plot.locator("[data-plot-readout]").inner_text() == first
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_patients_is_accessible_and_fits(
    people: list["Patient"], alice: "User", sign_in: Any, width: int, scheme: str
):
    page: Page = sign_in(alice)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    one = f"/patients/{people[0].pk}/"
    for address in ("/patients/", "/patients/register/", one, f"{one}edit/"):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
    page.goto("/patients/register/")
    page.locator("main form button").first.click()
    page.wait_for_selector("[aria-invalid=true]")
    assert_accessible(page)
