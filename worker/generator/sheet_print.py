"""What a machine prints around the curves of a sheet: text above, names, calibration pulses, separators."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from worker.generator.layouts import Layout
from worker.generator.page import Pulse, Row, Text
from worker.generator.sheet_style import Frame, SheetStyle, Side
from worker.generator.words import header_blocks

LINE_STEP: Final = 1.35  # of the letters' size
_DOT_MM, _DOTS_EVERY_MM = 0.4, 1.2
_TICK_MM: Final = (2.5, 6.0)
_BAR_WIDTH_MM: Final = (0.5, 1.1)
_BAR_REACH_MM: Final = (2.5, 5.0)
_BAR_STEP_MM: Final = 0.15  # between the lines that make a bar: no wider than the thinnest ink
_PULSE_REST_MM: Final = 1.5
_UP_TO_THE_FRAME: Final = 0.7  # of framed sheets: the others' rows end before it
_BEFORE_THE_FRAME_MM: Final = (0.5, 4.0)
_FRAME_MM: Final = 3.0  # from whatever else it is around


def header(style: SheetStyle, rng: np.random.Generator) -> list[Text]:
    """Blocks of lines beside each other at the top of the page."""
    texts, left = [], style.margin_mm
    for lines in header_blocks(rng):
        for number, words in enumerate(lines):
            top = style.margin_mm + number * LINE_STEP * style.words_mm
            texts.append(Text(words, left, top, style.words_mm, style.font))
        left += max(map(len, lines)) * 0.62 * style.words_mm + float(rng.uniform(6.0, 25.0))
    return texts


def named(rows: Sequence[Row], frame: Frame, style: SheetStyle, rng: np.random.Generator) -> list[Row]:
    """Rows with their names, all at the same place beside the beginning of their segments."""
    right, up = _name_shift(style, rng)
    return [
        replace(row, name=Text(row.lead, row.left_mm + right, frame.zero_mm[row.row] - up, style.name_mm, style.font))
        for row in rows
    ]


def _name_shift(style: SheetStyle, rng: np.random.Generator) -> tuple[float, float]:
    """How far right of a segment's beginning and above its line a name's upper left corner stands."""
    size, right = style.name_mm, float(rng.uniform(0.0, 2.5))
    if style.name_place == "above":
        return right, size + float(rng.uniform(2.0, 7.0))
    if style.name_place == "on":
        return right, size * float(rng.uniform(0.3, 1.5))
    if style.name_place == "below":
        return right, -float(rng.uniform(1.0, 6.0))
    room = _PULSE_REST_MM * 6 if style.pulses == "left" else 0.0
    return -room - 2.8 * size, 0.6 * size


def pulses_printed(
    rows: Sequence[Row], frame: Frame, side: Side, pulse_s: float, *, speed_mm_s: float, gain_mm_mv: float
) -> tuple[Pulse, ...]:
    """A pulse of a millivolt at the beginning or the end of each row of the page; ``pulse_s`` long at 25 mm/s."""
    if side == "none":
        return ()
    width = pulse_s * 25.0  # machines print it as wide at every speed
    shape = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]]) * np.array([width, -gain_mm_mv])
    rest = np.array([[_PULSE_REST_MM, 0.0]])
    shape = np.concatenate([shape[:1] - rest, shape, shape[-1:] + rest])
    pulses = []
    for line, zero_mm in enumerate(frame.zero_mm):
        numbers = [number for number, row in enumerate(rows) if row.row == line]
        if side == "left":
            number, left = numbers[0], frame.left_mm - width - _PULSE_REST_MM
        else:
            number = numbers[-1]
            end = rows[number].left_mm + rows[number].signal_mv.size / rows[number].fs * speed_mm_s
            left = end + 2 * _PULSE_REST_MM
        pulses.append(Pulse(number, shape + np.array([left, zero_mm])))
    return tuple(pulses)


def separators(
    rows: Sequence[Row],
    layout: Layout,
    frame: Frame,
    style: SheetStyle,
    rng: np.random.Generator,
    *,
    speed_mm_s: float,
    gain_mm_mv: float,
) -> tuple[np.ndarray, ...]:
    """Lines between the columns: ticks or bars on each row, dots down the page, or the curve's own step to the next."""
    if style.separator in ("none", "gap"):
        return ()
    if style.separator == "step":
        return tuple(_steps(rows, speed_mm_s, gain_mm_mv))
    strokes: list[np.ndarray] = []
    width_mm, reach_mm = float(rng.uniform(*_BAR_WIDTH_MM)), float(rng.uniform(*_BAR_REACH_MM))
    for column in range(1, layout.columns):
        x = frame.column_left(column)
        if style.separator == "dotted":
            reach = frame.row_reach_mm
            strokes += _dots(x, frame.zero_mm[0] - reach, frame.zero_mm[len(layout.rows) - 1] + reach)
            continue
        for zero_mm in frame.zero_mm[: len(layout.rows)]:
            if style.separator == "bar":
                strokes += _bar(x, zero_mm, width_mm, reach_mm)
            else:
                strokes += _tick(x, zero_mm, double=style.separator == "double")
    return tuple(strokes)


def _steps(rows: Sequence[Row], speed_mm_s: float, gain_mm_mv: float) -> Iterator[np.ndarray]:
    for row, following in pairwise(rows):
        if following.row == row.row:
            end_mm = row.left_mm + (row.signal_mv.size - 1) / row.fs * speed_mm_s
            end = (end_mm, row.zero_mm - row.signal_mv[-1] * gain_mm_mv)
            yield np.array([end, (following.left_mm, following.zero_mm - following.signal_mv[0] * gain_mm_mv)])


def framed(rows: Sequence[Row], frame: Frame, rng: np.random.Generator, *, speed_mm_s: float) -> np.ndarray:
    """A line around all rows and what stands before them; mostly they run up to it."""
    end = max(row.left_mm + (row.signal_mv.size - 1) / row.fs * speed_mm_s for row in rows)
    right = end if rng.random() < _UP_TO_THE_FRAME else end + float(rng.uniform(*_BEFORE_THE_FRAME_MM))
    top, bottom = frame.zero_mm[0] - frame.row_reach_mm, frame.zero_mm[-1] + frame.row_reach_mm
    return np.array([[_FRAME_MM, top], [right, top], [right, bottom], [_FRAME_MM, bottom], [_FRAME_MM, top]])


def _dots(x: float, top: float, bottom: float) -> list[np.ndarray]:
    return [np.array([[x, y], [x, y + _DOT_MM]]) for y in np.arange(top, bottom, _DOTS_EVERY_MM)]


def _tick(x: float, zero_mm: float, *, double: bool) -> list[np.ndarray]:
    """A short line across the row; a double one leaves the row itself free."""
    near, far = _TICK_MM
    if not double:
        return [np.array([[x, zero_mm - near], [x, zero_mm + near]])]
    return [np.array([[x, zero_mm + sign * near], [x, zero_mm + sign * far]]) for sign in (-1, 1)]


def _bar(x: float, zero_mm: float, width_mm: float, reach_mm: float) -> list[np.ndarray]:
    """A wide line across the row, as several beside each other."""
    across = np.linspace(-width_mm / 2, width_mm / 2, 1 + int(np.ceil(width_mm / _BAR_STEP_MM)))
    return [np.array([[x + dx, zero_mm - reach_mm], [x + dx, zero_mm + reach_mm]]) for dx in across]
