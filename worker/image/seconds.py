"""The time scale that a person gives: how many seconds the rows last, from their first to their last point."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from worker.errors import EcgError
from worker.image.gate import POSSIBLE_BPM
from worker.image.reading import STANDARD_SPEED_MM_S, Reading, Source
from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.row_reader import PX_PER_MM
from worker.image.sheet.sheet import Sheet
from worker.image.told import Told

_USUAL_SPEEDS_MM_S: Final = (25.0, 50.0)
_ROUNDED: Final = 0.05  # what people say is round: "ten seconds" of 9.7
_LONG: Final = 0.7  # of the longest row

Scale = tuple[float, Source]


def speed_by_seconds(sheet: Sheet, told: Told) -> Scale | None:
    """Millimetres a second by what a person says that the rows last, or None where that says nothing new.

    On squares the usual speed nearby; without any the exact ratio, in whatever millimetres the map counts.
    """
    if told.seconds_across is None or not sheet.curves:
        return None
    if sheet.flat.paper.is_squared and told.speed_mm_s is not None:
        return None
    speed_mm_s = rows_length_mm(sheet.curves) / told.seconds_across
    return (usual_speed(speed_mm_s) if sheet.flat.paper.is_squared else speed_mm_s), "user"


def usual_speed(speed_mm_s: float) -> float:
    """The speed that machines print, where one is near; else what was given."""
    near = min(_USUAL_SPEEDS_MM_S, key=lambda usual: abs(np.log(speed_mm_s / usual)))
    return near if abs(speed_mm_s / near - 1) <= _ROUNDED else speed_mm_s


def squares_agree(reading: Reading, told: Told) -> bool:
    """Whether squares make a usual speed of the told seconds: else they are none, or wrongly counted."""
    return told.speed_mm_s is not None or reading.speed_mm_s is None or reading.speed_mm_s in _USUAL_SPEEDS_MM_S


def rows_length_mm(curves: Sequence[LeadCurve]) -> float:
    """From the first to the last point of the long rows, the blank between columns left out."""
    lengths = [_length_mm(row) for row in _by_row(curves)]
    return float(np.median([length for length in lengths if length >= _LONG * max(lengths)]))


def _length_mm(row: Sequence[LeadCurve]) -> float:
    ends = [curve.start_mm + curve.height_mm.size / PX_PER_MM[0] for curve in row]
    return max(ends) - min(curve.start_mm for curve in row)


def _by_row(curves: Sequence[LeadCurve]) -> list[list[LeadCurve]]:
    rows = sorted({curve.row for curve in curves})
    return [[curve for curve in curves if curve.row == row] for row in rows]


def without_squares(reading: Reading, stated: Scale, told: Told) -> Reading:
    """A reading of a picture without squares, in the millimetres of its speed, and without a gain that nobody knows.

    Parameters
    ----------
    reading : Reading
        In the millimetres that the map counted.
    stated : tuple of float and str
        The paper's speed and how it is known; its millimetres are those of which so many pass in a second.
    told : Told
        With ``seconds_across``.
    """
    assert reading.speed_mm_s is not None
    assert reading.px_per_mm_x is not None
    assert reading.px_per_mm_y is not None
    stretch = reading.speed_mm_s / stated[0]  # counted millimetres for a true one
    gain = None if reading.gain_source == "assumed" else reading.gain_mm_mv
    per_mv = None if gain is None else gain * stretch
    return replace(
        reading,
        leads=tuple(replace(lead, per_mv=per_mv) for lead in reading.leads),
        speed_mm_s=stated[0],
        speed_source=stated[1],
        gain_mm_mv=gain,
        gain_source=None if gain is None else reading.gain_source,
        px_per_mm_x=round(reading.px_per_mm_x * stretch, 3),
        px_per_mm_y=round(reading.px_per_mm_y * stretch, 3),
        grid_px=(),
        seconds_across=told.seconds_across,
    )


def fs_by_seconds(values: np.ndarray, r_peaks: np.ndarray, told: Told) -> float:
    """Samples per second of one trace without squares.

    Raises
    ------
    EcgError
        ``trace_unclear`` for a rate that no heart has.
    """
    assert told.seconds_across is not None
    fs = values.size / told.seconds_across
    if len(r_peaks) > 1:
        bpm = 60.0 * fs / float(np.median(np.diff(r_peaks)))
        if not POSSIBLE_BPM[0] <= bpm <= POSSIBLE_BPM[1]:
            raise EcgError("trace_unclear", f"rate: expected {POSSIBLE_BPM} bpm. Received: {bpm:.0f}", kind="strip")
    return fs


def with_seconds(reading: Reading, told: Told, work_scale: float) -> Reading:
    """A reading of one trace whose time came from ``fs_by_seconds``: its millimetres, and millivolts by a told gain.

    ``work_scale`` is samples for a pixel of the picture.
    """
    (lead,) = reading.leads
    assert lead.fs is not None
    assert reading.speed_mm_s is not None
    px_per_mm = lead.fs / work_scale / reading.speed_mm_s
    per_mv = lead.per_mv if told.gain_mm_mv is None else told.gain_mm_mv * px_per_mm
    return replace(
        reading,
        leads=(replace(lead, per_mv=per_mv),),
        px_per_mm_x=round(px_per_mm, 3),
        px_per_mm_y=reading.px_per_mm_y or round(px_per_mm, 3),
        seconds_across=told.seconds_across,
    )


def without_time(reading: Reading) -> Reading:
    """What is left of a reading whose time scale was a guess: where its curves lie and where their R peaks are."""
    leads = tuple(replace(lead, fs=None, start_s=0.0, per_mv=None) for lead in reading.leads)
    return replace(
        reading,
        leads=leads,
        speed_mm_s=None,
        speed_source=None,
        gain_mm_mv=None,
        gain_source=None,
        px_per_mm_x=None,
        px_per_mm_y=None,
        grid_px=(),
        seconds_across=None,
    )


def bare_length_mm(told: Told) -> float:
    """How long rows are that last what is told, at the told speed or the usual one."""
    assert told.seconds_across is not None
    return told.seconds_across * (told.speed_mm_s or STANDARD_SPEED_MM_S)
