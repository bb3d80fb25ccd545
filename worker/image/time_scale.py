"""Samples per second of a trace: what the paper's squares say, held against what a heart can do.

A time scale that is five times too long or too short is worse than none: rates and classes would follow from it.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from worker.ecg.r_peaks import sharp_wave_width
from worker.image.grid import Grid, Period, agreed

POSSIBLE_BPM: Final = (25.0, 250.0)
# A QRS complex of 0.03 to 0.25 s, by the half-height width of its largest wave.
POSSIBLE_WAVE_S: Final = (0.012, 0.12)
_BEATS_FOR_A_PERIOD: Final = (0.5, 1, 2)


def with_time(grid: Grid, values: np.ndarray, r_peaks: np.ndarray, speed_mm_s: float) -> tuple[Grid, float | None]:
    """The grid with 1 mm and 5 mm told apart, and samples per second, or None where that is not certain.

    Parameters
    ----------
    grid : Grid
        In pixels of the work copy, which are samples of ``values``.
    values : ndarray, shape (n,)
        The trace.
    r_peaks : ndarray of int
        Sample indices.
    speed_mm_s : float
        Of the paper.
    """
    if grid.x is None:
        return grid, None
    interval = float(np.median(np.diff(r_peaks))) if len(r_peaks) > 1 else None
    if grid.y is None and grid.x.minor is None and interval is not None and _is_rhythm(grid.x, interval):
        return Grid(None, None), None
    wave = sharp_wave_width(values)
    if grid.x.minor is None and grid.is_square:
        grid = _told_by_heart(grid, interval, wave, speed_mm_s)
    assert grid.x is not None
    px_per_mm = grid.x.px_per_mm
    if px_per_mm is None or grid.is_contradictory:
        return grid, None
    fs = px_per_mm * speed_mm_s
    return grid, fs if _is_possible(fs, interval, wave) else None


def _told_by_heart(grid: Grid, interval: float | None, wave: float, speed_mm_s: float) -> Grid:
    """Squares of one strength are 1 mm or 5 mm wide; told where a heart could do only one of the two."""
    assert grid.x is not None
    if interval is None:
        return grid
    told = [replace(grid.x, minor=minor) for minor in (True, False)]
    possible = [x for x in told if _is_possible((x.px_per_mm or 0.0) * speed_mm_s, interval, wave)]
    return Grid(*agreed(possible[0], grid.y)) if len(possible) == 1 else grid


def _is_possible(fs: float, interval: float | None, wave: float) -> bool:
    if not POSSIBLE_WAVE_S[0] <= wave / fs <= POSSIBLE_WAVE_S[1]:
        return False
    return interval is None or POSSIBLE_BPM[0] <= 60.0 * fs / interval <= POSSIBLE_BPM[1]


def _is_rhythm(x: Period, interval: float) -> bool:
    """The beats themselves, not a grid."""
    return any(abs(interval / x.px - k) < 0.1 * k for k in _BEATS_FOR_A_PERIOD)
