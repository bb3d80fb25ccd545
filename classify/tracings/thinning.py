"""Fewer points for the same line."""

from collections.abc import Sequence
from itertools import pairwise
from math import inf

Point = tuple[float, float]


def thinned(points: Sequence[Point], within: float) -> list[Point]:
    """The points that a line from left to right needs so as to pass all others within ``within``, up or down.

    One pass: from the last point kept, the slopes that pass all points since are narrowed until none is left.
    """
    if len(points) < 3:
        return list(points)
    kept = [points[0]]
    (x0, y0), low, high = points[0], -inf, inf
    for before, (x, y) in pairwise(points):
        run = x - x0
        if run > 0 and low <= (y - y0) / run <= high:
            low, high = max(low, (y - within - y0) / run), min(high, (y + within - y0) / run)
            continue
        if before != kept[-1]:
            kept.append(before)
        (x0, y0), low, high = before, -inf, inf
        if x > x0:
            low, high = (y - within - y0) / (x - x0), (y + within - y0) / (x - x0)
    return [*kept, points[-1]]
