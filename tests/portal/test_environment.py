"""The secret key that a machine makes for itself."""

import os
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor

from portal.environment import first_use_secret


def test_all_processes_that_start_at_once_get_the_same_whole_key(tmp_path):
    path = tmp_path / "var" / "secret_key"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: first_use_secret(path), range(64)))
    assert keys == {path.read_text()}
    assert len(path.read_text()) > 50


def test_the_key_has_no_name_before_it_is_whole(tmp_path, monkeypatch):
    path, seen = tmp_path / "secret_key", []
    make = tempfile.mkstemp

    def slow(**where):
        made = make(**where)
        seen.append(path.exists())
        return made

    monkeypatch.setattr("portal.environment.tempfile.mkstemp", slow)
    first_use_secret(path)
    assert seen == [False]


def test_only_its_owner_reads_the_key_and_nothing_else_is_left_beside_it(tmp_path):
    first_use_secret(tmp_path / "secret_key")
    assert os.listdir(tmp_path) == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
