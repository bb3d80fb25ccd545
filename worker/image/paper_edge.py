"""The edge of the paper, where the ground beside it is seen: not to be taken for the trace's first or last beats."""

from typing import Final

import cv2
import numpy as np

from worker.image.trace import Runs

_ENDS: Final = 0.2  # of the way, at either side
_MOST_OF_WIDTH: Final = 0.6  # that a trace crosses before it jumps
_GOES_ON: Final = 0.1  # of the columns beyond the jump
_APART: Final = 6.0  # strokes between neighbouring runs, which no pen leaves


def without_paper_edge(mask: np.ndarray, way: Runs) -> np.ndarray | None:
    """The ink without separate pieces that the way jumps to while the trace itself goes on, or None.

    Where a corner of the ground shows, the paper's edge is a dark line: longer than the last stretch of the trace, so
    that a way through the most ink ends on it.

    Parameters
    ----------
    mask : ndarray of bool, shape (height, width)
        Ink.
    way : Runs
        Of the trace, at most one a column.

    Returns
    -------
    ndarray of bool or None
        None where nothing is left out.
    """
    hanging = _hanging(way)
    if not hanging.any() or (~hanging).sum() < _MOST_OF_WIDTH * mask.shape[1]:
        return None
    _, pieces = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    kept = np.unique(pieces[way.top[~hanging], way.column[~hanging]])
    goes_on: np.ndarray = np.isin(pieces, kept).max(axis=0)
    edge: set[int] = set()
    for side in (hanging & (way.column < mask.shape[1] / 2), hanging & (way.column >= mask.shape[1] / 2)):
        if side.any() and goes_on[way.column[side]].mean() >= _GOES_ON:
            edge |= set(pieces[way.top[side], way.column[side]].tolist()) - set(kept.tolist())
    return mask & ~np.isin(pieces, list(edge)) if edge else None


def _hanging(way: Runs) -> np.ndarray:
    """Which runs lie beyond a jump near an end of the way."""
    count = len(way)
    stroke = float(np.median(way.bottom - way.top + 1))
    apart = np.maximum(way.top[1:] - way.bottom[:-1], way.top[:-1] - way.bottom[1:]) - 1
    jumps = np.flatnonzero(apart > _APART * stroke) + 1
    first, last = jumps[jumps <= _ENDS * count], jumps[jumps >= (1 - _ENDS) * count]
    hanging = np.zeros(count, dtype=bool)
    if first.size:
        hanging[: first[-1]] = True
    if last.size:
        hanging[last[0] :] = True
    return hanging
