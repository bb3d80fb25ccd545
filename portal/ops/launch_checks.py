"""What can be in the way of a start, each said in a sentence."""

import errno
import fcntl
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEEDED_BYTES = 200 * 1000 * 1000
FULL_BYTES = 1000 * 1000


class CannotStart(Exception):
    """Says in one sentence what is in the way and what to do about it."""


def port_from(text: str) -> int:
    if not text:
        return 8000
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"PORT is a number from 1 to 65535. Received: {text!r}")
    return int(text)


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the web server does: a past one is no hindrance
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStart(port_problem(port, error)) from error


def port_problem(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program. Choose another one: make demo PORT={port + 123}"
    if error.errno == errno.EACCES:
        return f"port {port} is for the system's administrator only. Choose one above 1023: make demo PORT=8123"
    return f"port {port} cannot be used: {error.strerror}."


def check_space(var: Path) -> None:
    var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(var).free
    if free < NEEDED_BYTES:
        raise CannotStart(f"{free / 1e6:.0f} MB are free in {var}, and it needs {NEEDED_BYTES / 1e6:.0f} MB.")


def is_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < FULL_BYTES


@contextmanager
def take_turn(var: Path, port: int) -> Iterator[None]:
    """One launcher per folder: two would write the same database and stop each other's broker."""
    with (var / "launcher.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CannotStart(f"it already runs from this folder, on port {lock.read() or '?'}.") from error
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield
