import os
import sys
import time
from pathlib import Path

import pytest

from portal.ops.children import Child, stop_all


def child(tmp_path: Path, code: str) -> Child:
    return Child("child", [sys.executable, "-c", code], env=os.environ, cwd=tmp_path, log=tmp_path / "child.log")


def wait_for_log(one: Child, word: str) -> None:
    deadline = time.monotonic() + 10
    while word not in one.last_words():
        assert time.monotonic() < deadline, one.last_words()
        time.sleep(0.02)


def wait_for_pid(one: Child) -> int:
    deadline = time.monotonic() + 10
    while not one.last_words().isdigit():
        assert time.monotonic() < deadline, one.last_words()
        time.sleep(0.02)
    return int(one.last_words())


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not exists(pid)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z" if Path("/proc").exists() else True


STUBBORN_WITH_A_CHILD = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(grandchild.pid, flush=True)
time.sleep(600)
"""


def test_a_child_that_ignores_the_signal_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    one = child(tmp_path, STUBBORN_WITH_A_CHILD)
    one.start()
    grandchild = wait_for_pid(one)
    stop_all([one], grace_s=0.2)
    assert not one.is_running
    assert wait_until_gone(grandchild)


def test_a_child_is_asked_before_it_is_ended(tmp_path: Path) -> None:
    code = "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit(3)))\n"
    one = child(tmp_path, code + "print('up', flush=True); time.sleep(600)")
    one.start()
    wait_for_log(one, "up")
    stop_all([one])
    assert one.exit_status == 3
    assert one.last_words().endswith("bye")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel does this on Linux only")
def test_children_do_not_outlive_a_launcher_that_was_killed_outright(tmp_path: Path) -> None:
    launcher = child(
        tmp_path,
        "import os, sys, time; from pathlib import Path; from portal.ops.children import Child\n"
        "one = Child('one', [sys.executable, '-c', 'import time; time.sleep(600)'], env=os.environ, cwd=Path('.'),"
        " log=Path('one.log'))\n"
        "one.start(); print(one.process.pid, flush=True); time.sleep(600)",
    )
    launcher.env["PYTHONPATH"] = str(Path(__file__).resolve().parents[3])
    launcher.start()
    pid = wait_for_pid(launcher)
    launcher.process.kill()
    launcher.process.wait()
    assert wait_until_gone(pid)


def test_a_large_log_makes_room_at_the_next_start(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("portal.ops.children.LOG_LIMIT_BYTES", 10)
    one = child(tmp_path, "print('new')")
    one.log.write_text("old and long\n")
    one.start()
    one.process.wait()
    assert one.log.read_text() == "new\n"
    assert (tmp_path / "child.log.1").read_text() == "old and long\n"
