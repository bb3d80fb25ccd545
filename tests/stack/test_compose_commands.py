"""Each service's very command and health check from docker-compose.yml, run by hand against real services."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.ops.broker import free_port
from portal.ops.children import Child, stop_all
from tests.conftest import SESSION, require_real
from tests.support.services import ROOT, random_database
from tests.support.stack import clean_environment

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
VENV_BIN = Path(sys.executable).parent


def compose(**variables: str) -> dict[str, Any]:
    """The file's services with ``${NAME:-default}`` filled in, as docker compose does."""

    def value(match: re.Match[str]) -> str:
        return variables.get(match["name"], match["default"] or "")

    text = (ROOT / "docker-compose.yml").read_text()
    return yaml.safe_load(re.sub(r"\$\{(?P<name>\w+)(:-(?P<default>[^}]*))?\}", value, text))["services"]


class Site:
    """What the containers would find around them, on this machine."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.services = folder, compose(SITE_HOST="ecg.example")
        self.redis_port, self.web_port = free_port(), free_port()
        self.secret_key = folder / "secret_key"
        self.secret_key.write_text(secrets.token_urlsafe(60))
        self.local = {
            "SECRET_KEY_FILE": str(self.secret_key),
            "DATABASE_PASSWORD_FILE": "",
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "BEATLINE_VAR": str(folder / "data"),
            "STATIC_ROOT": str(folder / "static"),
            "KERAS_HOME": str(folder / "keras"),
            "PORT": str(self.web_port),
            "WEB_BIND": "127.0.0.1",
        }

    def environment(self, service: str) -> dict[str, str]:
        own = self.services[service].get("environment", {})
        path = f"{VENV_BIN}{os.pathsep}{os.environ['PATH']}"
        return {**clean_environment(), **own, **self.local, "PATH": path, "DJANGO_SETTINGS_MODULE": "portal.settings"}

    def child(self, service: str, *more: str) -> Child:
        command = [*self.services[service]["command"], *more]
        log = self.folder / f"{service}.log"
        return Child(service, command, env=self.environment(service), cwd=ROOT, log=log)

    def run(self, service: str, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(service), capture_output=True, text=True, timeout=60
        )

    def is_healthy(self, service: str, *more: str) -> bool:
        test = self.services[service]["healthcheck"]["test"]
        assert test[0] == "CMD"
        return self.run(service, [*test[1:], *more]).returncode == 0

    @contextmanager
    def running(self, service: str, *more: str, health: tuple[str, ...] = ()) -> Iterator[Child]:
        child = self.child(service, *more)
        child.start()
        try:
            deadline = time.monotonic() + 90
            while not self.is_healthy(service, *health):
                assert child.is_running, child.last_words(10)
                assert time.monotonic() < deadline, child.last_words(10)
                time.sleep(1)  # each look is a process of its own
            yield child
        finally:
            stop_all([child], grace_s=60)  # a worker that still loads its model finishes that first


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if SESSION.postgres is None or SESSION.redis is None:
        require_real("no PostgreSQL or no redis-server")
    folder = tmp_path_factory.mktemp("site")
    with ExitStack() as stack:
        one = Site(folder, stack.enter_context(random_database(SESSION.postgres)))
        port = ("--port", str(one.redis_port))
        stack.enter_context(one.running("redis", *port, "--dir", str(folder), health=("-p", str(one.redis_port))))
        migrated = one.run("migrate", one.services["migrate"]["command"])
        assert migrated.returncode == 0, migrated.stderr[-2000:]
        collected = one.run("web", ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"])
        assert collected.returncode == 0, collected.stderr[-2000:]
        yield one


@pytest.mark.parametrize("service", ["web", "worker", "scheduler"])
def test_the_service_is_not_healthy_before_and_healthy_after_its_command(site: Site, service: str) -> None:
    assert not site.is_healthy(service)
    with site.running(service) as child:
        assert child.is_running
    assert child.exit_status in {0, -15}, child.last_words(10)


def test_the_databases_own_health_check_finds_it(site: Site) -> None:
    if not shutil.which("pg_isready"):
        pytest.skip("pg_isready is not installed beside the server")
    assert site.is_healthy("postgres")


def test_production_boots_only_with_secret_hosts_database_and_broker(site: Site) -> None:
    for name in ("SECRET_KEY_FILE", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"):
        env = {key: value for key, value in site.environment("web").items() if key != name}
        done = subprocess.run(
            ["python", "-c", "import portal.settings"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
        )
        assert done.returncode != 0
        assert name.removesuffix("_FILE") in done.stderr


def test_every_long_running_service_restarts_and_says_whether_it_is_well() -> None:
    for name, service in compose().items():
        if name == "migrate":
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"], name


def test_what_opens_strangers_files_has_a_limit_of_memory_and_no_rights() -> None:
    for name in ("web", "worker", "worker-gpu", "scheduler", "migrate"):
        service = compose()[name]
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in compose().items() if "ports" in service] == ["proxy"]


def test_the_gpu_worker_waits_for_its_profile_and_asks_for_one_card() -> None:
    worker = compose()["worker-gpu"]
    assert worker["profiles"] == ["gpu"]
    (device,) = worker["deploy"]["resources"]["reservations"]["devices"]
    assert (device["driver"], device["count"], device["capabilities"]) == ("nvidia", 1, ["gpu"])


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
@pytest.mark.parametrize("profile", [[], ["--profile", "gpu"]])
def test_docker_compose_takes_the_file(profile: list[str]) -> None:
    done = subprocess.run(
        ["docker-compose", *profile, "config", "--quiet"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
