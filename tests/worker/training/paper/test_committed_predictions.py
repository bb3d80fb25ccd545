import csv
import gzip

import numpy as np
import pytest

from worker.training.config import CONFIGS
from worker.training.paper.beats import beats_of
from worker.training.paper.classes import EIGHT_CLASSES
from worker.training.paper.folds import fold_of_beats
from worker.training.paper.predictions import PREDICTIONS, predictions_path
from worker.training.paper.settings import paper_config_load
from worker.training.records import ALL_RECORDS, RecordsMissing, data_folder, record_load

COMMITTED = [
    (config, row.name, fold)
    for config in map(paper_config_load, sorted(CONFIGS.glob("paper*.toml")))
    for row in config.rows
    for fold in config.protocol.run_folds
    if predictions_path(PREDICTIONS, config.name, row.name, fold).is_file()
]


@pytest.fixture(scope="module")
def beats():
    try:
        folder = data_folder(None)
    except RecordsMissing as reason:
        pytest.skip(str(reason))
    return beats_of((record_load(folder, name) for name in ALL_RECORDS), EIGHT_CLASSES)


@pytest.mark.data
@pytest.mark.parametrize(("config", "row", "fold"), COMMITTED, ids=lambda value: getattr(value, "name", str(value)))
def test_committed_answers_are_about_the_beats_of_their_fold(config, row, fold, beats):
    with gzip.open(predictions_path(PREDICTIONS, config.name, row, fold), "rt") as file:
        said = [(line["record"], int(line["sample"]), line["symbol"]) for line in csv.DictReader(file)]
    folds = fold_of_beats(beats.labels, config.protocol.folds, config.protocol.seed)
    asked = np.flatnonzero(folds == fold)
    assert said == list(zip(beats.records[asked], beats.samples[asked], beats.symbols[asked], strict=True))
