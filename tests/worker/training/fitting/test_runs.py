import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from worker.training.config import CONFIGS, config_load
from worker.training.data.bank import Bank
from worker.training.fitting.environment import cores
from worker.training.fitting.fit import network_fit
from worker.training.fitting.runs import totals

# What two fits of one seed may differ by on one machine and backend: threads add numbers up in another order.
SAME_SEED_TOLERANCE = 1e-3


@pytest.fixture
def config():
    config = config_load(CONFIGS / "beat.toml")
    return replace(
        config,
        network=replace(config.network, height_px=16, stem=(4, 4), stages=(4,), dense=8),
        training=replace(config.training, epochs=2, epoch_beats=64, batch_size=16),
    )


@pytest.fixture
def bank(config):
    rng = np.random.default_rng(3)
    n = 200
    heights = rng.uniform(-1, 1, (n, *config.input_shape[:2], 1))
    columns = np.concatenate([heights, heights + 0.1], axis=3).astype(np.float16)
    return Bank(columns, rng.integers(0, 5, n).astype(np.uint8), np.full(n, "101"), np.zeros(n, dtype=bool))


def test_a_run_leaves_one_folder_that_tells_everything(config, bank, tmp_path):
    network_fit(config, bank, tmp_path, verbose=0)
    assert json.loads((tmp_path / "config.json").read_text())["training"]["seed"] == config.training.seed
    environment = json.loads((tmp_path / "environment.json").read_text())
    assert environment["backend"] in ("tensorflow", "jax", "torch")
    assert environment["packages"]["keras"]
    assert environment["machine"]["cores"] == cores() >= 1
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["images"] == 2 * 64
    assert metrics["epochs"] == 2
    assert metrics["images_per_s"] > 0
    assert 0 < metrics["cpu_utilisation"] <= 1.2
    with (tmp_path / "epochs.csv").open() as log:
        assert [float(row["loss"]) for row in csv.DictReader(log)][-1] == pytest.approx(metrics["loss"])
    assert "<svg" in (tmp_path / "plots" / "epochs.svg").read_text()


def test_the_same_seed_gives_the_same_network(config, bank, tmp_path):
    x = np.asarray(bank.columns[:50], np.float32)
    first, second = (network_fit(config, bank, tmp_path / name, verbose=0).predict_on_batch(x) for name in "ab")
    assert np.abs(first - second).max() < SAME_SEED_TOLERANCE
    reseeded = replace(config, training=replace(config.training, seed=config.training.seed + 1))
    other = network_fit(reseeded, bank, tmp_path / "c", verbose=0).predict_on_batch(x)
    assert np.abs(first - other).max() > 10 * SAME_SEED_TOLERANCE


def test_a_bar_shows_all_epochs_with_the_time_left(config, bank, tmp_path, capsys):
    network_fit(config, bank, tmp_path / "context" / "0", verbose=1)
    shown = capsys.readouterr().err
    assert "context/0" in shown
    assert "8/8" in shown


def test_utilisation_is_of_all_parts_and_all_cores():
    part = {"wall_s": 10.0, "cpu_s": 15.0, "cores": 2, "images": 100, "accelerator_utilisation": None}
    figures = totals([part, {**part, "cpu_s": 20.0}])
    assert figures["wall_s"] == 20.0
    assert figures["images_per_s"] == 10.0
    assert figures["cpu_utilisation"] == 0.875
