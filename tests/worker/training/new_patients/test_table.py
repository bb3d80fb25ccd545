from dataclasses import replace

import numpy as np
import pytest

from worker.ecg.annotations import AAMI_CLASSES
from worker.training.config import CONFIGS
from worker.training.new_patients.settings import new_patients_config_load
from worker.training.new_patients.table import predictions_file, table_rows, unit_figures
from worker.training.paper.beats import Beats
from worker.training.paper.classes import FIVE_CLASSES
from worker.training.paper.predictions import predictions_write


@pytest.fixture
def config():
    return replace(new_patients_config_load(CONFIGS / "new-patients.toml"), name="tiny")


def answers_written(path, beats):
    """A file of beats, each a record, a symbol and the class answered."""
    records, symbols, answers = (np.array(column) for column in zip(*beats, strict=True))
    samples = np.arange(len(beats))
    probabilities = np.eye(5)[[AAMI_CLASSES.index(answer) for answer in answers]]
    written = Beats(records, samples, symbols, FIVE_CLASSES.labels(symbols))
    predictions_write(written, samples, probabilities, FIVE_CLASSES, path)


OF_100 = [("100", "N", "N"), ("100", "R", "V"), ("100", "V", "V"), ("100", "F", "Q")]
BEATS = [*OF_100, ("232", "A", "S"), ("232", "A", "N")]


def test_figures_by_hand(tmp_path):
    path = tmp_path / "answers.csv.gz"
    answers_written(path, [*BEATS, ("100", "Q", "N")])
    figures = unit_figures(path)
    assert figures["beats"] == 6  # an annotated Q is not scored
    assert figures["accuracy"] == pytest.approx(3 / 6)  # and an answer Q is an error
    assert figures["per_class"]["S"] == {"beats": 2, "sensitivity": 0.5, "positive_predictivity": 1, "f1": 2 / 3}
    assert figures["per_class"]["V"]["positive_predictivity"] == pytest.approx(1 / 2)
    assert figures["per_class"]["F"]["f1"] == 0
    assert figures["without_232"]["accuracy"] == pytest.approx(2 / 4)
    assert set(figures["per_record"]) == {"100", "232"}
    assert len(figures["interval_95"]["accuracy"]) == 2


def test_the_table_is_made_of_the_files_two_lines_for_a_network(config, tmp_path):
    assert table_rows(config, tmp_path) == []
    answers_written(predictions_file(tmp_path, "tiny", "vggnet", "ds2"), BEATS)
    answers_written(predictions_file(tmp_path, "tiny", "vggnet", "ds1-held-out"), BEATS[:1])
    answers_written(predictions_file(tmp_path, "tiny", "student", "ds1-held-out"), BEATS[1:2])
    rows = table_rows(config, tmp_path)
    assert [title for title, _ in rows] == [
        "student, DS1 records left out",
        "vggnet, DS1 records left out",
        "vggnet, **DS2**",
    ]
    assert [figures["accuracy"] for _, figures in rows] == [0, 1, 0.5]


def test_a_row_and_its_protocol_name_the_file(tmp_path):
    path = predictions_file(tmp_path, "new-patients", "jun2018-augmented", "ds1-held-out")
    assert path == tmp_path / "new-patients" / "jun2018-augmented-ds1-held-out.csv.gz"
