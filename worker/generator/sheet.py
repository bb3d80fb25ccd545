"""Sheets: rows and columns of leads on one page, with what a machine prints around them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from worker.generator.layouts import Layout, lead_of
from worker.generator.page import Page, Row, Text
from worker.generator.paper import MAJOR_EVERY_MM
from worker.generator.sheet_print import LINE_STEP, framed, header, named, pulses_printed, separators
from worker.generator.sheet_style import Frame, SheetStyle
from worker.generator.words import footer_words

_PULSE_ROOM_MM: Final = 9.0
_WIDEST_MM: Final = 320.0  # of a page; longer ones are folded, and no higher
_LEAST_SPACING_MM: Final = 11.0
_SPACINGS: Final = (1.6, 4.0)  # of free rows, in heights of a millivolt


def sheet_page(
    leads: Mapping[str, np.ndarray],
    fs: float,
    layout: Layout,
    style: SheetStyle,
    rng: np.random.Generator,
    *,
    speed_mm_s: float,
    gain_mm_mv: float,
    seconds: float,
) -> Page:
    """A page of several leads.

    Parameters
    ----------
    leads : mapping of str to ndarray of shape (n,)
        mV.
    fs : float
        Hz.
    layout : Layout
    style : SheetStyle
    rng : numpy.random.Generator
        For the words.
    speed_mm_s, gain_mm_mv : float
    seconds : float
        Shown in all; each column shows its own part of them.
    """
    texts = header(style, rng) if style.header else []
    top = max((text.top_mm + LINE_STEP * text.size_mm for text in texts), default=style.margin_mm)
    frame = _frame(layout, style, seconds * speed_mm_s, top, gain_mm_mv, rng)
    rows = rows_placed(leads, fs, layout, frame, seconds, gain_mm_mv)
    frame, rows = _with_room(frame, rows, gain_mm_mv)
    if style.on_lines:
        frame, rows = _on_lines(frame, rows)
    if style.footer:
        said = footer_words(speed_mm_s, gain_mm_mv, rng)
        texts.append(Text(said, style.margin_mm, frame.height_mm - 4.0 - style.words_mm, style.words_mm, style.font))
    if style.named:
        rows = named(rows, frame, style, rng)
        texts += [row.name for row in rows if row.name]
    strokes = separators(rows, layout, frame, style, rng, speed_mm_s=speed_mm_s, gain_mm_mv=gain_mm_mv)
    if style.framed:
        strokes = (*strokes, framed(rows, frame, rng, speed_mm_s=speed_mm_s))
    return Page(
        width_mm=frame.width_mm,
        height_mm=frame.height_mm,
        rows=tuple(rows),
        texts=tuple(texts),
        speed_mm_s=speed_mm_s,
        gain_mm_mv=gain_mm_mv,
        pulses=pulses_printed(rows, frame, style.pulses, style.pulse_s, speed_mm_s=speed_mm_s, gain_mm_mv=gain_mm_mv),
        strokes=strokes,
    )


def _frame(
    layout: Layout, style: SheetStyle, length_mm: float, top_mm: float, gain_mm_mv: float, rng: np.random.Generator
) -> Frame:
    gap_mm = float(rng.uniform(1.5, 5.0)) if style.separator == "gap" else 0.0
    left = style.margin_mm + (_PULSE_ROOM_MM if style.pulses == "left" else 0.0)
    left += 3.0 * style.name_mm if style.name_place == "before" else 0.0
    right = style.margin_mm + (_PULSE_ROOM_MM if style.pulses == "right" else 0.0)
    width = left + length_mm + (layout.columns - 1) * gap_mm + right
    count = len(layout.rows) + len(layout.rhythm)
    below = style.margin_mm + (2 * style.words_mm if style.footer else 0.0)
    if layout.fixed_height:
        side = min(width, _WIDEST_MM)
        height = side * style.page_shape if style.portrait else side / style.page_shape
        spacing = max(_LEAST_SPACING_MM, style.spacing * (height - top_mm - below) / count)
    else:
        spacing = float(rng.uniform(*_SPACINGS)) * max(gain_mm_mv, 10.0)
        height = 0.0
    first = top_mm + spacing / 2
    height = max(height, first + (count - 0.5) * spacing + below)
    zero = tuple(first + row * spacing for row in range(count))
    return Frame(width, height, left, length_mm / layout.columns, gap_mm, zero)


def rows_placed(
    leads: Mapping[str, np.ndarray], fs: float, layout: Layout, frame: Frame, seconds: float, gain_mm_mv: float
) -> list[Row]:
    """Segments in reading order, the rhythm strips last; each lead rests on the line of its row."""
    rows = []
    for number, names in enumerate((*layout.rows, *((lead,) for lead in layout.rhythm))):
        bounds = np.round(np.linspace(0, seconds * fs, len(names) + 1)).astype(int)
        for column, lead in enumerate(names):
            whole = lead_of(lead, leads)
            shown = whole[bounds[column] : bounds[column + 1]]
            rest_mm = float(np.median(whole)) * gain_mm_mv
            left, zero = frame.column_left(column), frame.zero_mm[number] + rest_mm
            start_s = float(bounds[column] / fs)
            rows.append(Row(shown, fs, lead, left, zero, start_s=start_s, row=number, column=column))
    return rows


def _with_room(frame: Frame, rows: list[Row], gain_mm_mv: float) -> tuple[Frame, list[Row]]:
    """Moves everything down, or lengthens the page, where a tall wave would leave it."""
    highest = min(row.zero_mm - float(row.signal_mv.max()) * gain_mm_mv for row in rows)
    lowest = max(row.zero_mm - float(row.signal_mv.min()) * gain_mm_mv for row in rows)
    down = max(0.0, 2.0 - highest)
    moved = [replace(row, zero_mm=row.zero_mm + down) for row in rows]
    height = max(frame.height_mm + down, lowest + down + 2.0)
    return replace(frame, height_mm=height, zero_mm=tuple(zero + down for zero in frame.zero_mm)), moved


def _on_lines(frame: Frame, rows: list[Row]) -> tuple[Frame, list[Row]]:
    """Each row moved to the nearest of the lines every 5 mm: its curve runs along it wherever it rests."""
    lines = tuple(float(MAJOR_EVERY_MM * round(zero / MAJOR_EVERY_MM)) for zero in frame.zero_mm)
    down = [line - zero for line, zero in zip(lines, frame.zero_mm, strict=True)]
    return replace(frame, zero_mm=lines), [replace(row, zero_mm=row.zero_mm + down[row.row]) for row in rows]
