import keras
import numpy as np
import pytest

from worker.image.sheet.row_reader import BAND_PX, LONGEST_PIECE_PX, MULTIPLE_PX, OVERLAP_PX, RowReader
from worker.training.sheet_readers.bands import NO_CURVE, Bands
from worker.training.sheet_readers.fit import FitSettings
from worker.training.sheet_readers.row_fit import row_loss, row_network_fit, wrong_columns
from worker.training.sheet_readers.row_network import build_row_network


def perfect_scores(heights):
    scores = np.full((1, BAND_PX + 1, heights.shape[1]), -20.0, np.float32)
    for column, height in enumerate(heights[0]):
        scores[0, BAND_PX if height < 0 else round(height), column] = 20.0
    return scores


def test_a_network_answers_with_a_score_for_each_height_and_for_none():
    model = build_row_network(64, (2, 2, 2, 2, 2))
    assert model(np.zeros((1, BAND_PX, 64, 3), np.float32)).shape == (1, BAND_PX + 1, 64)


def test_right_heights_cost_less_than_wrong_ones():
    heights = np.array([[50.0, 60.0, NO_CURVE, 70.0]], np.float32)
    right, wrong = perfect_scores(heights), perfect_scores(heights[:, ::-1])
    assert float(row_loss(heights, right)[0]) < float(row_loss(heights, wrong)[0])
    assert float(wrong_columns(heights, right)) == 0
    assert float(wrong_columns(heights, wrong)) > 0.5


def test_a_small_network_learns_a_straight_line(tmp_path):
    pixels = np.zeros((8, BAND_PX, 512, 3), np.uint8)
    heights = np.zeros((8, 512), np.float16)
    for number in range(8):
        pixels[number, 60 + 10 * number - 1 : 60 + 10 * number + 2] = 255
        heights[number] = 60 + 10 * number
    settings = FitSettings(seed=1, epochs=1, steps=3)
    model = row_network_fit(Bands(pixels, heights), settings, tmp_path)
    assert (tmp_path / "network.keras").is_file()
    assert isinstance(model, keras.Model)
    assert float((tmp_path / "epochs.csv").read_text().splitlines()[1].split(",")[1]) > 0


class Darkest:
    """Takes the darkest row; columns without ink have no curve, and the beginnings of further pieces are noise."""

    def __init__(self):
        self.widths = []

    def scores(self, batch):
        width = batch.shape[2]
        assert batch.shape == (1, BAND_PX, width, 3)
        self.widths.append(width)
        ink = 30 * batch.mean(axis=3)
        scores = np.concatenate([ink, np.full((1, 1, width), 12.0)], axis=1)
        if len(self.widths) > 1:
            scores[:, :, : OVERLAP_PX // 2] = np.random.default_rng(0).normal(0, 30, (1, BAND_PX + 1, OVERLAP_PX // 2))
        return scores


@pytest.mark.parametrize("width", [40, 333, 1200, 1201, 2000, 5555])
def test_long_bands_are_read_in_pieces_without_seams(width):
    band = np.zeros((BAND_PX, width, 3), np.float32)
    height = (96 + 40 * np.sin(np.arange(width) / 90)).astype(int)
    band[height, np.arange(width)] = 1
    shown = np.ones(width, bool)
    shown[20:30] = False
    band[:, ~shown] = 0
    network = Darkest()
    read = RowReader(network).read(band)
    assert np.isnan(read.height_px[~shown]).all()
    assert np.abs(read.height_px[shown] - height[shown] - 0.5).max() < 0.6
    assert all(piece % MULTIPLE_PX == 0 and piece < LONGEST_PIECE_PX + MULTIPLE_PX for piece in network.widths)
    assert sum(network.widths) < width + len(network.widths) * (OVERLAP_PX + MULTIPLE_PX)


class UnsureOfAnUpstroke:
    """Sure of two levels, and in the one column between them of nothing but that the curve is between them."""

    def __init__(self, at, levels):
        self._at, self._levels = at, levels

    def scores(self, batch):
        scores = np.full((1, BAND_PX + 1, batch.shape[2]), -30.0)
        low, high = self._levels
        scores[0, low, : self._at] = scores[0, high, self._at + 1 :] = 0
        scores[0, high : low + 1, self._at] = 0
        return scores


def test_an_upstroke_that_may_be_anywhere_in_its_blot_is_read_in_its_middle():
    read = RowReader(UnsureOfAnUpstroke(20, (120, 60))).read(np.zeros((BAND_PX, 64, 3), np.float32))
    assert read.height_px[19] == pytest.approx(120.5)
    assert read.height_px[20] == pytest.approx(90.5, abs=0.01)
    assert read.height_px[21] == pytest.approx(60.5)
    assert read.certainty[20] < 0.2  # as unsure as before
