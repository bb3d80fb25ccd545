import hashlib
import json

import numpy as np
import pytest

from worker.image.sheet.row_reader import BAND_PX
from worker.training.sheet_readers import ship
from worker.training.sheet_readers.bands import BAND_WIDTH_PX
from worker.training.sheet_readers.fit import FitSettings
from worker.training.sheet_readers.row_network import build_row_network


@pytest.fixture(scope="module")
def model():
    """As after a fit: normalisations that are not the identity."""
    network = build_row_network(BAND_WIDTH_PX)
    rng = np.random.default_rng(4)
    weights = network.get_weights()
    network.set_weights([w * rng.uniform(0.8, 1.2, w.shape) + rng.normal(0, 0.02, w.shape) for w in weights])
    return network


def test_what_is_shipped_scores_as_the_network_does(model, tmp_path):
    onnx = tmp_path / "reader.onnx"
    ship.row_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    described = json.loads(onnx.with_suffix(".json").read_text())
    assert described["sha256"] == hashlib.sha256(onnx.read_bytes()).hexdigest()
    assert described["max_abs_difference"] <= ship.LARGEST_DIFFERENCE
    assert described["pages"] == 3


def test_what_scores_otherwise_is_not_shipped(model, tmp_path, monkeypatch):
    monkeypatch.setattr(ship.OnnxNetwork, "scores", lambda self, batch: np.zeros((1, BAND_PX + 1, batch.shape[2])))
    onnx = tmp_path / "reader.onnx"
    with pytest.raises(ValueError, match="expected scores within"):
        ship.row_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    assert not onnx.exists()
    assert not onnx.with_suffix(".json").exists()
