import pytest

from tests.worker.training.label_packages import write_package
from worker.training.__main__ import main


@pytest.fixture
def records(tmp_path):
    """Where the records would lie: enough to be found, and never opened by what refuses early."""
    folder = tmp_path / "mitdb"
    folder.mkdir()
    (folder / "100.hea").touch()
    return folder


def from_labels(tmp_path, labels, records, *more):
    folders = ["--data", str(records), "--runs", str(tmp_path / "runs"), "--artifacts", str(tmp_path / "models")]
    return main(["train", "--from-labels", str(labels), *folders, *more])


def test_too_few_labels_are_said_for_each_kind_and_nothing_is_made(tmp_path, records, capsys):
    labels = write_package(tmp_path / "labels", patients=range(3))
    assert from_labels(tmp_path, labels, records) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in said] == ["beat", "context"]
    assert "(found: none)" in said[0]
    assert "300 are needed (found: N " in said[1]
    assert not (tmp_path / "models").exists()


def test_without_the_records_nothing_is_fine_tuned(tmp_path, capsys):
    labels = write_package(tmp_path / "labels", patients=range(3))
    assert from_labels(tmp_path, labels, tmp_path / "nowhere") == 1
    assert "MIT-BIH records are not in" in capsys.readouterr().err


def test_without_drawings_of_ds1_the_first_step_is_said(tmp_path, records, capsys):
    labels = write_package(tmp_path / "labels", patients=range(40), seconds=20.0)
    assert from_labels(tmp_path, labels, records, "--config", "context") == 1
    assert "prepare" in capsys.readouterr().err


def test_a_folder_without_labels_is_said_in_one_line(tmp_path, records, capsys):
    assert from_labels(tmp_path, tmp_path, records) == 1
    assert "expected a package of labels" in capsys.readouterr().err


def test_a_base_without_labels_is_a_mistake(capsys):
    assert main(["train", "--base", "somewhere"]) == 1
    assert "--from-labels" in capsys.readouterr().err
