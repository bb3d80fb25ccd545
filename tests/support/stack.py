"""A whole Beatline of real processes: web server, Celery worker, scheduler, broker, and a database of its own."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.ops.broker import free_port, program_embedded
from portal.ops.children import Child, stop_all
from portal.ops.demo_files import Credentials, credentials_read
from portal.ops.local_processes import LocalProcesses, demo_environment
from tests.support.services import ROOT, OwnBroker, ServiceMissing, random_database
from tests.support.session import Session

# Short enough for a test to see a lease run out, long enough for a loaded machine to keep it.
SHORT_LEASES = {
    "JOB_SOFT_TIME_LIMIT_S": "20",
    "JOB_TIME_LIMIT_S": "25",
    "JOB_LEASE_S": "30",
    "JOB_STALE_AFTER_S": "3",
    "SWEEP_EVERY_S": "1",
    "WORKER_ALIVE_FOR_S": "10",
    "API_RATE": "100000/min",
}


class Stack:
    def __init__(self, folder: Path, database_url: str, broker: OwnBroker, env: dict[str, str] | None = None) -> None:
        self.var, self.broker, self.port = folder / "var", broker, free_port()
        self.env = {
            **demo_environment(self.var, self.port),
            **SHORT_LEASES,
            "DATABASE_URL": database_url,
            "REDIS_URL": broker.url,
            **(env or {}),
        }
        self.processes = LocalProcesses(ROOT, self.var, self.port, self.env)
        self.web, self.worker, self.scheduler = self.processes.services
        self.base_url = f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/v1/"

    @property
    def credentials(self) -> Credentials:
        """The demo people and the API token of this stack; its recordings start empty."""
        return credentials_read(self.var)

    def start(self) -> None:
        self.manage("migrate", "--noinput", "--verbosity", "0")
        self.manage("models_register")
        self.manage("demo_load", "--base-url", self.api_url, "--no-recordings")
        self.revive()

    def revive(self) -> None:
        """Starts whatever a test has killed and waits until all is well."""
        if not self.broker.child.is_running:
            self.broker.start()
        for child in self.processes.services:
            if not child.is_running:
                child.kill_group()
                child.start()
        self.wait_for(self.is_ready, "the stack is ready", timeout_s=120)

    def stop(self) -> None:
        stop_all(self.processes.services, grace_s=5)
        self.broker.stop()

    def is_ready(self) -> bool:
        for child in self.processes.services:
            if not child.is_running:
                raise AssertionError(f"{child.name} stopped with {child.exit_status}: {child.last_words(8)}")
        status, body = self.get("/readyz/")
        return status == 200 and json.loads(body)["worker"]

    def get(self, path: str, timeout_s: float = 5.0) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(self.base_url + path, timeout=timeout_s) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def manage(self, *arguments: str, timeout_s: float = 120) -> str:
        """Runs ``manage.py`` against this stack's database and broker; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, f"manage.py {arguments[0]}: {done.stderr[-2000:]}"
        return done.stdout

    def wait_for(self, condition: Callable[[], bool], what: str, *, timeout_s: float = 60) -> None:
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, f"Not within {timeout_s} s: {what}"
            time.sleep(0.1)

    def log(self, child: Child) -> str:
        return child.log.read_text(errors="replace")


@contextmanager
def running_stack(kind: str, session: Session, folder: Path, env: dict[str, str] | None = None) -> Iterator[Stack]:
    with database_for(kind, session, folder) as database_url:
        program = session.redis if kind == "services" else program_embedded()
        if program is None:
            raise ServiceMissing("no redis-server on PATH")
        stack = Stack(folder, database_url, OwnBroker(program, folder / "broker").start(), env)
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


@contextmanager
def database_for(kind: str, session: Session, folder: Path) -> Iterator[str]:
    if kind == "embedded":
        yield f"sqlite:///{folder / 'db.sqlite3'}"
    elif session.postgres is None:
        raise ServiceMissing("no PostgreSQL at DATABASE_URL or 127.0.0.1:5432")
    else:
        with random_database(session.postgres) as url:
            yield url


def clean_environment() -> dict[str, str]:
    """The environment without what the tests put into it: for programs that are to find their own way."""
    ours = {"DJANGO_SETTINGS_MODULE", "BEATLINE_PROFILE", "BEATLINE_VAR", "DATABASE_URL", "REDIS_URL"}
    return {name: value for name, value in os.environ.items() if name not in ours}
