"""One day in a browser: sign in, register, upload, watch, read the result; review; and what the timeline then says."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from classify.demo import PICTURES
from tests.browser.axe import assert_accessible
from tests.browser.conftest import CHROMIUM_ARGS, is_complaint
from tests.support.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(400)]
STRIP = PICTURES / "strip_0_V_200_13733.png"


@pytest.fixture
def browser(chromium_path: str) -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()


def person_with(stack: Stack, role: str, *, hospital: str | None = None) -> dict[str, Any]:
    people = stack.credentials["people"]
    return next(p for p in people if p["role"] == role and hospital in {None, p["hospital"]})


def sign_in(browser: "Browser", stack: Stack, person: dict[str, Any]) -> tuple["Page", list[str]]:
    page = browser.new_context(base_url=stack.base_url).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.goto("/account/login/")
    page.get_by_label("Email").fill(person["email"])
    page.get_by_label("Password").fill(person["password"])
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today/")
    return page, complaints


def register(page: "Page", family_name: str) -> None:
    page.goto("/patients/register/")
    page.get_by_label("Medical record number").fill(f"J-{family_name}")
    page.get_by_label("Family name").fill(family_name)
    page.get_by_label("Given name").fill("Mara")
    page.get_by_label("Birth date").fill("1958-03-04")
    page.locator("main").get_by_role("button", name="Register").click()
    page.get_by_role("heading", name=family_name).wait_for()


def test_from_sign_in_to_a_corrected_beat_on_the_timeline(browser: "Browser", stack: Stack) -> None:
    doctor = person_with(stack, "doctor")
    page, complaints = sign_in(browser, stack, doctor)
    register(page, "Journeyman")
    patient_url = page.url
    assert "Journeyman" not in patient_url

    page.get_by_role("link", name="Upload").last.click()
    page.locator("#id_files").set_input_files([STRIP, PICTURES / "ATTRIBUTION.md"])
    page.locator("[data-send]").click()
    page.locator(".file", has_text="ATTRIBUTION.md").get_by_text("not a kind of file that can be read").wait_for()
    page.locator(".file a[href*='/recordings/']").first.click()

    page.get_by_text("Done").first.wait_for(timeout=60_000)
    page.locator("[data-beat], .beat-box").first.wait_for()
    recording_url = page.url
    assert_accessible(page)

    reviewer, reviewers_complaints = sign_in(
        browser, stack, person_with(stack, "reviewer", hospital=doctor["hospital"])
    )
    reviewer.goto("/admin/classify/prediction/")
    assert_accessible(reviewer)
    reviewer.get_by_role("link", name="Journeyman").first.click()
    reviewer.locator("[data-beat]").first.wait_for()
    assert_accessible(reviewer)
    reviewer.keyboard.press("ArrowRight")
    reviewer.keyboard.press("f")
    assert reviewer.get_by_text("1 beat changed").is_visible()
    reviewer.get_by_role("button", name="Sign the correction").click()
    reviewer.get_by_text("Signed: corrected").wait_for()

    page.goto(patient_url)
    page.get_by_text("orrected by").first.wait_for()
    assert_accessible(page)
    page.goto(recording_url)
    page.get_by_text("orrected by").first.wait_for()
    assert complaints == []
    assert reviewers_complaints == []


def test_two_hospitals_uploading_at_once_never_see_each_others(browser: "Browser", stack: Stack) -> None:
    people = [p for p in stack.credentials["people"] if p["role"] == "doctor"]
    first, second = people[0], next(p for p in people if p["hospital"] != people[0]["hospital"])
    pages = []
    for person, family_name in ((first, "Northcote"), (second, "Southwell")):
        page, _ = sign_in(browser, stack, person)
        register(page, family_name)
        page.get_by_role("link", name="Upload").last.click()
        page.locator("#id_files").set_input_files([PICTURES / "beat_0_N_100_2402.png"])
        pages.append((page, family_name))
    for page, _ in pages:
        page.locator("[data-send]").click()
    links = []
    for page, _ in pages:
        link = page.locator(".file a[href*='/recordings/']").first
        link.wait_for()
        links.append(link.get_attribute("href"))
    for (page, own_name), own, others in ((pages[0], links[0], links[1]), (pages[1], links[1], links[0])):
        assert page.goto(own).status == 200
        assert page.goto(others).status == 404
        other_name = {"Northcote", "Southwell"} - {own_name}
        for url in ("/today/", "/patients/"):
            page.goto(url)
            assert own_name in page.content()
            assert not other_name & set(page.content().replace(",", " ").split())
