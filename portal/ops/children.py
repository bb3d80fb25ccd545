"""Child processes of the launcher: each in a group of its own, so that stopping one stops what it started as well."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

LOG_LIMIT_BYTES = 10 * 1024 * 1024


class Child:
    """One program, its log, and when it was started."""

    def __init__(self, name: str, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> None:
        self.name, self.command, self.env, self.cwd, self.log = name, list(command), dict(env), cwd, log
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at: list[float] = []

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.started_at.append(time.monotonic())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    @property
    def exit_status(self) -> int | None:
        return self.process.poll() if self.process else None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def starts_within(self, seconds: float) -> int:
        since = time.monotonic() - seconds
        return sum(at > since for at in self.started_at)

    def terminate(self) -> None:
        """Asks the program itself; it sees to its own children in good order."""
        if self.process and self.is_running:
            self.process.terminate()

    def kill_group(self) -> None:
        """Ends whatever is left of the group, also after the program itself has gone."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM where only a zombie is left
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self, lines: int = 3) -> str:
        with contextlib.suppress(OSError):
            said = self.log.read_text(errors="replace").strip().splitlines()
            return " / ".join(line.strip() for line in said[-lines:])
        return ""


def die_with_parent() -> None:
    """On Linux the kernel ends the child when the launcher is killed outright and cannot do so itself."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def stop_all(children: Sequence[Child], grace_s: float = 8.0) -> None:
    """All are asked at once and share the grace; then their groups are ended."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + grace_s
    while any(child.is_running for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in children:
        child.kill_group()
