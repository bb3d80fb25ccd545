"""``make demo``: migrates, starts the broker, the web server, a worker and the scheduler, and stops them all again.

PORT=8123 .venv/bin/python -m portal.ops.launcher
"""

import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.ops.broker import BrokerUnavailable
from portal.ops.children import Child
from portal.ops.demo_files import demo_is_loaded, demo_recordings, people, rewrite_base_url
from portal.ops.launch_checks import CannotStart, check_port, check_space, is_full, port_from, take_turn
from portal.ops.local_processes import LocalProcesses
from portal.ops.probe import web_get

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 240
RESTARTS_WITHIN_A_MINUTE = 4


class Stopped(Exception):
    """Someone asked the launcher to stop."""


class Launcher:
    def __init__(self, port: int, var: Path) -> None:
        self.port, self.var = port, var
        self.processes = LocalProcesses(ROOT, var, port)
        self.stop_signal: int | None = None
        self.parent = os.getppid() if "MAKELEVEL" in os.environ else None

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        try:
            self.start()
            self.announce()
            self.watch()
        finally:
            self.processes.stop()

    def on_signal(self, number: int, frame: Any) -> None:
        # Only noted: the loops look at it between steps, so that no child is started and then forgotten.
        self.stop_signal = number

    def start(self) -> None:
        first = not demo_is_loaded(self.var)
        say("Preparing the database …" if first else "Starting …")
        self.finish(self.processes.command("migrate", "--noinput", "--verbosity", "0"))
        self.finish(self.processes.command("models_register"))
        self.processes.start_broker()
        for child in self.processes.services:
            child.start()
        if first:
            say("Loading the demo hospital …")
            self.finish(self.processes.command("demo_load", "--base-url", self.api_url))
        else:
            rewrite_base_url(self.var, self.api_url)
        self.wait_until_ready()
        self.first = first

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v1/"

    def finish(self, child: Child) -> None:
        """Runs a one-off command to its end."""
        child.start()
        self.wait(lambda: not child.is_running, within_s=None)
        if child.exit_status:
            raise CannotStart(failure_of(child))

    def wait_until_ready(self) -> None:
        os.environ["PORT"], os.environ["ALLOWED_HOSTS"] = str(self.port), self.processes.host
        if not self.wait(self.web_and_worker_are_up, within_s=READY_WITHIN_S):
            raise CannotStart(f"the worker gave no sign of life in {READY_WITHIN_S} s. See {self.var / 'log'}.")

    def web_and_worker_are_up(self) -> bool:
        self.look_after()
        status, body = web_get("/readyz/", timeout_s=2.0)
        return status in {200, 503} and bool(json.loads(body).get("worker"))

    def wait(self, condition: Callable[[], bool], *, within_s: float | None) -> bool:
        deadline = None if within_s is None else time.monotonic() + within_s
        while not condition():
            self.pause()
            if deadline and time.monotonic() > deadline:
                return False
        return True

    def pause(self) -> None:
        time.sleep(0.2)
        if self.stop_signal or (self.parent and os.getppid() != self.parent):  # make was killed outright
            raise Stopped

    def announce(self) -> None:
        say(f"Beatline is ready on {self.url}")
        for person in people(self.var):
            say(f"  {person['email']:<34} {person['role']:<14} {person['hospital']}")
        say(f"Their passwords and an API token are in {self.var / 'demo' / 'credentials.json'}")
        if self.first:
            say(f"{demo_recordings(self.var)} demo recordings are being classified. Ctrl-C stops everything.")

    def watch(self) -> None:
        while True:
            self.look_after()
            self.pause()

    def look_after(self) -> None:
        """A worker or scheduler that died is started again; without broker or web there is nothing to go on with."""
        for child in self.processes.all:
            if child.is_running:
                continue
            if child.name in {"web", "broker"} or child.starts_within(60) > RESTARTS_WITHIN_A_MINUTE:
                raise CannotStart(failure_of(child))
            say(f"The {child.name} stopped (status {child.exit_status}) and is started again.")
            child.kill_group()
            child.start()


def failure_of(child: Child) -> str:
    words = child.last_words()
    if is_full(child.log.parent) or "No space left" in words:  # on a full disk the log itself is empty
        return f"the disk is full ({child.log.parent}). Free some space and start it again; nothing is lost."
    return f"{child.name} stopped with status {child.exit_status}. It last wrote to {child.log}: {words}"


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    var = Path(os.environ.get("BEATLINE_VAR") or ROOT / "var").resolve()
    os.umask(0o077)  # everything under var, the database as well, is for its owner only
    try:
        port = port_from(os.environ.get("PORT", ""))
        check_space(var)
        with take_turn(var, port):
            check_port(port)
            Launcher(port, var).run()
    except Stopped:
        say("Stopped.")
    except (CannotStart, BrokerUnavailable) as error:
        return say_why(str(error))
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        return say_why("the disk is full." if full else f"{error.strerror} ({error.filename or var}).")
    return 0


def say_why(sentence: str) -> int:
    print(f"Beatline cannot run: {sentence}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
