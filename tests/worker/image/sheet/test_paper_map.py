import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn
from worker.image.decode import decode_picture
from worker.image.ink import WorkCopy, grid_map
from worker.image.sheet.paper_map import MAJOR_MM, flattened
from worker.image.sheet.spectral_maps import paper_map


def mapped(picture):
    rgb = decode_picture(picture.data).rgb
    return rgb, paper_map(grid_map(WorkCopy(rgb, 1.0)))


@pytest.mark.parametrize(
    ("level", "seed"), [("scan", 1), ("photo-light", 2), ("photo", 3), ("photo", 4), ("photo-hard", 5)]
)
def test_millimetres_are_found_on_paper_that_is_turned_tilted_and_bent(level, seed):
    picture = drawn(level, seed)
    _, paper = mapped(picture)
    assert paper is not None
    across, down = np.array(paper.line_px) / MAJOR_MM
    assert across == pytest.approx(picture.px_per_mm_x, rel=0.03)
    assert down == pytest.approx(picture.px_per_mm_y, rel=0.03)


@pytest.mark.parametrize("seed", [3, 4])
def test_rows_of_a_photograph_lie_level_on_flat_paper(seed):
    picture = drawn("photo", seed)
    _, paper = mapped(picture)
    for row in picture.rows:
        lines = paper.lines(row.trace_px)
        seconds = np.arange(len(lines)) / row.fs
        straight = np.polyval(np.polyfit(seconds, lines[:, 0], 1), seconds)
        assert np.abs(lines[:, 0] - straight).max() * MAJOR_MM < 1.0  # of 60 to 250 mm
        rest = lines[np.abs(row.signal_mv) < 0.02, 1]
        assert np.ptp(rest) * MAJOR_MM < 1.5


def test_pixels_and_lines_are_each_others_inverse():
    _, paper = mapped(drawn("photo", 3))
    points = np.array([[10.0, 10.0], [paper.width_px / 2, 50.0], [paper.width_px - 5, paper.height_px - 5]])
    assert paper.pixels(paper.lines(points)) == pytest.approx(points, abs=1e-3)


def test_a_flat_picture_knows_where_each_pixel_was():
    picture = drawn("photo", 3)
    rgb, paper = mapped(picture)
    flat = flattened(rgb, paper, px_per_line=25.0)
    height, width = flat.seen.shape
    spot = np.array([[width // 2 + 0.5, height // 2 + 0.5]])
    x, y = flat.in_picture(spot)[0]
    there = rgb[round(y - 0.5), round(x - 0.5)].astype(int)
    assert np.abs(flat.rgb[height // 2, width // 2].astype(int) - there).max() < 40


def test_plain_paper_and_noise_have_no_lines():
    rng = np.random.default_rng(1)
    assert paper_map(np.zeros((400, 600), np.float32)) is None
    assert paper_map(rng.random((400, 600)).astype(np.float32)) is None


def test_white_sheets_have_no_lines():
    pictures = (drawn("clean", seed) for seed in range(40))
    white = next(picture for picture in pictures if picture.settings["paper"]["colour"] == "white")
    assert mapped(white)[1] is None
