import socket
from pathlib import Path

import pytest

from portal.ops.children import Child
from portal.ops.launch_checks import CannotStart, check_port, check_space, port_from, take_turn
from portal.ops.launcher import failure_of


def test_the_port_is_8000_where_none_is_named() -> None:
    assert port_from("") == 8000
    assert port_from("8123") == 8123


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_gets_a_sentence(text) -> None:
    with pytest.raises(CannotStart, match="from 1 to 65535"):
        port_from(text)


def test_a_taken_port_gets_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"port {port} is taken"):
            check_port(port)
    check_port(port)


def test_two_launchers_do_not_share_a_folder(tmp_path: Path) -> None:
    running = "already runs from this folder, on port 8123"
    with take_turn(tmp_path, 8123), pytest.raises(CannotStart, match=running), take_turn(tmp_path, 8124):
        pass
    with take_turn(tmp_path, 8125):
        pass


def test_a_full_disk_gets_a_sentence(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("portal.ops.launch_checks.NEEDED_BYTES", 10**18)
    with pytest.raises(CannotStart, match="are free in"):
        check_space(tmp_path)


def test_what_stops_on_a_full_disk_is_explained_by_the_disk(tmp_path: Path, monkeypatch) -> None:
    migrate = Child("migrate", ["false"], env={}, cwd=tmp_path, log=tmp_path / "migrate.log")
    assert "stopped with status" in failure_of(migrate)
    monkeypatch.setattr("portal.ops.launch_checks.FULL_BYTES", 10**18)
    assert failure_of(migrate).startswith("the disk is full")
