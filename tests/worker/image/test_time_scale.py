"""One millimetre or five: told by lines and heart together, or not told."""

import numpy as np
import pytest

from worker.image.grid import Grid, Period
from worker.image.time_scale import with_time

SPS = 150.0  # 6 px per mm at 25 mm/s


def trace(bpm: float) -> tuple[np.ndarray, np.ndarray]:
    r_peaks = np.arange(0.5, 9.5, 60 / bpm) * SPS
    at = np.arange(int(10 * SPS))
    values = sum(np.exp(-0.5 * ((at - r) / (0.017 * SPS)) ** 2) for r in r_peaks)
    return values, r_peaks.astype(int)


def squares(px: float, minor: bool | None) -> Grid:
    period = Period(px, 0.8, minor)
    return Grid(period, period)


@pytest.mark.parametrize("bpm", [40, 72, 120, 180])
@pytest.mark.parametrize("px", [6.0, 30.0])
def test_squares_of_one_strength_are_told_by_the_heart(bpm, px):
    _, fs = with_time(squares(px, None), *trace(bpm), 25.0)
    assert fs == pytest.approx(SPS) or fs is None
    if bpm in (72, 120):
        assert fs is not None


def test_lines_that_no_heart_can_follow_give_no_time():
    for px in (6.0 * 5, 6.0 / 5):
        _, fs = with_time(squares(px, True), *trace(72), 25.0)
        assert fs is None


def test_directions_that_differ_give_no_time():
    grid = Grid(Period(6.0, 0.8, True), Period(7.0, 0.8, True))
    assert with_time(grid, *trace(72), 25.0)[1] is None
