"""Plotted pages: where rows and columns of leads stand, and which part of the page has lines."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from worker.generator.aim import Box
from worker.generator.layouts import Layout
from worker.generator.page import GAIN_MM_MV, SPEED_MM_S, Page, Row, Text
from worker.generator.plot_print import bars, footer, header, named
from worker.generator.plot_style import MM_PER_PT, PlotStyle
from worker.generator.sheet import rows_placed
from worker.generator.sheet_print import LINE_STEP, pulses_printed
from worker.generator.sheet_style import Frame

_PULSE_S: Final = 0.2
_PULSE_RESTS_MM: Final = 3.0
_INSIDE_MM: Final = 3.0  # from the edge of the lines to the curves
_WIDEST_SPACING_MM: Final = 45.0
_SQUARE_MM: Final = 5.0
_MOST_PX: Final = 4000  # of the longer side: larger pages are plotted more coarsely


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """A page whose sides are a whole number of pixels at ``dpi``, and the part of it that has lines."""

    page: Page
    lined_mm: Box
    dpi: int

    @property
    def px_per_mm(self) -> float:
        return self.dpi / 25.4


@dataclass(frozen=True, slots=True)
class _Room:
    """What is kept free in millimetres: above and below the lines, and between their left edge and the curves."""

    above: float
    below: float
    before: float


def plot_page(
    leads: Mapping[str, np.ndarray],
    fs: float,
    layout: Layout,
    style: PlotStyle,
    rng: np.random.Generator,
    *,
    speed_mm_s: float,
    gain_mm_mv: float,
    seconds: float,
) -> Plot:
    """A page of several leads.

    Parameters
    ----------
    leads : mapping of str to ndarray of shape (n,)
        mV.
    fs : float
        Hz.
    layout : Layout
    style : PlotStyle
    rng : numpy.random.Generator
        For the words.
    speed_mm_s, gain_mm_mv : float
    seconds : float
        Shown in all; each column shows its own part of them.
    """
    # Nobody could know others.
    style = replace(style, footer=style.footer or (speed_mm_s, gain_mm_mv) != (SPEED_MM_S, GAIN_MM_MV))
    texts, length_mm = header(style, rng), seconds * speed_mm_s
    room = _room(style, texts, speed_mm_s)
    frame = _frame(layout, style, room, length_mm, gain_mm_mv)
    rows = rows_placed(leads, fs, layout, frame, seconds, gain_mm_mv)
    frame, rows = _moved_down(frame, rows, room.above + _INSIDE_MM, gain_mm_mv, pulse=style.pulse)
    lined = _lined(frame, rows, room, length_mm, gain_mm_mv)
    size, dpi = _in_whole_pixels(frame.width_mm, max(frame.height_mm, lined[3] + room.below), style.dpi)
    lined = (0.0, 0.0, *size) if style.to_the_edges else lined
    if style.footer:
        texts.append(footer(style, size[1], speed_mm_s, gain_mm_mv, rng))
    rows = named(rows, frame, style, room.before - _INSIDE_MM, rng)
    pulses = pulses_printed(
        rows,
        frame,
        "left" if style.pulse else "none",
        _PULSE_S * speed_mm_s / SPEED_MM_S,
        speed_mm_s=speed_mm_s,
        gain_mm_mv=gain_mm_mv,
    )
    page = Page(
        width_mm=size[0],
        height_mm=size[1],
        rows=tuple(rows),
        texts=(*texts, *(row.name for row in rows if row.name)),
        speed_mm_s=speed_mm_s,
        gain_mm_mv=gain_mm_mv,
        pulses=pulses,
        strokes=bars(layout, frame, style),
    )
    return Plot(page, lined, dpi)


def _room(style: PlotStyle, texts: list[Text], speed_mm_s: float) -> _Room:
    above = max((text.top_mm + LINE_STEP * text.size_mm for text in texts), default=style.margin_mm)
    below = style.margin_mm + (2 * style.words_pt * MM_PER_PT if style.footer else 0.0)
    before = _INSIDE_MM + (_PULSE_S * speed_mm_s + _PULSE_RESTS_MM if style.pulse else 0.0)
    before += 3 * style.name_pt * MM_PER_PT if style.name_place == "before" else 0.0
    return _Room(above, below, before)


def _frame(layout: Layout, style: PlotStyle, room: _Room, length_mm: float, gain_mm_mv: float) -> Frame:
    """The page as large as it has to be, or its format where that is larger, with the curves in its middle."""
    least = style.page_mm or (0.0, 0.0)
    needed = 2 * style.margin_mm + room.before + length_mm + _INSIDE_MM
    width = max(needed, least[0])
    left = style.margin_mm + room.before + (width - needed) / 2
    count = len(layout.rows) + len(layout.rhythm)
    spacing = style.spacing_mm * max(1.0, gain_mm_mv / GAIN_MM_MV)
    around = room.above + room.below + 2 * _INSIDE_MM
    height = max(around + count * spacing, least[1])
    spacing = max(spacing, min(_WIDEST_SPACING_MM, (height - around) / count))
    zero = tuple(room.above + _INSIDE_MM + (row + 0.5) * spacing for row in range(count))
    return Frame(width, height, left, length_mm / layout.columns, 0.0, zero)


def _moved_down(
    frame: Frame, rows: list[Row], top_mm: float, gain_mm_mv: float, *, pulse: bool
) -> tuple[Frame, list[Row]]:
    """All rows lower, where a tall wave would rise above the area of the curves."""
    highest = min(row.zero_mm - float(row.signal_mv.max()) * gain_mm_mv for row in rows)
    if pulse:
        highest = min(highest, frame.zero_mm[0] - gain_mm_mv)
    down = max(0.0, top_mm - highest)
    moved = [replace(row, zero_mm=row.zero_mm + down) for row in rows]
    return replace(frame, zero_mm=tuple(zero + down for zero in frame.zero_mm)), moved


def _lined(frame: Frame, rows: list[Row], room: _Room, length_mm: float, gain_mm_mv: float) -> Box:
    """Whole large squares around the curves."""
    lowest = max(row.zero_mm - float(row.signal_mv.min()) * gain_mm_mv for row in rows)
    bottom = max(frame.zero_mm[-1] + frame.row_reach_mm, lowest) + _INSIDE_MM
    left, right = frame.left_mm - room.before, frame.left_mm + length_mm + _INSIDE_MM
    across, down = (np.ceil(side / _SQUARE_MM) * _SQUARE_MM for side in (right - left, bottom - room.above))
    return left, room.above, float(left + across), float(room.above + down)


def _in_whole_pixels(width_mm: float, height_mm: float, dpi: int) -> tuple[tuple[float, float], int]:
    """A page a little larger, and its resolution."""
    dpi = min(dpi, int(_MOST_PX * 25.4 / max(width_mm, height_mm)))
    width, height = (float(np.ceil(side * dpi / 25.4)) * 25.4 / dpi for side in (width_mm, height_mm))
    return (width, height), dpi
