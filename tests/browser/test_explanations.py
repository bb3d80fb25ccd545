"""Asking where the network looked, in a browser; the test itself does the worker's part."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from classify.explanations.queue import explanation_claim, explanation_complete, explanation_fail
from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.conftest import SignIn
from tests.classify.explanations.conftest import RESULT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (390, 1024, 1600)


@pytest.fixture
def prediction(make_prediction: Callable[..., Any], make_patient: Callable[..., Any], st_mary: Any, alice: Any) -> Any:
    return make_prediction(make_patient(st_mary, alice), "NNV")


@pytest.fixture
def result(sign_in: SignIn, alice: Any, prediction: Any) -> "Page":
    page = sign_in(alice)
    page.goto(reverse("classify:recording", args=[prediction.recording_id]) + "#beat-3")
    return page


def finish() -> None:
    claimed = explanation_claim(at=timezone.now())
    assert claimed
    assert explanation_complete(claimed, RESULT, at=timezone.now())


def button(page: "Page") -> "Locator":
    return page.locator("#explanation-3").get_by_role("button", name="Where the network looked")


def test_it_is_asked_by_keyboard_appears_by_itself_and_says_it_in_words(result: "Page") -> None:
    page = result
    button(page).focus()
    page.keyboard.press("Enter")
    page.locator("#explanation-3").get_by_text("Queued").wait_for()
    page.locator("#explanation-3:focus").wait_for()  # a moment after the text is there
    assert_accessible(page)
    finish()
    page.get_by_text("the 80–120 ms before R").wait_for()
    assert page.locator("#explanation-3[hx-get]").count() == 0
    assert page.locator(".beat.is-selected").get_attribute("data-beat") == "3"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        assert_accessible(page)


def test_the_shades_go_and_come_back(result: "Page") -> None:
    page = result
    button(page).click()
    page.locator("#explanation-3").get_by_text("Queued").wait_for()
    finish()
    shades = page.locator(".look-shades").first
    toggle = page.get_by_role("button", name="Shades")
    toggle.wait_for()
    assert shades.evaluate("e => getComputedStyle(e).visibility") == "visible"
    toggle.focus()
    page.keyboard.press("Space")
    assert toggle.get_attribute("aria-pressed") == "false"
    assert shades.evaluate("e => getComputedStyle(e).visibility") == "hidden"
    toggle.click()
    assert shades.evaluate("e => getComputedStyle(e).visibility") == "visible"


def test_a_failure_says_why_and_is_asked_again(result: "Page") -> None:
    page = result
    button(page).click()
    page.locator("#explanation-3").get_by_text("Queued").wait_for()
    claimed = explanation_claim(at=timezone.now())
    assert claimed
    explanation_fail(claimed, "model_gone", at=timezone.now())
    page.get_by_text("is not here any more").wait_for()
    assert_accessible(page)
    page.locator("#explanation-3").get_by_role("button", name="Try again").click()
    page.locator("#explanation-3").get_by_text("Queued").wait_for()


def test_its_own_page_fits_a_phone_and_both_themes(result: "Page", prediction: Any) -> None:
    page = result
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(reverse("explanations:beat", args=[prediction.recording_id, 3]))
    button(page).click()
    page.locator("#explanation-3").get_by_text("Queued").wait_for()
    finish()
    page.get_by_text("the 80–120 ms before R").wait_for()
    labels = page.locator(".look-plot").first.locator(".look-tick-label:visible")
    boxes = [labels.nth(at).bounding_box() for at in range(labels.count())]
    for left, right in pairwise(box for box in boxes if box):
        assert left["x"] + left["width"] + 4 < right["x"], "labels of ticks run together"
    page.get_by_text("mean over all windows that cover its place").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert_fits(page)
        assert_accessible(page)
