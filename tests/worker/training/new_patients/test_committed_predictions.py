import csv
import gzip

import pytest

from worker.training.config import CONFIGS
from worker.training.evaluation.protocols import PROTOCOLS
from worker.training.new_patients.patients import patients_of
from worker.training.new_patients.settings import new_patients_config_load
from worker.training.new_patients.table import predictions_file, unit_figures
from worker.training.paper.beats import beats_of
from worker.training.paper.classes import FIVE_CLASSES
from worker.training.paper.predictions import SCIENCE
from worker.training.publishing.markdown_table import markdown_table
from worker.training.records import RecordsMissing, data_folder, record_load

CONFIG = new_patients_config_load(CONFIGS / "new-patients.toml")
UNITS = [(row.name, protocol) for row in CONFIG.rows for protocol in PROTOCOLS]


@pytest.fixture(scope="module")
def beats():
    try:
        folder = data_folder(None)
    except RecordsMissing as reason:
        pytest.skip(str(reason))
    asked = {protocol: patients_of(protocol, CONFIG.protocol.held_out_records).asked for protocol in PROTOCOLS}
    return {
        protocol: beats_of((record_load(folder, name) for name in names), FIVE_CLASSES)
        for protocol, names in asked.items()
    }


def lines_of(row, protocol):
    with gzip.open(predictions_file(SCIENCE, CONFIG.name, row, protocol), "rt") as file:
        return list(csv.DictReader(file))


@pytest.mark.data
@pytest.mark.parametrize(("row", "protocol"), UNITS)
def test_committed_answers_cover_every_beat_once(row, protocol, beats):
    said = [(line["record"], int(line["sample"]), line["symbol"]) for line in lines_of(row, protocol)]
    asked = beats[protocol]
    assert said == list(zip(asked.records, asked.samples, asked.symbols, strict=True))
    assert len({(record, sample) for record, sample, _ in said}) == len(said)


@pytest.mark.parametrize(("row", "protocol"), UNITS)
def test_committed_answers_are_probabilities_of_five_classes(row, protocol):
    lines = lines_of(row, protocol)
    assert tuple(lines[0]) == ("record", "sample", "symbol", "p_N", "p_S", "p_V", "p_F", "p_Q")
    for line in lines[::97]:
        assert sum(float(line[f"p_{name}"]) for name in "NSVFQ") == pytest.approx(1, abs=1e-4)
    assert len(lines) == {"ds2": 49_712, "ds1-held-out": 14_419}[protocol]


@pytest.mark.parametrize(("row", "protocol"), UNITS)
def test_the_reports_table_is_made_of_them(row, protocol):
    figures = unit_figures(predictions_file(SCIENCE, CONFIG.name, row, protocol))
    title = f"{row}, {'**DS2**' if protocol == 'ds2' else 'DS1 records left out'}"
    line = markdown_table([(title, figures)]).splitlines()[-1]
    assert line in (SCIENCE.parent / "science.md").read_text().splitlines()
