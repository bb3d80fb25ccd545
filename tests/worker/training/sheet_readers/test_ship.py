import hashlib
import json
from collections import Counter

import numpy as np
import pytest
from onnx import load

from worker.image.sheet.onnx_network import OnnxNetwork
from worker.image.sheet.row_reader import BAND_PX
from worker.training.sheet_readers import ship
from worker.training.sheet_readers.averaged import average_with
from worker.training.sheet_readers.bands import BAND_WIDTH_PX
from worker.training.sheet_readers.fit import FitSettings
from worker.training.sheet_readers.row_network import build_row_network
from worker.training.sheet_readers.taken_over import convolutions_of


def fitted(seed, **widths):
    """As after a fit: normalisations that are not the identity."""
    network = build_row_network(BAND_WIDTH_PX, **widths)
    rng = np.random.default_rng(seed)
    weights = network.get_weights()
    network.set_weights([w * rng.uniform(0.8, 1.2, w.shape) + rng.normal(0, 0.02, w.shape) for w in weights])
    return network


@pytest.fixture(scope="module")
def model():
    return fitted(4)


def test_what_is_shipped_scores_as_the_network_does(model, tmp_path):
    onnx = tmp_path / "reader.onnx"
    ship.row_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    described = json.loads(onnx.with_suffix(".json").read_text())
    assert described["sha256"] == hashlib.sha256(onnx.read_bytes()).hexdigest()
    assert described["max_abs_difference"] <= ship.LARGEST_DIFFERENCE
    assert described["pages"] == 3


def test_what_is_shipped_reads_bands_of_any_length(model, tmp_path):
    onnx = tmp_path / "reader.onnx"
    ship.row_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    band = np.random.default_rng(1).random((1, BAND_PX, BAND_WIDTH_PX, 3)).astype(np.float32)
    assert np.abs(OnnxNetwork(onnx).scores(band) - np.asarray(model(band))).max() <= ship.LARGEST_DIFFERENCE
    assert OnnxNetwork(onnx).scores(band[:, :, :48]).shape == (1, BAND_PX + 1, 48)


def test_an_exported_network_enlarges_at_once(model, tmp_path):
    onnx = tmp_path / "reader.onnx"
    ship.row_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    steps = Counter(node.op_type for node in load(onnx).graph.node)
    assert steps["Tile"] == 0
    assert steps["Resize"] == 5  # four levels, and the columns without a curve


def test_an_exported_network_copies_nothing_to_be_joined(model, tmp_path):
    onnx = tmp_path / "reader.onnx"
    ship.row_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    steps = Counter(node.op_type for node in load(onnx).graph.node)
    assert steps["Add"] == 4  # levels
    assert steps["Concat"] == 1  # heights, and there being none


def test_what_scores_otherwise_is_not_shipped(model, tmp_path, monkeypatch):
    monkeypatch.setattr(ship.OnnxNetwork, "scores", lambda self, batch: np.zeros((1, BAND_PX + 1, batch.shape[2])))
    onnx = tmp_path / "reader.onnx"
    with pytest.raises(ValueError, match="expected scores within"):
        ship.row_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    assert not onnx.exists()
    assert not onnx.with_suffix(".json").exists()


def test_what_went_on_is_a_weighted_mean_of_both(model, tmp_path):
    earlier, later = tmp_path / "earlier.onnx", tmp_path / "reader.onnx"
    ship.row_reader_ship(model, FitSettings(), pages=3, onnx=earlier)
    ship.row_reader_ship(model, FitSettings(), pages=3, onnx=later)
    other = fitted(5)
    alone = tmp_path / "alone.onnx"
    ship.row_reader_ship(other, FitSettings(), pages=5, onnx=alone)
    ship.row_reader_ship(other, FitSettings(), pages=5, earlier_share=0.25, onnx=later)
    mean, one, two = ([kernel for kernel, _ in convolutions_of(onnx)] for onnx in (later, earlier, alone))
    assert len(mean) > 10
    for kernels in zip(mean, one, two, strict=True):
        assert kernels[0] == pytest.approx(0.25 * kernels[1] + 0.75 * kernels[2], abs=1e-6)
    assert json.loads(later.with_suffix(".json").read_text())["earlier_share"] == 0.25


def test_networks_of_other_kinds_have_no_mean(model, tmp_path):
    for name, network in (("one", model), ("other", fitted(4, widths=(8, 16, 24, 40, 48)))):
        ship.row_reader_ship(network, FitSettings(), pages=3, onnx=tmp_path / f"{name}.onnx")
    with pytest.raises(ValueError, match="earlier: expected"):
        average_with(tmp_path / "one.onnx", tmp_path / "other.onnx", 0.5)
