"""The frame that plotting programs draw around a curve: found, so that only its inside is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

_LONG: Final = 0.6  # of the picture's side
_CORNER: Final = 0.03
_TILT: Final = 0.02
_OUTER: Final = 0.30  # frames lie in the outer part of a picture


@dataclass(frozen=True, slots=True)
class Region:
    """Rows ``top:bottom`` and columns ``left:right`` of a work copy."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def of(self, image: np.ndarray) -> np.ndarray:
        return image[self.top : self.bottom, self.left : self.right]


def inside_of_frame(mask: np.ndarray) -> Region:
    """The region inside straight axes lines, or the whole picture where there are none.

    Parameters
    ----------
    mask : ndarray of bool, shape (height, width)
        Ink.

    Notes
    -----
    A line of the frame runs straight over most of the side, lies in the picture's outer part and meets another
    one at a corner: a flat stretch of the trace does not.  Lines tilted by a degree are looked for second, and
    must meet at two corners.
    """
    height, width = mask.shape
    level = _inside(mask, tilt_px=(1, 1), corners=1)
    tilted = (1 + round(_TILT * width), 1 + round(_TILT * height))
    return level or _inside(mask, tilt_px=tilted, corners=2) or Region(0, height, 0, width)


Line = tuple[int, int, int]  # position, start, end


def _inside(mask: np.ndarray, tilt_px: tuple[int, int], corners: int) -> Region | None:
    height, width = mask.shape
    ink = mask.astype(np.uint8)
    across = cv2.dilate(ink, np.ones((tilt_px[0], 3), np.uint8))
    down = cv2.dilate(ink, np.ones((3, tilt_px[1]), np.uint8)).T
    slack = max(3.0, _CORNER * min(height, width)) + max(tilt_px)
    rows, columns = _straight(across), _straight(down)
    # An R wave is straight too, and so is a baseline: a line of the frame ends at other lines of it.
    rows = [r for r in rows if sum(_meet(r, c, slack) for c in _ends(columns, width)) >= corners]
    columns = [c for c in columns if sum(_meet(r, c, slack) for r in _ends(rows, height)) >= corners]
    if not rows or not columns:
        return None
    low, high = (_last, _first) if corners == 1 else (_first, _last)
    top = low(r for r in rows if r[0] < _OUTER * height)
    bottom = high(r for r in rows if r[0] > (1 - _OUTER) * height)
    left = low(c for c in columns if c[0] < _OUTER * width)
    right = high(c for c in columns if c[0] > (1 - _OUTER) * width)
    return Region(
        top=_beyond(top, across, +1) if top else 0,
        bottom=_beyond(bottom, across, -1) + 1 if bottom else height,
        left=_beyond(left, down, +1) if left else 0,
        right=_beyond(right, down, -1) + 1 if right else width,
    )


def _straight(mask: np.ndarray) -> list[Line]:
    """Rows crossed by one unbroken run over most of their length."""
    enough = _LONG * mask.shape[1]
    lines = []
    for row in np.flatnonzero(mask.sum(axis=1) >= enough):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], mask[row].astype(np.int8), [0]])))
        starts, ends = edges[::2], edges[1::2]
        longest = int(np.argmax(ends - starts))
        if ends[longest] - starts[longest] >= enough:
            lines.append((int(row), int(starts[longest]), int(ends[longest])))
    return lines


def _first(lines: Iterable[Line]) -> Line | None:
    found = list(lines)
    return found[0] if found else None


def _last(lines: Iterable[Line]) -> Line | None:
    found = list(lines)
    return found[-1] if found else None


def _ends(lines: list[Line], size: int) -> list[Line]:
    """The outermost line on either side."""
    low = _first(line for line in lines if line[0] < _OUTER * size)
    high = _last(line for line in lines if line[0] > (1 - _OUTER) * size)
    return [line for line in (low, high) if line is not None]


def _meet(row: Line, column: Line, slack: float) -> bool:
    at_end_of_row = min(abs(row[1] - column[0]), abs(row[2] - column[0])) <= slack
    return at_end_of_row and min(abs(column[1] - row[0]), abs(column[2] - row[0])) <= slack


def _beyond(line: Line, mask: np.ndarray, step: int) -> int:
    """The first row past the line's thickness."""
    row, start, end = line
    while 0 < row < mask.shape[0] - 1 and mask[row, start:end].mean() > 0.3:
        row += step
    return row + step if 0 < row < mask.shape[0] - 1 else row
