import csv
from dataclasses import replace

import keras
import numpy as np
import pytest

from worker.ecg.drawing import CONTEXT_CHANNELS
from worker.model.architectures import multiply_accumulates
from worker.training.config import CONFIGS, config_load
from worker.training.data.bank import Bank
from worker.training.evaluation.answers import with_members
from worker.training.fitting.fit import member_config, members_fit, network_fit, prior_folded_in
from worker.training.fitting.sampling import BeatSequence, beat_weights, columns_varied, sampled_prior


def tiny_config(epochs):
    config = config_load(CONFIGS / "context.toml")
    return replace(
        config,
        network=replace(
            config.network, height_px=16, stem=(4, 4), stages=(4,), lines=(4,), series=(4,), dense=8, member_channels=()
        ),
        training=replace(config.training, epochs=epochs, epoch_beats=64, batch_size=16),
    )


@pytest.fixture
def bank():
    rng = np.random.default_rng(0)
    n = 300
    heights = rng.uniform(-1, 1, (n, len(CONTEXT_CHANNELS), 96, 1))
    labels = rng.choice(5, n, p=(0.8, 0.05, 0.05, 0.05, 0.05)).astype(np.uint8)
    return Bank(
        np.concatenate([heights, heights + 0.1], axis=3).astype(np.float16),
        labels,
        rng.choice(["101", "106"], n),
        rng.random(n) < 0.5,
    )


class Interrupted(Exception):
    pass


class PowerCut(keras.callbacks.Callback):
    def __init__(self, before_epoch):
        super().__init__()
        self.before_epoch = before_epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.before_epoch:
            raise Interrupted


def test_an_interrupted_training_goes_on_after_its_last_epoch(bank, tmp_path, monkeypatch):
    config = tiny_config(epochs=4)
    fit = keras.Model.fit

    def fit_with_power_cut(self, *args, callbacks, **kwargs):
        return fit(self, *args, callbacks=[*callbacks, PowerCut(2)], **kwargs)

    with monkeypatch.context() as cut:
        cut.setattr(keras.Model, "fit", fit_with_power_cut)
        with pytest.raises(Interrupted):
            network_fit(config, bank, tmp_path, verbose=0)
    assert not (tmp_path / "network.keras").exists()

    network_fit(config, bank, tmp_path, verbose=0)
    with (tmp_path / "epochs.csv").open() as log:
        assert [row["epoch"] for row in csv.DictReader(log)] == ["0", "1", "2", "3"]


def test_a_finished_training_is_not_begun_again(bank, tmp_path):
    config = tiny_config(epochs=1)
    network = network_fit(config, bank, tmp_path, verbose=0)
    assert not network.compiled
    written = (tmp_path / "network.keras").stat().st_mtime_ns
    network_fit(config, bank, tmp_path, verbose=0)
    assert (tmp_path / "network.keras").stat().st_mtime_ns == written


def test_simulated_beats_have_their_share_and_rare_classes_more_than_theirs(bank):
    settings = tiny_config(1).training
    weights = beat_weights(bank, settings)
    assert weights.sum() == pytest.approx(1)
    assert weights[bank.simulated].sum() == pytest.approx(settings.simulated_share)
    assert sampled_prior(bank, weights)[1] > (bank.labels == 1).mean()


def test_the_same_seed_gives_the_same_batches(bank):
    settings = tiny_config(1).training
    first, second = BeatSequence(bank, settings)[2], BeatSequence(bank, settings)[2]
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_held_out_records_leave_the_bank(bank):
    assert set(bank.without(("106",)).records) == {"101"}


def test_blank_columns_stay_blank_when_a_drawing_is_varied():
    columns = np.full((50, 1, 96, 2), 0.2, np.float32)
    columns[:, :, :10] = 4.0
    varied = columns_varied(columns, np.random.default_rng(1))
    assert (varied[:, :, :10] == 4.0).all()
    assert not np.array_equal(varied[:, :, 10:], columns[:, :, 10:])


def test_two_members_answer_with_their_mean_also_after_saving(bank, tmp_path):
    config = tiny_config(1)
    model = members_fit(replace(config, network=replace(config.network, members=2)), bank, tmp_path, verbose=0)
    x = np.asarray(bank.columns[:3], np.float32)
    alone = [keras.saving.load_model(tmp_path / name / "network.keras", compile=False) for name in "01"]
    mean = sum(member.predict_on_batch(x) for member in alone) / 2
    assert not np.allclose(alone[0].predict_on_batch(x), alone[1].predict_on_batch(x))
    assert np.allclose(model.predict_on_batch(x), mean, atol=1e-5)

    prior_folded_in(model, np.arange(5.0))
    model.save(tmp_path / "joined.keras")
    again = keras.saving.load_model(tmp_path / "joined.keras", compile=False)
    assert np.allclose(again.predict_on_batch(x), mean + np.arange(5.0), atol=1e-5)
    assert multiply_accumulates(again) == 2 * multiply_accumulates(alone[0])


def test_the_prior_goes_into_the_last_bias(bank, tmp_path):
    model = network_fit(tiny_config(1), bank, tmp_path, verbose=0)
    x = np.zeros((1, len(CONTEXT_CHANNELS), 96, 2), np.float32)
    before = model.predict_on_batch(x)
    prior_folded_in(model, np.arange(5.0))
    assert np.allclose(model.predict_on_batch(x), before + np.arange(5.0), atol=1e-5)


def test_members_may_read_some_of_the_channels_with_a_seed_for_each_round(bank, tmp_path):
    config = tiny_config(1)
    mixed = replace(config, network=replace(config.network, members=4, member_channels=(13, 10)))
    alone = [member_config(mixed, number) for number in range(4)]
    assert [one.network.channels for one in alone] == [13, 10, 13, 10]
    assert [one.training.seed - config.training.seed for one in alone] == [0, 0, 1, 1]

    model = members_fit(replace(mixed, network=replace(mixed.network, members=2)), bank, tmp_path, verbose=0)
    x = np.asarray(bank.columns[:3], np.float32)
    other = x.copy()
    other[:, 10:] += 0.5
    narrow = keras.saving.load_model(tmp_path / "1" / "network.keras", compile=False)
    assert narrow.input_shape[1] == 10
    outputs, changed = (with_members(model).predict_on_batch(columns) for columns in (x, other))
    assert np.allclose(outputs[:, 2], narrow.predict_on_batch(x[:, :10]), atol=1e-5)
    assert np.allclose(outputs[:, 2], changed[:, 2])
    assert not np.allclose(outputs[:, 1], changed[:, 1])
