"""The calibration pulse that machines draw beside a curve: found by its shape, so that it is not read as a beat."""

from dataclasses import replace
from typing import Final

import numpy as np

from worker.image.trace import Trace

_BESIDE: Final = 0.25  # of the trace's width, at either end: pulses stand nowhere else
_LOWEST: Final = 4.0  # strokes
_EVEN: Final = 0.10  # of the pulse's height: how even its top and the rest beside it are
_LEAN: Final = 0.10  # of its height: what an upright edge leans on paper that is turned by 5 degrees
_WIDTH: Final = (0.2, 1.3)  # of its height: 5 mm at 5 to 20 mm/mV
_SQUARE: Final = 0.55  # its top's width against its foot's; a wave as sharp as a QRS complex has 0.2
_REST: Final = 0.2  # of its width, on either side
_REST_DRAWN: Final = 0.5  # of its width: the line that joins it to the curve, 2.5 mm


def without_pulse(trace: Trace) -> Trace:
    """The trace without a calibration pulse at its left or right end.

    A pulse has an even top between two upright edges that start and end at one level, and nothing but rest between it
    and the end of the trace.  No wave of a heart has all of that.

    Parameters
    ----------
    trace : Trace

    Returns
    -------
    Trace
        The same where there is no pulse.
    """
    left = _pulse_end(-trace.y, trace.stroke_px) or 0
    right = _pulse_end(-trace.y[::-1], trace.stroke_px) or 0
    return _part(trace, left, trace.width - right) if left or right else trace


def _pulse_end(heights: np.ndarray, stroke: float) -> int | None:
    """The column after a pulse at the left end and the line that joins it to the curve, or None."""
    start = float(np.median(heights[: max(3, round(stroke))]))
    above = heights[: int(_BESIDE * heights.size)] - start
    risen = np.flatnonzero(above > _LOWEST * stroke)
    if risen.size == 0:
        return None
    # The highest of what rises first, without what follows a fall.
    fallen = np.flatnonzero(above[risen[0] :] <= 0.5 * _LOWEST * stroke)
    if fallen.size == 0:
        return None
    height = float(np.median(above[risen[0] : risen[0] + fallen[0]]))
    even = max(_EVEN * height, 0.5 * stroke)
    before, end = _foot(above, even, int(risen[0]))
    top = np.abs(above[before:end] - height) <= even
    if not _is_square(top, end - before, height, stroke):
        return None
    room = max(2, round(_REST * (end - before)))
    rest = np.concatenate([above[max(0, before - room) : before], above[end : end + room]])
    if before < 2 or np.abs(above[:before]).max() > even or np.abs(rest).max() > even:
        return None
    return end + round(_REST_DRAWN * (end - before))


def _foot(above: np.ndarray, even: float, inside: int) -> tuple[int, int]:
    """The columns around ``inside`` that are off the resting level."""
    at_rest = np.flatnonzero(np.abs(above) <= even)
    before, after = at_rest[at_rest < inside], at_rest[at_rest > inside]
    return (int(before[-1]) + 1 if before.size else 0), (int(after[0]) if after.size else above.size)


def _is_square(top: np.ndarray, foot: int, height: float, stroke: float) -> bool:
    """Whether the top is even from edge to edge, and as wide as a pulse's."""
    columns = np.flatnonzero(top)
    if columns.size == 0:
        return False
    width = int(columns[-1] - columns[0]) + 1
    edges = foot - width
    return bool(
        columns.size >= 0.95 * width
        and _WIDTH[0] * height <= width <= _WIDTH[1] * height
        and width >= _SQUARE * foot
        and edges <= 2 * (_LEAN * height + stroke)
    )


def _part(trace: Trace, start: int, stop: int) -> Trace:
    columns = slice(start, stop)
    return replace(
        trace,
        left=trace.left + start,
        y=trace.y[columns],
        top=trace.top[columns],
        bottom=trace.bottom[columns],
        gap=trace.gap[columns],
    )
