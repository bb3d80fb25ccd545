import numpy as np
import pytest

from worker.image.sheet.bending import bent
from worker.image.sheet.paper_map import MAJOR_MM, PaperMap, count_degrees, term_of

WIDTH, HEIGHT, LINE_PX = 1100, 800, 40.0


def straight_map():
    unit = float(WIDTH)
    across, down = np.zeros((2, count_degrees().size))
    across[term_of(1, 0)] = down[term_of(0, 1)] = unit / LINE_PX
    return PaperMap(across, down, unit, WIDTH, HEIGHT, MAJOR_MM, strength=1.0)


def counts(x, y, lift):
    """Of the 5 mm lines across: those of a corner that curls up by ``lift`` lines stand elsewhere."""
    return x / LINE_PX + lift * np.exp(-((x / 200) ** 2) - (y / 260) ** 2)


def page(lift):
    """Darkness of lines 1 mm apart, every fifth heavier."""
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    across, down = counts(x, y, lift), y / LINE_PX
    fine = [np.maximum(0, np.cos(2 * np.pi * 5 * lines)) ** 4 for lines in (across, down)]
    heavy = [np.maximum(0, np.cos(2 * np.pi * lines)) ** 40 for lines in (across, down)]
    return (0.15 * np.maximum(*fine) + 0.2 * np.maximum(*heavy)).astype(np.float32)


def off_lines(paper, lift):
    """How far the map is off, at points of the page, against the median of all."""
    x, y = np.meshgrid(np.arange(20, WIDTH - 20, 20), np.arange(20, HEIGHT - 20, 20))
    found = paper.lines(np.stack([x, y], axis=-1).astype(float))[..., 0] - counts(x, y, lift)
    return np.abs(found - np.median(found))


def test_a_corner_that_curls_up_by_more_than_a_fine_line_is_followed():
    lift = 0.3  # lines of 5 mm: one and a half fine ones
    assert off_lines(straight_map(), lift).max() > 0.25
    paper = bent(straight_map(), page(lift), 5)
    assert paper.bends is not None
    assert np.quantile(off_lines(paper, lift), 0.98) < 0.02  # a tenth of a millimetre


def test_what_lies_flat_stays_as_it_was():
    assert bent(straight_map(), page(0.0), 5).bends is None


def test_noise_bends_nothing():
    noise = np.random.default_rng(3).random((HEIGHT, WIDTH)).astype(np.float32)
    assert bent(straight_map(), noise, 5).bends is None


def test_pixels_are_the_inverse_of_lines_on_bent_paper():
    paper = bent(straight_map(), page(0.3), 5)
    points = np.random.default_rng(1).uniform([10, 10], [WIDTH - 10, HEIGHT - 10], (50, 2))
    assert paper.pixels(paper.lines(points)) == pytest.approx(points, abs=1e-3)
