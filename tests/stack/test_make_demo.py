"""`make demo` as a newcomer runs it: from nothing to classified recordings, and away again without a trace."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.ops.broker import free_port
from tests.support.processes import processes_with
from tests.support.services import ROOT
from tests.support.stack import clean_environment

pytestmark = [
    pytest.mark.stack,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see which processes are left"),
]


class Demo:
    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port, self.output = var, port, var.parent / f"make-demo-{port}.txt"
        env = clean_environment() | {"BEATLINE_VAR": str(var), "PORT": str(port)}
        with self.output.open("wb") as out:
            self.make = subprocess.Popen(
                ["make", "--no-print-directory", "demo"],
                cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_said(self, words: str, timeout_s: float = 240) -> None:
        deadline = time.monotonic() + timeout_s
        while words not in self.said():
            assert self.make.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    @property
    def ready_line(self) -> str:
        return f"Beatline is ready on http://127.0.0.1:{self.port}\n"

    @property
    def credentials(self) -> dict:
        return json.loads((self.var / "demo" / "credentials.json").read_text())

    @property
    def processes(self) -> dict[int, str]:
        return processes_with("BEATLINE_VAR", str(self.var))

    def process_id(self, words: str) -> int:
        return min(pid for pid, command in self.processes.items() if words in command)

    def recordings(self) -> list[dict]:
        api = self.credentials["api"]
        url = f"{api['base_url']}recordings/?page_size=100"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {api['token']}"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)["results"]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a folder with spaces") / "var"


@pytest.fixture
def demo(var: Path) -> Iterator[Demo]:
    one = Demo(var, free_port())
    yield one
    if one.make.poll() is None:
        os.killpg(one.make.pid, signal.SIGTERM)
        one.make.wait(30)
    for pid in one.processes:
        os.kill(pid, signal.SIGKILL)


def test_the_first_start_ends_with_classified_recordings_and_sigterm_leaves_no_process(demo: Demo) -> None:
    demo.wait_until_said(demo.ready_line)
    demo.wait_until_said("recordings are being classified")
    credentials = demo.var / "demo" / "credentials.json"
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert demo.credentials["api"]["base_url"] == f"http://127.0.0.1:{demo.port}/api/v1/"
    for person in demo.credentials["people"]:
        assert person["email"] in demo.said()
        assert person["password"] not in demo.said()
    until_all_are_classified(demo)

    demo.make.terminate()
    demo.make.wait(30)
    assert demo.processes == {}
    assert demo.said().rstrip().splitlines()[-1].startswith(("Stopped.", "make:"))
    assert "Traceback" not in demo.said()


def until_all_are_classified(demo: Demo) -> None:
    deadline = time.monotonic() + 180
    while not (states := {recording["state"] for recording in demo.recordings()}) <= {"done", "needs_person"}:
        assert "failed" not in states
        assert time.monotonic() < deadline, states
        time.sleep(0.5)
    assert len(demo.recordings()) >= 8


def test_the_second_start_keeps_the_data_mends_a_killed_worker_and_ctrl_c_leaves_no_process(demo: Demo) -> None:
    before = demo.credentials
    demo.wait_until_said(demo.ready_line, timeout_s=90)
    assert "Loading" not in demo.said()
    assert demo.credentials["people"] == before["people"]
    assert demo.credentials["api"]["token"] == before["api"]["token"]
    assert demo.credentials["api"]["base_url"] == f"http://127.0.0.1:{demo.port}/api/v1/"
    assert {recording["state"] for recording in demo.recordings()} <= {"done", "needs_person"}

    os.kill(demo.process_id("-A portal worker"), signal.SIGKILL)
    demo.wait_until_said("worker stopped (status -9) and is started again")

    os.killpg(demo.make.pid, signal.SIGINT)  # as a terminal does: to the whole foreground group
    demo.make.wait(30)
    assert demo.processes == {}
    assert "Traceback" not in demo.said()


def test_without_its_web_server_everything_stops_with_a_sentence(demo: Demo) -> None:
    demo.wait_until_said(demo.ready_line, timeout_s=90)
    os.kill(demo.process_id("gunicorn portal.wsgi"), signal.SIGKILL)
    demo.make.wait(30)
    assert "Beatline cannot run: web stopped with status -9" in demo.said()
    assert demo.processes == {}


def test_a_taken_port_gets_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        one = Demo(tmp_path / "var", taken.getsockname()[1])
        assert one.make.wait(60) != 0
    assert f"Beatline cannot run: port {one.port} is taken by another program." in one.said()
    assert "Traceback" not in one.said()
