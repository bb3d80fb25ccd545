import pytest

from tests.worker.training.database import database_written
from worker.training.__main__ import main
from worker.training.evaluation.digitising import drawing
from worker.training.evaluation.faults import figures
from worker.training.evaluation.faults.table import BEGIN, END


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setitem(drawing._MITDB, "taught", ("106",))
    monkeypatch.setattr(figures, "KINDS", ("strip",))
    monkeypatch.setattr(figures, "FAULTS", ("none", "glare"))
    drawing._record.cache_clear()
    folder = tmp_path / "mitdb"
    folder.mkdir()
    return database_written(folder, ("106",), seconds=30.0)


def reasons(database, *more):
    return main(["failure-reasons", "--pictures", "1", "--jobs", "1", "--data", str(database), *more])


def test_the_figures_are_printed_and_put_on_the_page(database, tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert reasons(database, "--table", str(page)) == 0
    said = capsys.readouterr().out.strip()
    assert "| glare | 3 |" in said
    assert "| none | 1 | 1 |" in said
    assert page.read_text() == f"before\n{BEGIN}\n\n{said}\n\n{END}\nafter\n"


@pytest.mark.parametrize("wrong", [["--pictures", "0"], ["--jobs", "0"]])
def test_what_cannot_be_done_is_said_in_a_line(database, capsys, wrong):
    assert reasons(database, *wrong) == 1
    assert "expected 1 or more" in capsys.readouterr().err
