import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn, leads_of_a_heart
from worker.generator.sheet_picture import sheet_picture
from worker.generator.sheet_style import SheetStyle
from worker.image.sheet.row_reader import BAND_PX
from worker.training.sheet_readers.bands import BAND_WIDTH_PX, NO_CURVE, bands_of, column_heights
from worker.training.sheet_readers.flat import SeenPage
from worker.training.sheet_readers.row_fit import moved, varied


@pytest.mark.parametrize(("level", "seed"), [("scan", 3), ("photo", 4)])
def test_ink_is_dark_where_a_band_says_the_curve_is(level, seed):
    bands = bands_of(SeenPage(drawn(level, seed)), 6, np.random.default_rng(1))
    assert bands.pixels.shape[1:] == (BAND_PX, BAND_WIDTH_PX, 3)
    dark = []
    for pixels, heights in zip(bands.pixels, bands.heights.astype(float), strict=True):
        columns = np.flatnonzero(heights >= 0)
        rows = np.round(heights[columns]).astype(int)
        near = np.max([pixels[np.clip(rows + off, 0, BAND_PX - 1), columns].min(axis=1) for off in (-1, 0, 1)], axis=0)
        dark.append(np.mean(near > np.median(pixels.min(axis=2)) + 25))
    assert np.mean(dark) > 0.85


def test_some_bands_show_no_row_of_their_own():
    """Rows that are 20 mm and more apart have room between them, where lines and words must not be followed."""
    leads, fs = leads_of_a_heart()
    style = SheetStyle(spacing=1.0, header=False)
    page = SeenPage(sheet_picture(leads, fs, layout="3x4", style=style, level="clean", rng=np.random.default_rng(2)))
    bands = bands_of(page, 40, np.random.default_rng(3))
    empty = (bands.heights == NO_CURVE).all(axis=1)
    assert 2 <= empty.sum() <= 12
    assert bands.pixels[empty].any()


def test_the_same_seed_draws_the_same_bands():
    page = SeenPage(drawn("photo", 4))
    one, two = (bands_of(page, 3, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.pixels, two.pixels)
    assert np.array_equal(one.heights, two.heights)


def one_line(height):
    pixels = np.zeros((1, BAND_PX, 8, 3), np.float32)
    pixels[:, height] = 1
    return pixels, np.full((1, 8), float(height), np.float32)


@pytest.mark.parametrize("down_px", [-9, 0, 9])
def test_a_moved_band_moves_its_heights(down_px):
    pixels, heights = moved(*one_line(100), down_px)
    assert pixels[0, 100 + down_px].min() == 1
    assert (heights == 100 + down_px).all()


def test_a_curve_that_is_moved_out_is_none():
    _, heights = moved(*one_line(3), -9)
    assert (heights == NO_CURVE).all()


def test_whatever_varies_the_height_stays_where_the_ink_is():
    for seed in range(12):
        pixels, heights = varied(*one_line(60), np.random.default_rng(seed))
        assert abs(int(pixels[0, :, 4].sum(axis=1).argmax()) - heights[0, 4]) <= 1


def test_a_spike_between_two_columns_keeps_its_height():
    spike = np.array([[0.0, 50.0], [9.8, 50.0], [10.0, 10.0], [10.2, 50.0], [20.0, 50.0]])
    heights = column_heights(spike, np.arange(20) + 0.5)
    assert heights.min() < 14
    assert (heights[[0, 5, 15, 19]] == 50).all()
    assert column_heights(spike * (1, -1) + (0, 100), np.arange(20) + 0.5).max() > 86


def test_a_slope_has_the_height_of_the_columns_middle():
    slope = np.array([[0.0, 0.0], [20.0, 200.0]])
    assert column_heights(slope, np.arange(20) + 0.5) == pytest.approx(10 * (np.arange(20) + 0.5))
