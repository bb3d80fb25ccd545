"""One trace out of ink: a path of vertical runs from left to right, then one height per column."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

_MAX_GAP: Final = 0.03  # of the width
_GAP_COST: Final = 1.0  # per column without ink
_JUMP_COST: Final = 0.2  # per pixel between one run and the next


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Vertical runs of ink: ``column``, ``top`` and ``bottom`` (inclusive), sorted by column."""

    column: np.ndarray
    top: np.ndarray
    bottom: np.ndarray

    def __len__(self) -> int:
        return len(self.column)

    def taken(self, which: np.ndarray) -> "Runs":
        return Runs(self.column[which], self.top[which], self.bottom[which])


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """``y`` is pixels from the top for each column ``left … left+n-1``; columns in ``gap`` were interpolated."""

    left: int
    y: np.ndarray  # float [n]
    top: np.ndarray  # upper edge of the ink, float [n]
    bottom: np.ndarray
    gap: np.ndarray  # bool [n]
    stroke_px: float

    @property
    def width(self) -> int:
        return len(self.y)

    @property
    def gap_fraction(self) -> float:
        return float(self.gap.mean())


def runs_of(mask: np.ndarray) -> Runs:
    turned = np.zeros((mask.shape[1], mask.shape[0] + 2), dtype=np.int8)
    turned[:, 1:-1] = mask.T
    steps = np.diff(turned, axis=1)
    column, top = np.nonzero(steps == 1)
    _, end = np.nonzero(steps == -1)
    return Runs(column, top, end - 1)


def best_path(
    runs: Runs,
    width: int,
    *,
    worth: np.ndarray | None = None,
    longest_gap: int | None = None,
    gap_cost: float = _GAP_COST,
    jump_cost: float = _JUMP_COST,
) -> np.ndarray:
    """Indices of the runs of the longest smooth way from left to right.

    Each column earns what its run is worth, one without ``worth``; missing columns and vertical jumps cost.  Exact, by
    dynamic programming.
    """
    if len(runs) == 0:
        return np.empty(0, dtype=int)
    max_gap = max(5, round(_MAX_GAP * width)) if longest_gap is None else max(1, longest_gap)
    columns, firsts = np.unique(runs.column, return_index=True)
    starts, ends = np.searchsorted(runs.column, columns - max_gap), np.append(firsts[1:], len(runs))
    gain = np.ones(len(runs)) if worth is None else worth.astype(float)
    before_gaps = gain + gap_cost * runs.column
    top, end = jump_cost * runs.top, jump_cost * (runs.bottom + 1)
    came_from = np.full(len(runs), -1)
    for column, start, first, last in np.stack([columns, starts, firsts, ends], axis=1).tolist():
        if start == first:
            continue
        here, before = slice(first, last), slice(start, first)
        apart = np.maximum(top[here, None] - end[before], top[before] - end[here, None])
        reached = before_gaps[before] - np.maximum(apart, 0.0, out=apart)
        best, value = reached.argmax(axis=1), reached.max(axis=1) - gap_cost * (column - 1)
        more = np.maximum(value, 0.0)
        gain[here] += more
        before_gaps[here] += more
        came_from[here] = np.where(value > 0, start + best, -1)
    path = [int(gain.argmax())]
    while came_from[path[-1]] >= 0:
        path.append(int(came_from[path[-1]]))
    return np.array(path[::-1])


def trace_along(runs: Runs, darkness: np.ndarray) -> Trace:
    """One height per column from the path's runs.

    A run no longer than the stroke is thick is the stroke itself: its centre of darkness is taken.  Of a steep flank
    the middle is; at a peak the end farther from the trace around it, so that an R wave keeps its height.
    """
    left, right = int(runs.column[0]), int(runs.column[-1])
    length = runs.bottom - runs.top + 1
    stroke = float(np.median(length))
    centre = _centres(runs, darkness)
    columns = np.arange(left, right + 1)
    middle = np.interp(columns, runs.column, centre)
    around = _surroundings(middle)[runs.column - left]
    upper, lower = runs.top + (stroke - 1) / 2, runs.bottom - (stroke - 1) / 2
    y = np.where(length > 1.6 * stroke + 1, _steep(upper, lower, around, stroke), centre)
    gap = np.ones(len(columns), dtype=bool)
    gap[runs.column - left] = False
    return Trace(
        left=left,
        y=np.interp(columns, runs.column, y),
        top=np.interp(columns, runs.column, runs.top),
        bottom=np.interp(columns, runs.column, runs.bottom),
        gap=gap,
        stroke_px=stroke,
    )


def _steep(upper: np.ndarray, lower: np.ndarray, around: np.ndarray, stroke: float) -> np.ndarray:
    size = 2 * max(1, round(stroke)) + 1
    upwards = np.abs(upper - around) >= np.abs(lower - around)
    crest = upwards & (upper <= ndimage.minimum_filter1d(upper, size, mode="nearest") + 0.5)
    trough = ~upwards & (lower >= ndimage.maximum_filter1d(lower, size, mode="nearest") - 0.5)
    return np.where(crest, upper, np.where(trough, lower, (upper + lower) / 2))


def ink_of_runs(runs: Runs, shape: tuple[int, int], margin: int) -> np.ndarray:
    """A mask of the runs, widened by ``margin``."""
    marks = np.zeros((shape[0] + 1, shape[1]), dtype=np.int32)
    np.add.at(marks, (runs.top, runs.column), 1)
    np.add.at(marks, (runs.bottom + 1, runs.column), -1)
    mask = (np.cumsum(marks, axis=0)[:-1] > 0).astype(np.uint8)
    if margin > 0:
        return cv2.dilate(mask, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)).astype(bool)
    return mask.astype(bool)


def redrawn(trace: Trace, shape: tuple[int, int]) -> np.ndarray:
    """The trace as a line of its own stroke, a mask to compare with the ink."""
    canvas = np.zeros(shape, np.uint8)
    shift = 4
    points = np.stack([np.arange(trace.left, trace.left + trace.width), trace.y], axis=1)
    fixed = np.round(points * (1 << shift)).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [fixed], False, 1, max(1, round(trace.stroke_px)), cv2.LINE_8, shift)
    return canvas.astype(bool)


def _centres(runs: Runs, darkness: np.ndarray) -> np.ndarray:
    top = np.maximum(runs.top - 1, 0)
    length = np.minimum(runs.bottom + 2, darkness.shape[0]) - top
    first = np.cumsum(length) - length
    rows = np.arange(length.sum()) + np.repeat(top - first, length)
    weight = darkness[rows, np.repeat(runs.column, length)].astype(float)
    mass, moment = np.add.reduceat(weight, first), np.add.reduceat(weight * rows, first)
    return np.where(mass > 0, moment / np.maximum(mass, 1e-9), (runs.top + runs.bottom) / 2)


def _surroundings(middle: np.ndarray) -> np.ndarray:
    size = max(5, len(middle) // 5) | 1
    return ndimage.median_filter(middle, size=size, mode="reflect")
