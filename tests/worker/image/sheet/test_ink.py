import numpy as np
import pytest

from worker.generator.paper import Paper, paper_drawn
from worker.image.sheet.ink import curve_ink
from worker.image.sheet.paper_map import MAJOR_MM, MINOR_MM, PaperMap, count_degrees, flattened, term_of

PX_PER_MM = 5.0
REST_PX = 203


def on_paper(colour, line_mm):
    """A level curve on flat paper whose lines were counted ``line_mm`` apart: picture and map of ink."""
    rgb = paper_drawn(Paper(colour), 200.0, 90.0, PX_PER_MM).astype(np.uint8)
    rgb[REST_PX : REST_PX + 2, 60:-60] = 20
    height, width = rgb.shape[:2]
    across, down = np.zeros((2, count_degrees().size))
    across[term_of(1, 0)] = down[term_of(0, 1)] = width / (PX_PER_MM * line_mm)
    paper = PaperMap(across, down, float(width), width, height, line_mm, strength=1.0)
    return curve_ink(flattened(rgb, paper, px_per_line=PX_PER_MM * line_mm))


@pytest.mark.parametrize("line_mm", [MINOR_MM, MAJOR_MM])
@pytest.mark.parametrize("colour", ["pink", "navy", "sepia"])
def test_only_the_curve_is_ink_however_its_lines_were_counted(colour, line_mm):
    ink = on_paper(colour, line_mm)
    middle = ink[:, 100:-100]
    assert middle[REST_PX : REST_PX + 2].max(axis=0).mean() > 0.9
    others = np.delete(middle, np.arange(REST_PX - 3, REST_PX + 6), axis=0)
    assert np.quantile(others, 0.99) < 0.1


def test_lines_that_are_drawn_on_whole_pixels_are_no_ink():
    """As programs plot: each line a pixel off at times, as dark as the curve."""
    rgb = np.full((450, 1000, 3), 255, np.uint8)
    rng = np.random.default_rng(5)
    for at in range(0, 1000, 25):
        off = int(rng.integers(-1, 2))
        rgb[:, np.clip(at + off, 0, 999)] = 70
        rgb[np.clip(at + off, 0, 449) if at < 450 else 0] = 70
    rgb[REST_PX + 9 : REST_PX + 11, 60:-60] = 20
    height, width = rgb.shape[:2]
    across, down = np.zeros((2, count_degrees().size))
    across[term_of(1, 0)] = down[term_of(0, 1)] = width / (PX_PER_MM * MAJOR_MM)
    paper = PaperMap(across, down, float(width), width, height, MAJOR_MM, strength=1.0)
    ink = curve_ink(flattened(rgb, paper, px_per_line=PX_PER_MM * MAJOR_MM))[:, 100:-100]
    assert ink[REST_PX + 9 : REST_PX + 11].max(axis=0).mean() > 0.9
    lines = np.delete(ink, np.arange(REST_PX + 6, REST_PX + 15), axis=0)
    assert lines.mean(axis=1).max() < 0.25
