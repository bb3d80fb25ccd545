"""The processes that make up one Beatline on one machine, and their environment."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from portal.ops import broker
from portal.ops.children import Child, stop_all
from portal.ops.launch_checks import CannotStart

WEB_THREADS = 8
# make demo keeps its own database and secret: it must never write into a production database that a shell points to.
NOT_INHERITED = ("DATABASE_URL", "DATABASE_PASSWORD", "DATABASE_PASSWORD_FILE", "SECRET_KEY", "SECRET_KEY_FILE")


class LocalProcesses:
    host = "127.0.0.1"

    def __init__(self, root: Path, var: Path, port: int, env: Mapping[str, str] | None = None) -> None:
        self.root, self.var = root, var
        self.env = dict(env or demo_environment(var, port))
        self.broker: Child | None = None
        self.one_off: Child | None = None
        python = sys.executable
        self.services = [
            self.child("web", [python, "-m", "gunicorn", *web_arguments(port)]),
            self.child("worker", [python, "-m", "celery", *WORKER_ARGUMENTS]),
            self.child("scheduler", [python, "manage.py", "scheduler"]),
        ]

    @property
    def all(self) -> list[Child]:
        return [*([self.broker] if self.broker else []), *self.services]

    def child(self, name: str, command: list[str]) -> Child:
        return Child(name, command, env=self.env, cwd=self.root, log=self.var / "log" / f"{name}.log")

    def command(self, name: str, *arguments: str) -> Child:
        self.one_off = self.child(name, [sys.executable, "manage.py", name, *arguments])
        return self.one_off

    def start_broker(self) -> None:
        """``REDIS_URL`` where it is set, else a server of our own."""
        url = self.env.get("REDIS_URL") or self.start_own_broker()
        if not broker.answers(url):
            raise CannotStart("REDIS_URL is set, but no Redis answers there. Start it, or unset REDIS_URL.")
        for child in self.services:
            child.env["REDIS_URL"] = url
        self.env["REDIS_URL"] = url

    def start_own_broker(self) -> str:
        program, folder = broker.program_find(), self.var / "broker"
        url = self.try_broker(program, folder)
        if url is None:
            broker.data_set_aside(program, folder)
            url = self.try_broker(program, folder)
        if url is None:
            words = self.broker.last_words() if self.broker else ""
            raise CannotStart(f"the broker ({program.path}) does not start. It last wrote: {words}")
        broker.private_write(folder / "url", url)  # for commands that are run by hand beside it
        return url

    def try_broker(self, program: broker.BrokerProgram, folder: Path) -> str | None:
        conf, url = broker.conf_write(program, folder)
        server = self.broker = self.child("broker", program.command(conf))
        server.start()
        if broker.wait_until_answers(url, timeout_s=15, while_running=lambda: server.is_running):
            return url
        server.kill_group()
        return None

    def stop(self) -> None:
        """The broker last, so that the others can finish what they do with it."""
        stop_all([*self.services, *([self.one_off] if self.one_off else [])])
        if self.broker:
            stop_all([self.broker])


def demo_environment(var: Path, port: int) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return {
        **env,
        "BEATLINE_PROFILE": "embedded",
        "BEATLINE_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # macOS ends a forked worker that looks up a name otherwise
    }


def web_arguments(port: int) -> list[str]:
    # One process with threads: SQLite takes one writer at a time anyway.
    return [
        *("portal.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", "1", "--threads", str(WEB_THREADS), "--no-control-socket"),
    ]


WORKER_ARGUMENTS = [
    *("-A", "portal", "worker", "--pool", "prefork", "--concurrency", "1", "-Q", "ecg"),
    *("-n", "ecg@%h", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
]
