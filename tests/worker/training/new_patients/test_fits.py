from dataclasses import replace

import keras
import numpy as np
import pytest

from tests.worker.training.database import database_written
from worker.training.config import CONFIGS
from worker.training.new_patients.fits import NewPatients
from worker.training.new_patients.settings import NewPatientsConfig, new_patients_config_load
from worker.training.paper.classes import FIVE_CLASSES
from worker.training.paper.settings import Row
from worker.training.records import DS1, DS2, PACED_TRAINING, record_load

STUDENT = Row("student", "student", "none", 0, width=0.1)
CROPS = Row("jun2018-augmented", "jun2018", "nine_crops", 96, width=0.0625)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Records for learning, and none of DS2."""
    return database_written(tmp_path_factory.mktemp("records"), DS1 + PACED_TRAINING, seconds=15.0)


def tiny_config(*rows: Row) -> NewPatientsConfig:
    config = new_patients_config_load(CONFIGS / "new-patients.toml")
    return replace(
        config,
        name="tiny",
        protocol=replace(config.protocol, train_beats=160),
        zoo=replace(config.zoo, size_px=32, epochs=2, batch_size=16),
        rows=rows,
    )


@pytest.mark.parametrize("row", [STUDENT, CROPS])
def test_every_beat_left_out_has_an_answer_and_the_test_stays_closed(row, data, tmp_path):
    fits = NewPatients(tiny_config(row), data, tmp_path, "ds1-held-out")
    probabilities = fits.answers(row, verbose=0)
    held_out = fits.config.protocol.held_out_records
    expected = [(name, sample) for name in held_out for sample in record_load(data, name).samples]
    assert list(zip(fits.asked.beats.records, fits.asked.beats.samples, strict=True)) == expected
    assert fits.asked.chosen.tolist() == list(range(len(expected)))
    assert probabilities.shape == (len(expected), len(FIVE_CLASSES))
    assert probabilities.sum(axis=1) == pytest.approx(1)


def test_what_is_learnt_is_drawn_from_the_training_records_alone(data, tmp_path):
    fits = NewPatients(tiny_config(STUDENT), data, tmp_path, "ds1-held-out")
    learnt = fits.training.beats.records[fits.training.chosen]
    assert len(learnt) == 160
    assert not set(learnt) & {*fits.config.protocol.held_out_records, *DS2}
    assert len(fits.training.columns) == len(fits.training.beats)


def test_a_network_that_has_answered_is_not_trained_again(data, tmp_path, monkeypatch):
    first = NewPatients(tiny_config(STUDENT), data, tmp_path, "ds1-held-out").answers(STUDENT, verbose=0)

    def refuse(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr(keras.Model, "fit", refuse)
    again = NewPatients(tiny_config(STUDENT), data, tmp_path, "ds1-held-out").answers(STUDENT, verbose=0)
    assert np.array_equal(first, again)
