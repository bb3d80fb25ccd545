"""A shadow's edge taken for the sheet's: the curves run on beyond it."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from worker.image.ink import WorkCopy
from worker.image.reading import LeadReading, Reading

_AT_THE_EDGE_MM: Final = 4.0
_BEYOND_MM: Final = np.arange(1.5, 6.0, 0.25)  # from where a row ends
_BESIDE_MM: Final = np.arange(-3.0, 3.01, 0.15)  # up and down
_AS_DARK: Final = 0.5  # of the curve
_SEEN: Final = 0.8  # of the way beyond
_ROWS: Final = 0.5
_LEAST_ROWS: Final = 2


def runs_on_beyond(reading: Reading, whole: WorkCopy) -> bool:
    """Whether half of the rows end at the outline of what was read, and go on behind it.

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
    going_on = {lead.row for lead in reading.leads if _runs_on(lead, outline, whole, px_per_mm)}
    return len(going_on) >= max(_LEAST_ROWS, _ROWS * len({lead.row for lead in reading.leads}))


def _runs_on(lead: LeadReading, outline: np.ndarray, whole: WorkCopy, px_per_mm: float) -> bool:
    darkness = whole.dark_in_lightest
    ways = list(_ways_on(lead, outline, whole.scale, px_per_mm))
    level = _level(darkness, lead.at_px[~lead.gap] * whole.scale) if ways else np.inf
    return any(_shows_ink(darkness, way, level, px_per_mm) for way in ways)


def _ways_on(lead: LeadReading, outline: np.ndarray, scale: float, px_per_mm: float) -> Iterator[np.ndarray]:
    """From an end that lies at the outline, straight on: points, and the step to the side; shape (n, 2, 2)."""
    points = lead.at_px * scale
    along = points[-1] - points[0]
    along = along / max(float(np.hypot(*along)), 1e-9)
    for end, on in ((points[0], -along), (points[-1], along)):
        if abs(cv2.pointPolygonTest(outline, (float(end[0]), float(end[1])), True)) < _AT_THE_EDGE_MM * px_per_mm:
            way = end + on * (_BEYOND_MM * px_per_mm)[:, None]
            yield np.stack([way, np.broadcast_to([-along[1], along[0]], way.shape)], axis=1)


def _shows_ink(darkness: np.ndarray, way: np.ndarray, level: float, px_per_mm: float) -> bool:
    """Whether a stroke as dark as the curve is seen nearly all the way, within the picture."""
    around = way[:, None, 0] + way[:, None, 1] * (_BESIDE_MM * px_per_mm)[None, :, None]
    beside = _at(darkness, around)
    if np.isnan(beside).any():
        return False
    stands_out = beside.max(axis=1) - np.median(beside, axis=1)  # a dark table does not
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
