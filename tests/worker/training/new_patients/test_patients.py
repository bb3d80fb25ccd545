from collections import Counter

import numpy as np
import pytest

from worker.training.config import CONFIGS
from worker.training.evaluation.protocols import PROTOCOLS, TEST_RECORDS
from worker.training.new_patients.patients import beats_taught, patients_of
from worker.training.new_patients.settings import new_patients_config_load
from worker.training.paper.beats import Beats, beats_of
from worker.training.paper.classes import FIVE_CLASSES
from worker.training.paper.folds import stratified_part
from worker.training.records import DS1, DS2, PACED_TRAINING, RecordsMissing, data_folder, record_load

SETTINGS = new_patients_config_load(CONFIGS / "new-patients.toml").protocol
HELD_OUT = SETTINGS.held_out_records


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_training_and_test_records_never_share_a_patient(protocol):
    patients = patients_of(protocol, HELD_OUT)
    assert not set(patients.training) & set(patients.asked)
    assert not set(patients.training) & TEST_RECORDS
    assert len(set(patients.training)) == len(patients.training)
    assert set(PACED_TRAINING) < set(patients.training)


def test_ds2_is_asked_after_learning_from_all_of_ds1():
    patients = patients_of("ds2", HELD_OUT)
    assert set(patients.training) == {*DS1, *PACED_TRAINING}
    assert patients.asked == DS2


def test_what_is_left_out_of_ds1_is_asked_without_opening_the_test():
    patients = patients_of("ds1-held-out", HELD_OUT)
    assert set(patients.training) == {*DS1, *PACED_TRAINING} - set(HELD_OUT)
    assert patients.asked == HELD_OUT
    assert not set(patients.asked) & TEST_RECORDS


def test_paced_records_teach_q_alone_and_the_others_all_but_q():
    symbols = np.array(["N", "/", "V", "Q", "F", "f"])
    records = np.array(["101", "102", "102", "101", "101", "107"])
    beats = Beats(records, np.arange(6), symbols, FIVE_CLASSES.labels(symbols))
    assert beats_taught(beats).tolist() == [0, 1, 4, 5]


@pytest.fixture(scope="module")
def folder():
    try:
        return data_folder(None)
    except RecordsMissing as reason:
        pytest.skip(str(reason))


def classes_counted(labels):
    return {FIVE_CLASSES.names[label]: count for label, count in sorted(Counter(labels.tolist()).items())}


@pytest.mark.data
@pytest.mark.parametrize(
    ("protocol", "taught", "asked"),
    [
        (
            "ds2",
            {"N": 45866, "S": 944, "V": 3788, "F": 415, "Q": 4162},
            {"N": 44259, "S": 1837, "V": 3221, "F": 388, "Q": 7},
        ),
        (
            "ds1-held-out",
            {"N": 33203, "S": 510, "V": 2491, "F": 390, "Q": 4162},
            {"N": 12663, "S": 434, "V": 1297, "F": 25},
        ),
    ],
)
def test_beats_are_counted_as_de_chazal_does(protocol, taught, asked, folder):
    patients = patients_of(protocol, HELD_OUT)
    training = beats_of((record_load(folder, name) for name in patients.training), FIVE_CLASSES)
    test = beats_of((record_load(folder, name) for name in patients.asked), FIVE_CLASSES)
    chosen = beats_taught(training)
    assert classes_counted(training.labels[chosen]) == taught
    assert classes_counted(test.labels) == asked
    part = stratified_part(training.labels, chosen, SETTINGS.train_beats, SETTINGS.seed)
    assert len(set(part)) == SETTINGS.train_beats
    shares = {name: count * SETTINGS.train_beats / len(chosen) for name, count in taught.items()}
    assert classes_counted(training.labels[part]) == pytest.approx(shares, abs=1)
