import pytest

from tests.worker.training.database import database_written
from worker.model.classifier import Classifier
from worker.training.__main__ import main, parser
from worker.training.evaluation.digitising import drawing
from worker.training.evaluation.digitising.table import BEGIN, END
from worker.training.verbs.digitise_benchmark import OPENS_DS2


@pytest.fixture
def database(tmp_path, monkeypatch):
    folder = tmp_path / "mitdb"
    folder.mkdir()
    for half in ("taught", "reported"):
        monkeypatch.setitem(drawing._MITDB, half, ("106",))
    monkeypatch.setattr(Classifier, "load", lambda _: Said())
    drawing._record.cache_clear()
    return database_written(folder, ("106",), seconds=30.0)


class Said:
    class identity:
        version = "9.9.9"

    def classify_strips(self, strips):
        import numpy as np

        return [np.eye(5)[[0] * strip.r_peaks.size] for strip in strips]


def benchmark(database, *more):
    options = ["--kinds", "strip", "--levels", "clean", "--pictures", "1", "--jobs", "1", "--data", str(database)]
    return main(["digitise-benchmark", *options, *more])


def test_the_figures_are_printed_and_put_on_the_page(database, tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}\n{END}\n")
    assert benchmark(database, "--table", str(page), "--worst", str(tmp_path / "worst")) == 0
    said = capsys.readouterr()
    assert "| strip, clean | 1 |" in said.out
    assert "context 9.9.9" in said.out
    assert said.out.strip() in page.read_text()
    assert (tmp_path / "worst" / "worst-strip.png").stat().st_size > 1000
    assert OPENS_DS2 not in said.err


def test_whoever_opens_ds2_is_told_to_log_it(database, capsys):
    assert benchmark(database, "--half", "reported") == 0
    assert OPENS_DS2 in capsys.readouterr().err


def test_every_kind_can_be_asked_for():
    options = parser().parse_args(["digitise-benchmark", "--kinds", *drawing.KINDS])
    assert options.kinds == list(drawing.KINDS)


@pytest.mark.parametrize("wrong", [["--levels", "awful"], ["--pictures", "0"], ["--jobs", "0"]])
def test_what_cannot_be_done_is_said_in_a_line(database, capsys, wrong):
    assert benchmark(database, *wrong) == 1
    assert "expected" in capsys.readouterr().err
