"""The files under ``var/demo``: who may sign in, and whether the demo hospital was loaded to its end."""

import json
from pathlib import Path
from typing import TypedDict

from portal.ops.broker import private_write


class Person(TypedDict):
    email: str
    password: str
    role: str
    hospital: str


class Api(TypedDict):
    token: str
    base_url: str


class Credentials(TypedDict):
    people: list[Person]
    api: Api


def credentials_path(var: Path) -> Path:
    return var / "demo" / "credentials.json"


def loaded_path(var: Path) -> Path:
    return var / "demo" / "loaded.json"


def credentials_write(var: Path, credentials: Credentials) -> None:
    path = credentials_path(var)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private_write(path, json.dumps(credentials, indent=2) + "\n")


def credentials_read(var: Path) -> Credentials:
    credentials: Credentials = json.loads(credentials_path(var).read_text())
    return credentials


def loaded_write(var: Path, recordings: int) -> None:
    private_write(loaded_path(var), json.dumps({"recordings": recordings}) + "\n")


def demo_is_loaded(var: Path) -> bool:
    """Asks for all three, so that a database or a credentials file that someone deleted is made anew."""
    return all(path.exists() for path in (var / "db.sqlite3", credentials_path(var), loaded_path(var)))


def demo_recordings(var: Path) -> int:
    return int(json.loads(loaded_path(var).read_text())["recordings"])


def people(var: Path) -> list[Person]:
    return credentials_read(var)["people"]


def rewrite_base_url(var: Path, base_url: str) -> None:
    credentials = credentials_read(var)
    if credentials["api"]["base_url"] != base_url:
        credentials["api"]["base_url"] = base_url
        credentials_write(var, credentials)
