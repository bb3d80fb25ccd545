"""What one run of the tests stands on; chosen once, before Django reads its settings from the environment."""

import os
import shutil
import tempfile
from functools import cached_property
from pathlib import Path

from portal.ops import broker
from tests.support import services

BROWSER_PATHS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Session:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="beatline-tests-"))
        self.postgres = services.postgres_find()
        self.redis = services.redis_program()
        self.browser = browser_find()
        self.broker = services.OwnBroker(self.redis or broker.program_embedded(), self.folder / "broker")

    def enter(self) -> None:
        self.broker.start()
        os.environ |= self.environment

    def leave(self) -> None:
        self.broker.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @cached_property
    def environment(self) -> dict[str, str]:
        database = self.postgres and self.postgres.with_database(services.random_name())
        return {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "BEATLINE_PROFILE": "embedded",
            "BEATLINE_VAR": str(self.folder / "var"),
            "FOUND_DATABASE_URL": services.FOUND_DATABASE_URL,
            "DATABASE_URL": database or f"sqlite:///{self.folder / 'db.sqlite3'}",
            "REDIS_URL": self.broker.url,
        }

    @property
    def missing(self) -> list[str]:
        found = {"PostgreSQL": self.postgres, "redis-server (on PATH)": self.redis, "chromium": self.browser}
        return [name for name, service in found.items() if not service]

    def header(self) -> list[str]:
        database = f"PostgreSQL {self.postgres.version} (own databases)" if self.postgres else "SQLite"
        return [
            f"database: {database}",
            f"broker: {self.broker.program.kind} ({self.broker.program.path}), own server on a free port",
            f"browser: {self.browser or 'none found; browser tests are skipped'}",
        ]


def browser_find() -> str | None:
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for name in BROWSER_PATHS if (path := shutil.which(name))), None)
