import stat
from pathlib import Path

from portal.ops import demo_files

CREDENTIALS: demo_files.Credentials = {
    "people": [{"email": "a@b.example", "password": "secret", "role": "doctor", "hospital": "North"}],
    "api": {"token": "token", "base_url": "http://127.0.0.1:8000/api/v1/"},
}


def test_only_the_owner_can_read_the_credentials(tmp_path: Path) -> None:
    demo_files.credentials_write(tmp_path, CREDENTIALS)
    assert stat.S_IMODE(demo_files.credentials_path(tmp_path).stat().st_mode) == 0o600


def test_another_port_changes_the_base_url_and_nothing_else(tmp_path: Path) -> None:
    demo_files.credentials_write(tmp_path, CREDENTIALS)
    demo_files.rewrite_base_url(tmp_path, "http://127.0.0.1:8123/api/v1/")
    read = demo_files.credentials_read(tmp_path)
    assert read["api"] == {"token": "token", "base_url": "http://127.0.0.1:8123/api/v1/"}
    assert read["people"] == CREDENTIALS["people"]


def test_the_demo_is_loaded_again_when_its_database_is_gone(tmp_path: Path) -> None:
    demo_files.credentials_write(tmp_path, CREDENTIALS)
    demo_files.loaded_write(tmp_path, 18)
    assert not demo_files.demo_is_loaded(tmp_path)
    (tmp_path / "db.sqlite3").touch()
    assert demo_files.demo_is_loaded(tmp_path)
    assert demo_files.demo_recordings(tmp_path) == 18
