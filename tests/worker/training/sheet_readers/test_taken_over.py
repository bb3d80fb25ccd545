import json

import numpy as np
import pytest

from worker.image.sheet.row_reader import BAND_PX
from worker.training.sheet_readers.bands import BAND_WIDTH_PX
from worker.training.sheet_readers.fit import FitSettings
from worker.training.sheet_readers.row_network import build_row_network
from worker.training.sheet_readers.ship import row_reader_ship
from worker.training.sheet_readers.taken_over import take_over

WIDTHS = (4, 4, 6, 6, 8)


def batch(count=2):
    return np.random.default_rng(3).random((count, BAND_PX, BAND_WIDTH_PX, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    model = build_row_network(BAND_WIDTH_PX, WIDTHS)
    rng = np.random.default_rng(4)
    weights = model.get_weights()
    model.set_weights([w * rng.uniform(0.8, 1.2, w.shape) + rng.normal(0, 0.02, w.shape) for w in weights])
    onnx = tmp_path_factory.mktemp("shipped") / "row_reader.onnx"
    row_reader_ship(model, FitSettings(), pages=3, onnx=onnx)
    return model, onnx


def test_a_network_says_what_its_exported_twin_says(shipped):
    model, onnx = shipped
    other = build_row_network(BAND_WIDTH_PX, WIDTHS)
    take_over(other, onnx, batch())
    scores, wanted = np.asarray(other(batch())), np.asarray(model(batch()))
    assert scores == pytest.approx(wanted, abs=1e-3)


def test_while_it_learns_it_begins_with_the_same_answers(shipped):
    _, onnx = shipped
    other = build_row_network(BAND_WIDTH_PX, WIDTHS)
    take_over(other, onnx, batch())
    learning, knowing = np.asarray(other(batch(), training=True)), np.asarray(other(batch()))
    assert np.abs(learning - knowing).max() < 0.02 * np.ptp(knowing)


def test_a_network_of_another_build_is_refused(shipped):
    _, onnx = shipped
    with pytest.raises(ValueError, match="convolutions"):
        take_over(build_row_network(BAND_WIDTH_PX, (4, 6, 6, 8)), onnx, batch())


def test_what_it_went_on_from_is_told(shipped, tmp_path):
    model, onnx = shipped
    before = json.loads(onnx.with_suffix(".json").read_text())
    row_reader_ship(model, FitSettings(), pages=7, earlier_share=0.5, onnx=onnx)
    after = json.loads(onnx.with_suffix(".json").read_text())
    assert after["went_on_from"]["sha256"] == before["sha256"]
    assert after["went_on_from"]["pages"] == 3
