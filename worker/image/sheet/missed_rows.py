"""Rows that have to be where no curve was followed: rows stand evenly, and some rest on lines of the paper."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from worker.image.sheet.rows import RowTrace
from worker.image.trace import Trace

_LEAST_ROWS: Final = 3
_EVEN: Final = 0.1  # of the space between rows
_BAND: Final = 0.4  # of that space, above and below a level
_SURE_INK: Final = 0.6
_LEAST_INK: Final = 0.05  # of the median row's: complexes without what lies between them
_MOST_BETWEEN: Final = 3  # rows missed between two


def missed_rows(rows: Sequence[RowTrace], ink: np.ndarray) -> tuple[RowTrace, ...]:
    """Guesses between rows that stand evenly but for one, and at their ends, where there is ink.

    Parameters
    ----------
    rows : sequence of RowTrace
        From above.
    ink : ndarray of float, shape (height, width)
        How likely each pixel is ink of a curve, 0 to 1.
    """
    if len(rows) < _LEAST_ROWS:
        return ()
    space = float(np.median(np.diff([row.rest_px for row in rows])))
    even = _evenly_spaced(rows, space)
    if len(even) < _LEAST_ROWS:
        return ()
    left, right = (
        round(float(np.median(ends))) for ends in zip(*((row.trace.left, row.right) for row in even), strict=True)
    )
    usual = float(np.median([_ink_near(ink, row.rest_px, space, left, right) for row in even]))
    rests = [row.rest_px for row in rows]
    return tuple(
        _guess(level, left, right)
        for level in _missing(np.array([row.rest_px for row in even]), space)
        if 0 <= level < len(ink)
        and min(abs(level - rest) for rest in rests) > space / 2
        and _ink_near(ink, level, space, left, right) > _LEAST_INK * usual
    )


def _evenly_spaced(rows: Sequence[RowTrace], space: float) -> list[RowTrace]:
    """Those that have a neighbour as far away as most."""
    rests = np.array([row.rest_px for row in rows])
    apart = np.abs(rests[:, None] - rests)
    has_neighbour = (np.abs(apart - space) < _EVEN * space).any(axis=1)
    return [row for row, even in zip(rows, has_neighbour, strict=True) if even]


def _missing(rests: np.ndarray, space: float) -> list[float]:
    between = []
    for above, below in pairwise(rests):
        spaces = round((below - above) / space)
        if 2 <= spaces <= _MOST_BETWEEN + 1 and abs((below - above) / space - spaces) < spaces * _EVEN:
            between += list(np.linspace(above, below, spaces + 1)[1:-1])
    return [rests[0] - space, *between, rests[-1] + space]


def _ink_near(ink: np.ndarray, level: float, space: float, left: int, right: int) -> int:
    top, bottom = max(0, round(level - _BAND * space)), max(0, round(level + _BAND * space))
    return int((ink[top:bottom, left:right] > _SURE_INK).sum())


def _guess(level: float, left: int, right: int) -> RowTrace:
    straight = np.full(right - left, level)
    return RowTrace(
        Trace(left, straight, straight, straight, np.ones(straight.size, bool), 1.0), level, 0.0, is_guess=True
    )
