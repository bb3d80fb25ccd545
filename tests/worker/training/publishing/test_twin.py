import shutil

import keras
import numpy as np
import onnxruntime
import pytest

from worker.model import layers as _layers  # noqa: F401  registers the drawing layers for loading
from worker.model.architectures import build_network
from worker.model.registry import artifact_folder, file_sha256, read_manifest
from worker.training.publishing import twin
from worker.training.publishing.twin import LARGEST_DIFFERENCE, TwinDiffers, twin_difference, twin_written


@pytest.mark.parametrize("kind", ["beat", "context"])
def test_a_shipped_twin_answers_like_its_network(kind):
    folder = artifact_folder(kind)
    facts = read_manifest(folder).document["onnx"]
    path = folder / facts["file"]
    assert facts["sha256"] == file_sha256(path)
    assert path.stat().st_size <= 5_000_000
    network = keras.saving.load_model(folder / "network.keras", compile=False)
    assert twin_difference(network, path) <= LARGEST_DIFFERENCE


def test_a_twin_takes_batches_of_any_size(tmp_path):
    build_network((1, 32, 2), height_px=16, stem=(4, 4), stages=(4,), dense=8, dropout=0.1, seed=1).save(
        tmp_path / "network.keras"
    )
    facts = twin_written(tmp_path)
    assert facts["max_abs_difference"] <= LARGEST_DIFFERENCE
    session = onnxruntime.InferenceSession(tmp_path / facts["file"])
    for size in (1, 7):
        x = np.zeros((size, 1, 32, 2), np.float32)
        assert session.run(None, {session.get_inputs()[0].name: x})[0].shape == (size, 5)


def test_a_twin_that_differs_is_not_left_behind(tmp_path, monkeypatch):
    shutil.copy(artifact_folder("beat") / "network.keras", tmp_path)
    monkeypatch.setattr(twin, "LARGEST_DIFFERENCE", 0.0)
    with pytest.raises(TwinDiffers, match="expected logits"):
        twin_written(tmp_path)
    assert not (tmp_path / "network.onnx").exists()
