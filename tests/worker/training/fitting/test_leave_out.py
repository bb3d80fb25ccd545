import json
from dataclasses import replace

import numpy as np
import pytest

from tests.worker.training.database import database_written
from worker.training.config import CONFIGS, config_changed, config_load
from worker.training.data.bank import bank_load, bank_prepare, donors_for
from worker.training.evaluation.answers import Answers
from worker.training.fitting.leave_out import group_answers, left_out_selection, log_prior_shift
from worker.training.fitting.selection import selection_choose
from worker.training.simulation.plans import N, S, V

NAMES = ("101", "106", "108", "109")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return database_written(tmp_path_factory.mktemp("records"), NAMES)


@pytest.fixture
def config(monkeypatch):
    for module in ("data.bank", "fitting.leave_out"):
        monkeypatch.setattr(f"worker.training.{module}.DS1", NAMES)
        monkeypatch.setattr(f"worker.training.{module}.PACED_TRAINING", ())
    monkeypatch.setattr("worker.training.fitting.selection.DS1", NAMES)
    shipped = config_load(CONFIGS / "context.toml")
    return replace(
        shipped,
        bank=replace(shipped.bank, passes=1),
        network=replace(
            shipped.network, height_px=16, stem=(4, 4), stages=(4,), lines=(4,), series=(4,), dense=8, members=1
        ),
        training=replace(shipped.training, epochs=1, epoch_beats=64, batch_size=16),
        selection=replace(shipped.selection, folds=(NAMES[:2], NAMES[2:])),
    )


def test_every_beat_of_ds1_is_answered_by_a_network_that_did_not_see_its_patient(config, data, tmp_path):
    bank_prepare(config, data, tmp_path / "bank")
    bank = bank_load(tmp_path / "bank")
    fitted_without = []

    class Spy:
        def without(self, records):
            fitted_without.append(records)
            return bank.without(records)

    for group in range(2):
        answers = group_answers(config, Spy(), data, tmp_path / "run", group, verbose=0)
        for of_reading in answers.values():
            asked = {name.split("-")[0] for name in of_reading.records}
            assert asked == set(config.selection.folds[group])
    assert fitted_without == list(config.selection.folds)
    assert set(bank.without(NAMES[:2]).records) == set(NAMES[2:])


def test_a_group_that_was_answered_is_not_fitted_again(config, data, tmp_path):
    bank_prepare(config, data, tmp_path / "bank")
    bank = bank_load(tmp_path / "bank")
    log_shift = log_prior_shift(config, bank, data)
    assert log_shift[0] > log_shift[2]  # N is drawn less often than it occurs, V more often
    first = left_out_selection(config, bank, data, tmp_path / "run", verbose=0)
    (tmp_path / "run" / "selection.json").unlink()
    again = left_out_selection(config, kept_from_fitting(bank), data, tmp_path / "run", verbose=0)
    assert json.dumps(again.held_out) == json.dumps(first.held_out)
    assert set(first.held_out["readings"]) == {"strip10", "whole"}


def kept_from_fitting(bank):
    """The bank, but for fitting."""

    class Kept:
        columns, labels, records, simulated = bank.columns, bank.labels, bank.records, bank.simulated

        def without(self, records):
            raise AssertionError("fitted again")

    return Kept()


def test_a_record_lends_its_ventricular_beats_to_its_own_group_only():
    left_out = (("106", "119"), ("208", "215", "101"))
    assert donors_for("101", left_out) == ("208", "215")
    assert donors_for("106", left_out) == ("106", "119")
    assert "106" not in donors_for("122", left_out)
    assert "223" in donors_for("122", left_out)


def test_a_setting_is_changed_by_its_name():
    changed = config_changed(
        config_load(CONFIGS / "context.toml"), ["network.stages=[]", "training.simulated_share=0.0"]
    )
    assert changed.network.stages == ()
    assert changed.training.simulated_share == 0.0
    for wrong in ("network.stages", "network.colour=1", "colour=1"):
        with pytest.raises(ValueError, match=r"expected section\.key=value"):
            config_changed(changed, [wrong])


def answers_of(record, labels, logits, strips):
    n = len(labels)
    names, symbols = np.full(n, record), np.full(n, "N")
    return Answers(names, np.arange(n), symbols, np.array(labels), np.array(logits), np.zeros((n, 0, 5)), strips)


def test_simulated_rhythms_take_part_in_the_choice_of_the_prior():
    doubtful = [0.0, 0.4, -9.0, -9.0, -9.0]  # S by a little
    sure_v = [-9.0, -9.0, 9.0, -9.0, -9.0]
    real = answers_of("101", [N, N, V], [doubtful, doubtful, sure_v], np.zeros(3, int))
    simulated = answers_of("101-0", [S] * 8 + [V], [doubtful] * 8 + [sure_v], np.zeros(9, int))
    shift = np.array([1.0, 0.0, 0.0, 0.0, 0.0])  # N occurs more often than it was drawn
    alone = selection_choose({"whole": real}, shift, 0.02)
    assert alone.prior_strength >= 0.5
    both = selection_choose({"whole": real}, shift, 0.02, {"whole": simulated})
    assert both.prior_strength < 0.4
    assert both.held_out["simulated"]["whole"]["per_class"]["S"]["f1"] == 1
    assert "simulated" not in alone.held_out


def test_rhythms_of_one_record_are_adapted_each_for_itself(config, data, tmp_path):
    bank_prepare(config, data, tmp_path / "bank")
    answers = group_answers(config, bank_load(tmp_path / "bank"), data, tmp_path / "run", 0, verbose=0)
    simulated = answers["simulated-whole"]
    assert len(np.unique(simulated.records)) > len(NAMES[:2])
    assert {name.split("-")[0] for name in simulated.records} <= set(NAMES[:2])


def test_a_strip_of_nothing_but_s_is_no_question():
    logits = np.zeros((6, 5))
    answers = answers_of("101-0", [S, S, S, N, S, S], logits, np.array([0, 0, 1, 1, 2, 2]))
    assert answers.of_strips_without_only(S).strips.tolist() == [1, 1]
