"""The sheet of paper in a photograph: its four corners, where it stands out as light against what it lies on."""

from typing import Final

import cv2
import numpy as np

from worker.image.ink import WorkCopy
from worker.image.told import Corners

_LONGEST_PX: Final = 400
_LINES: Final = 0.03  # of the longest side: what is printed on the paper is no edge of it
_SPOT_PX: Final = 5
_LEAST_SHARE: Final = 0.05  # of the picture
_MOST_SHARE: Final = 0.95
_ANOTHER_SHEET: Final = 0.4  # of the largest's area: nobody says which is meant
_AS_A_QUAD: Final = 0.93  # of the area of what stands out, in both
_BENDS: Final = (0.01, 0.02, 0.03, 0.05, 0.08)  # of the outline's length


def page_corners(copy: WorkCopy) -> Corners | None:
    """Corners of the only light sheet in pixels of the picture, clockwise from the upper left, or None.

    Parameters
    ----------
    copy : WorkCopy
    """
    light, share = _light(copy.rgb)
    count, pieces, facts, _ = cv2.connectedComponentsWithStats(light)
    if count < 2:
        return None
    areas = facts[1:, cv2.CC_STAT_AREA]
    largest = 1 + int(areas.argmax())
    area = areas.max()
    is_one = not (np.delete(areas, largest - 1) > _ANOTHER_SHEET * area).any()
    if not (is_one and _LEAST_SHARE <= area / light.size <= _MOST_SHARE):
        return None
    (outline, *_), _ = cv2.findContours((pieces == largest).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    quad = _quad_of(cv2.convexHull(outline), float(area))
    return None if quad is None else _clockwise(quad / (share * copy.scale))


def _light(rgb: np.ndarray) -> tuple[np.ndarray, float]:
    """Where a small copy is lighter than the rest (Otsu 1979), and how small it is."""
    share = min(1.0, _LONGEST_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    side = max(3, round(_LINES * max(small.shape[:2])))
    without_lines = cv2.morphologyEx(small.min(axis=2), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    _, light = cv2.threshold(without_lines, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((_SPOT_PX, _SPOT_PX), np.uint8)), share


def _quad_of(hull: np.ndarray, area: float) -> np.ndarray | None:
    """Four corners that hold what stands out, and hardly anything else."""
    for bend in _BENDS:
        corners = cv2.approxPolyDP(hull, bend * cv2.arcLength(hull, True), True)
        if len(corners) == 4:
            inside = cv2.contourArea(corners)
            return corners[:, 0].astype(float) if _AS_A_QUAD <= area / inside <= 1 / _AS_A_QUAD else None
    return None


def _clockwise(quad: np.ndarray) -> Corners:
    """From the corner that lies most to the upper left."""
    around = quad - quad.mean(axis=0)
    order = np.argsort(np.arctan2(around[:, 1], around[:, 0]))
    quad = quad[order]
    quad = np.roll(quad, -int(np.argmin(quad.sum(axis=1))), axis=0)
    first, second, third, fourth = ((float(x), float(y)) for x, y in quad)
    return first, second, third, fourth
