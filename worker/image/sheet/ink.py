"""Ink of curves on flat paper: what is dark and does not repeat with the paper's squares."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from worker.image.ink import darkness_against_paper, lightest_channel
from worker.image.layout import ink_level
from worker.image.sheet.paper_map import MAJOR_MM, FlatPaper

_ALONG_LINES: Final = 4.0  # over how many squares a line's darkness is averaged along itself
_SQUARES_BESIDE: Final = (-3, -2, -1, 0, 1, 2, 3)
_DARKEST: Final = 0.98  # quantile above which it is ink rather than a line
_EDGE_PX: Final = 3
_OFF_PX: Final = 1  # that a line of the same kind may lie beside its place
_STRONGER: Final = 1.4  # times as dark as the others it may be, where it lies on one pixel and they on two
_EXCHANGES: Final = (  # Devillard 1998
    (0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4),
)  # fmt: skip
_ROWS_AT_ONCE: Final = 16  # pixels, as many as a processor holds near
_FULL: Final = 0.9  # of the ink's own level


def curve_ink(flat: FlatPaper) -> np.ndarray:
    """How likely each pixel is ink, 0 to 1, shape (height, width).

    The lightest channel shows no coloured lines; what is left of gray ones is what the same place of the neighbouring
    squares shows, too.
    """
    seen = ndimage.binary_erosion(flat.seen, iterations=_EDGE_PX, border_value=0)
    if not seen.any():
        return np.zeros(seen.shape, np.float32)
    darkness = darkness_against_paper(lightest_channel(flat.rgb))
    darkness[~seen] = 0
    ink = np.clip(darkness - _printed_lines(darkness, seen, _square_px(flat)), 0, 1)
    whole = seen.mean(axis=0) > 0.5
    level = max(ink_level(ink[:, whole]) if whole.any() else 0.0, 0.5 * float(np.quantile(ink[seen], 0.995)), 1e-3)
    return np.clip(ink / (_FULL * level), 0, 1).astype(np.float32)


def _square_px(flat: FlatPaper) -> np.ndarray:
    """Of what repeats with all lines: where those 1 mm apart are counted, each fifth may be darker."""
    line_mm = flat.paper.line_mm
    return flat.px_per_line * (MAJOR_MM / line_mm if line_mm else 1.0)


def _printed_lines(darkness: np.ndarray, seen: np.ndarray, square_px: np.ndarray) -> np.ndarray:
    capped = np.where(seen, np.minimum(darkness, np.quantile(darkness[seen], _DARKEST)), 0).astype(np.float32)
    lying = _lying_lines(capped, seen, across_px=float(square_px[0]), down_px=float(square_px[1]))
    standing = _lying_lines(
        np.ascontiguousarray(capped.T),
        np.ascontiguousarray(seen.T),
        across_px=float(square_px[1]),
        down_px=float(square_px[0]),
    )
    return np.maximum(lying, standing.T)


def _lying_lines(darkness: np.ndarray, seen: np.ndarray, *, across_px: float, down_px: float) -> np.ndarray:
    """The median over rows one or more squares apart: a curve runs level in one of them, a line of the paper in all.

    Programs draw lines on whole pixels, so that some are a little off and darker; none is darker than it is here.
    """
    height, width = darkness.shape
    along = (int(_ALONG_LINES * across_px) | 1, 1)
    level = cv2.blur(darkness, along) / np.maximum(cv2.blur(seen.astype(np.float32), along), 0.05)
    wider = cv2.dilate(level, np.ones((2 * _OFF_PX + 1, 1), np.uint8))
    moved = [
        cv2.warpAffine(
            wider,
            np.array([[1, 0, 0], [0, 1, square * down_px]], np.float32),
            (width, height),
            borderMode=cv2.BORDER_REFLECT,
        )
        for square in _SQUARES_BESIDE
    ]
    return np.minimum(level, _STRONGER * _median_of_seven(moved))


def _median_of_seven(maps: Sequence[np.ndarray]) -> np.ndarray:
    """Of seven maps the middle one at each pixel, by exchanges that sort no more than that takes."""
    middle = np.empty_like(maps[0])
    for first in range(0, len(middle), _ROWS_AT_ONCE):
        rows = slice(first, first + _ROWS_AT_ONCE)
        low = [one[rows] for one in maps]
        for one, other in _EXCHANGES:
            low[one], low[other] = np.minimum(low[one], low[other]), np.maximum(low[one], low[other])
        middle[rows] = low[3]
    return middle
