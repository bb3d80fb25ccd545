import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import accessibility_violations, assert_accessible, assert_fits

PATHS = ["/", "/about/", "/classes/", "/account/login/", "/account/signup/", "/account/password/reset/", "/nothing/"]


@pytest.mark.parametrize("path", PATHS)
def test_a_public_page_is_accessible_and_fits_phone_tablet_and_wide_screen(page: Page, path: str):
    for width, schemes in ((390, ["light", "dark"]), (1024, []), (1600, ["light", "dark"])):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        assert_fits(page)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert_accessible(page)


def test_axe_does_find_a_fault(page: Page):
    page.goto("/about/")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(found.startswith("button-name") for found in accessibility_violations(page))


def test_the_skip_link_comes_first_and_leads_to_the_content(page: Page):
    page.goto("/about/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_tab_goes_from_the_address_to_the_password(page: Page):
    page.goto("/account/login/")
    page.get_by_label("Email").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password")).to_be_focused()


def test_after_a_wrong_password_it_is_typed_again_at_once(page: Page):
    page.goto("/account/login/")
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The e-mail address or the password is not right.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("nobody@example.org")
    expect(page.get_by_label("Password")).to_be_focused()


def test_targets_on_a_phone_are_big_enough_for_a_thumb(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    for target in page.locator("header a, .button, .theme-choice button, .footer nav a").all():
        box = target.bounding_box()
        assert box is not None
        # A segment of a switch is 4 px lower than the switch that it fills.
        assert box["height"] >= 40, target.inner_text()


def test_the_dark_theme_is_remembered_and_comes_with_the_next_page(page: Page):
    page.goto("/")
    page.get_by_role("button", name="Dark").click()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto("/about/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground == "rgb(15, 21, 23)"
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="System").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") is None


def test_the_icons_and_class_shapes_are_drawn(page: Page):
    page.goto("/classes/")
    shape = page.locator("#class-V .class-shape").first
    assert page.evaluate("(svg) => svg.getBBox().width", shape.element_handle()) > 0
    assert re.match(r"rgb\(213, 94, 0\)", page.evaluate("(svg) => getComputedStyle(svg).fill", shape.element_handle()))
