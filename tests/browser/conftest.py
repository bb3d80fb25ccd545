"""A real Chromium on pytest-django's live server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from portal.accounts.models import User

CHROMIUM_ARGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SignIn = Callable[["User"], "Page"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def worker() -> Iterator[None]:
    """The sign of life of a worker; the tests themselves do its part."""
    from portal.ops.pulse import Role, pulse_beat, pulse_stop

    pulse_beat(Role.WORKER, "test")
    yield
    pulse_stop(Role.WORKER, "test")


@pytest.fixture
def chromium(chromium_path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator["Browser"]:
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()
        # Beside the loop Django opened a second connection, which nobody else closes.
        connections.close_all()


@pytest.fixture
def page(live_server: Any, chromium: "Browser") -> Iterator["Page"]:
    """A fresh page, signed in as nobody. Errors in the console, the policy's refusals among them, fail the test."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    yield page
    context.close()
    assert complaints == []


def is_complaint(message: Any) -> bool:
    # Chromium and htmx log as errors also the statuses that the page handles: 401 after the session, 404.
    handled = ("Failed to load resource", "Response Status Error Code 401")
    return message.type == "error" and not message.text.startswith(handled)


@pytest.fixture
def sign_in(page: "Page") -> SignIn:
    """``sign_in(alice)`` goes through the sign-in page."""

    def through_the_page(person: "User") -> "Page":
        page.goto("/account/login/")
        page.get_by_label("Email").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/today/")
        return page

    return through_the_page
