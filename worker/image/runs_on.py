"""A shadow's edge taken for the sheet's: the curves run on beyond it."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from worker.image.ink import WorkCopy
from worker.image.reading import LeadReading, Reading

_UP_TO_THE_EDGE_MM: Final = np.arange(-2.0, 25.0, 0.5)  # from where a row ends: what is cut of a column is none
_BEYOND_MM: Final = np.arange(1.5, 6.0, 0.25)  # from the edge
_BESIDE_MM: Final = np.arange(-3.0, 3.01, 0.15)  # up and down
_SMOOTHED: Final = 5  # of the steps
_AS_DARK: Final = 0.5  # of the curve
_SEEN: Final = 0.8  # of the way beyond
_ROWS: Final = 0.5
_LEAST_ROWS: Final = 2


def runs_on_beyond(reading: Reading, whole: WorkCopy) -> bool:
    """Whether half of the rows go on behind the outline of what was read.

    Parameters
    ----------
    reading : Reading
        Of a part of the picture.
    whole : WorkCopy
        Of the whole picture.
    """
    if reading.px_per_mm_x is None:
        return False
    px_per_mm = reading.px_per_mm_x * whole.scale
    outline = (reading.page_px * whole.scale).astype(np.float32)
    rows = [[lead for lead in reading.leads if lead.row == row] for row in {lead.row for lead in reading.leads}]
    going_on = [row for row in rows if _runs_on(row, outline, whole, px_per_mm)]
    return len(going_on) >= max(_LEAST_ROWS, _ROWS * len(rows))


def _runs_on(row: Sequence[LeadReading], outline: np.ndarray, whole: WorkCopy, px_per_mm: float) -> bool:
    """Whether a row's first or last lead does."""
    points = np.concatenate([lead.at_px[~lead.gap] for lead in row]) * whole.scale
    level = _level(whole.dark_in_lightest, points)
    ways = _ways_on(row, outline, whole.scale, px_per_mm)
    return any(_shows_ink(whole.dark_in_lightest, way, level, px_per_mm) for way in ways)


def _ways_on(row: Sequence[LeadReading], outline: np.ndarray, scale: float, px_per_mm: float) -> Iterator[np.ndarray]:
    """From where a row would leave the outline, straight on: points, and the step to the side; shape (n, 2, 2)."""
    for inner, end in ((row[0].at_px[-1], row[0].at_px[0]), (row[-1].at_px[0], row[-1].at_px[-1])):
        on = (end - inner) / max(float(np.hypot(*(end - inner))), 1e-9)
        reach = end * scale + on * (_UP_TO_THE_EDGE_MM * px_per_mm)[:, None]
        outside = [cv2.pointPolygonTest(outline, (float(x), float(y)), False) < 0 for x, y in reach]
        if any(outside):
            way = reach[int(np.argmax(outside))] + on * (_BEYOND_MM * px_per_mm)[:, None]
            yield np.stack([way, np.broadcast_to([-on[1], on[0]], way.shape)], axis=1)


def _shows_ink(darkness: np.ndarray, way: np.ndarray, level: float, px_per_mm: float) -> bool:
    """Whether a stroke as dark as the curve is seen nearly all the way, within the picture."""
    around = way[:, None, 0] + way[:, None, 1] * (_BESIDE_MM * px_per_mm)[None, :, None]
    beside = _at(darkness, around)
    if np.isnan(beside).any():
        return False
    along = ndimage.uniform_filter1d(beside, _SMOOTHED, axis=0)  # grain of a table does not go on
    stands_out = along.max(axis=1) - np.median(along, axis=1)  # a dark table does not
    return bool((stands_out > _AS_DARK * level).mean() >= _SEEN)


def _level(darkness: np.ndarray, points: np.ndarray) -> float:
    """Of the curve; infinite where nothing of it lies within the picture."""
    of_curve = _at(darkness, points)
    return np.inf if np.isnan(of_curve).all() else float(np.nanmedian(of_curve))


def _at(darkness: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The darkness at points, shape (..., 2), NaN outside the picture."""
    x, y = np.moveaxis(np.round(points).astype(int), -1, 0)
    height, width = darkness.shape
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return np.where(inside, darkness[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)], np.nan)
