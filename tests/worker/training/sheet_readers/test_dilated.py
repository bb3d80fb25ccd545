from collections import Counter

import numpy as np
import pytest
from onnx import load

from worker.image.sheet.onnx_network import OnnxNetwork
from worker.training.sheet_readers.fit import FitSettings
from worker.training.sheet_readers.ship import sign_reader_ship
from worker.training.sheet_readers.sign_network import build_sign_network
from worker.training.sheet_readers.taken_over import take_over


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A network as after a fit, and the file that is shipped of it."""
    model = build_sign_network(64)
    rng = np.random.default_rng(4)
    model.set_weights([w * rng.uniform(0.8, 1.2, w.shape) + rng.normal(0, 0.02, w.shape) for w in model.get_weights()])
    onnx = tmp_path_factory.mktemp("shipped") / "sign_reader.onnx"
    sign_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    return model, onnx


def batch(*sides):
    return np.random.default_rng(3).random((2, *sides, 3)).astype(np.float32)


def test_convolutions_are_dilated_at_once(shipped):
    _, onnx = shipped
    steps = Counter(node.op_type for node in load(onnx).graph.node)
    assert set(steps) == {"Transpose", "Conv", "Relu"}
    assert steps["Conv"] == 8


def test_the_scores_stay_at_any_size(shipped):
    model, onnx = shipped
    assert OnnxNetwork(onnx).scores(batch(64, 64)) == pytest.approx(np.asarray(model(batch(64, 64))), abs=1e-3)
    whole = build_sign_network(None)
    whole.set_weights(model.get_weights())
    other = batch(40, 100)
    assert OnnxNetwork(onnx).scores(other) == pytest.approx(np.asarray(whole(other)), abs=1e-3)


def test_a_fit_goes_on_with_what_was_shipped(shipped):
    model, onnx = shipped
    other = build_sign_network(64)
    take_over(other, onnx, batch(64, 64))
    assert np.asarray(other(batch(64, 64))) == pytest.approx(np.asarray(model(batch(64, 64))), abs=1e-3)
