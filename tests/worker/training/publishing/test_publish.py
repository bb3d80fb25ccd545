import json
import shutil

import keras
import numpy as np
import pytest

from worker.model.architectures import build_network
from worker.model.promotion import reasons_against
from worker.model.registry import artifact_folder
from worker.training.publishing.publish import metrics_add, network_save

SHA256 = "c" * 64


@pytest.fixture
def folder(tmp_path):
    shipped = artifact_folder("beat")
    for name in ("manifest.json", "model_card.md"):
        shutil.copy(shipped / name, tmp_path / name)
    return tmp_path


def documents(folder):
    return json.loads((folder / "manifest.json").read_text())


def test_figures_of_ds2_are_stamped_with_the_network_they_were_measured_for(folder):
    metrics = documents(folder)["metrics"]
    metrics_add(folder, {key: metrics[key] for key in ("ds2", "calibration")}, measured=SHA256)
    assert documents(folder)["metrics"]["evaluated_sha256"] == SHA256


def test_figures_of_another_network_do_not_pass_the_gate(folder):
    document = documents(folder)
    metrics_add(folder, {key: document["metrics"][key] for key in ("ds2", "calibration")}, measured=SHA256)
    assert any("another network" in reason for reason in reasons_against(documents(folder), document))


@pytest.mark.parametrize("key", ["ds2", "noise"])
def test_some_rows_alone_leave_the_stamp_alone(folder, key):
    metrics = documents(folder)["metrics"]
    metrics_add(folder, {key: metrics.get(key, {"db_24": {"accuracy": 0.5}})}, measured=SHA256)
    after = documents(folder)["metrics"]
    assert after.get("evaluated_sha256") == metrics.get("evaluated_sha256")
    assert key in after


def test_rows_that_were_not_measured_again_stay(folder):
    before = documents(folder)["metrics"]["ds2"]
    metrics_add(folder, {"ds2": {"unknown_lead": before["crop"]["oracle"]}}, measured=SHA256)
    ds2 = documents(folder)["metrics"]["ds2"]
    assert ds2["crop"] == before["crop"]
    assert "unknown_lead" in ds2
    assert "lead and time scale unknown" in (folder / "model_card.md").read_text()


def test_figures_come_with_their_plots(folder):
    metrics_add(folder, {}, measured=SHA256)
    plots = {path.name: path.read_text() for path in (folder / "plots").glob("*.svg")}
    assert {"confusion-crop-oracle.svg", "records-crop-oracle.svg"} <= set(plots)
    assert all(text.lstrip().startswith("<?xml") for text in plots.values())
    metrics_add(folder, {}, measured=SHA256)
    assert {path.name: path.read_text() for path in (folder / "plots").glob("*.svg")} == plots


def test_a_compressed_network_answers_as_before(tmp_path):
    network = build_network((1, 128, 2), height_px=16, stem=(4, 4), stages=(4,), dense=8, dropout=0.1, seed=1)
    network.save(tmp_path / "plain.keras")
    network_save(network, tmp_path / "network.keras")
    assert (tmp_path / "network.keras").stat().st_size < 0.9 * (tmp_path / "plain.keras").stat().st_size
    again = keras.saving.load_model(tmp_path / "network.keras", compile=False, safe_mode=True)
    columns = np.random.default_rng(0).uniform(-1, 1, (3, 1, 128, 2)).astype(np.float32)
    assert np.array_equal(again.predict_on_batch(columns), network.predict_on_batch(columns))
