import numpy as np
import pytest

from worker.image.sheet.onnx_network import OnnxNetwork
from worker.image.sheet.sign_reader import CELL_PX, NETWORK, SIGNS, SignReader


class Counted:
    """The shipped network; knows how much of a page it was given at once."""

    def __init__(self):
        self.network, self.heights = OnnxNetwork(NETWORK), []

    def scores(self, batch):
        self.heights.append(batch.shape[1])
        return self.network.scores(batch)


@pytest.fixture
def long_page():
    """Words and signs all over 400 mm."""
    return np.random.default_rng(0).random((2000, 160, 3)).astype(np.float32)


def test_a_long_page_is_read_in_parts_as_if_at_once(long_page):
    network = Counted()
    in_parts = SignReader(network)._scores(long_page)
    assert len(network.heights) > 1
    assert max(network.heights) < len(long_page)
    assert in_parts.shape == (2000 // CELL_PX, 160 // CELL_PX, 1 + len(SIGNS))
    assert in_parts == pytest.approx(Counted().scores(long_page[None])[0], abs=1e-4)


def test_a_usual_page_is_read_at_once():
    network = Counted()
    SignReader(network).read(np.zeros((1050, 64, 3), np.float32))
    assert network.heights == [1052]
