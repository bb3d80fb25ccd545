import keras
import pytest

from tests.worker.training.database import database_written
from worker.training.__main__ import main
from worker.training.config import CONFIGS
from worker.training.records import DS1, DS2, PACED_TRAINING


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return database_written(tmp_path_factory.mktemp("records"), DS1 + DS2 + PACED_TRAINING, seconds=12.0)


@pytest.fixture
def options(data, tmp_path):
    """The shipped settings made small."""
    text = (CONFIGS / "new-patients.toml").read_text()
    for old, new in (("12000", "64"), ("size_px = 64", "size_px = 32"), ("epochs = 5", "epochs = 1"), ("0.25", "0.05")):
        text = text.replace(old, new)
    config = tmp_path / "small.toml"
    config.write_text(text)
    folders = ["--data", str(data), "--runs", str(tmp_path / "runs"), "--out", str(tmp_path)]
    return ["zoo", "--config", str(config), *folders]


def written(tmp_path):
    return sorted(path.name for path in (tmp_path / "small").iterdir())


def test_missing_units_are_run_once_and_make_the_table(options, tmp_path, capsys, monkeypatch):
    assert main([*options, "--rows", "alexnet"]) == 0
    assert written(tmp_path) == ["alexnet-ds1-held-out.csv.gz"]
    said = capsys.readouterr()
    assert "alexnet, ds1-held-out: 64 beats to learn from" in said.out
    assert "| alexnet, DS1 records left out | " in said.out
    assert "DS2" not in said.out
    assert "test patients" not in said.err

    def refuse(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr(keras.Model, "fit", refuse)
    assert main([*options, "--rows", "alexnet"]) == 0
    assert main([*options, "--table"]) == 0
    assert capsys.readouterr().out.count("| alexnet, DS1 records left out | ") == 2


def test_the_test_patients_are_opened_only_when_named_and_with_a_reminder(options, tmp_path, capsys):
    assert main([*options, "--rows", "alexnet", "--protocol", "ds2"]) == 0
    assert written(tmp_path) == ["alexnet-ds2.csv.gz"]
    said = capsys.readouterr()
    assert "| alexnet, **DS2** | " in said.out
    assert "docs/science-log.md" in said.err


def test_an_unknown_row_is_said_in_one_line(options, capsys):
    assert main([*options, "--rows", "resnet"]) == 1
    assert "jun2018" in capsys.readouterr().err
