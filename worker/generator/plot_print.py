"""What a program plots around the curves: text above and below, names, bars between columns."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from worker.generator.layouts import Layout
from worker.generator.page import Row, Text
from worker.generator.plot_style import MM_PER_PT, PlotStyle
from worker.generator.sheet_print import LINE_STEP
from worker.generator.sheet_style import Frame
from worker.generator.words import header_blocks, scale_words

FONT: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
_TITLES: Final = ("ECG 12", "12-lead ECG", "ECG", "Electrocardiogram", "Resting ECG")
_TITLE_SIZE: Final = 1.4  # of other words
_BETWEEN_BLOCKS_MM: Final = (6.0, 20.0)
_REACH_MM: Final = {"tick": 2.5, "bar": 4.5}
_NAME_RIGHT_MM: Final = (0.3, 2.0)
_NAME_AWAY_MM: Final = (2.0, 7.0)
_MOST_AWAY: Final = 0.3  # of the way from one row to the next


def header(style: PlotStyle, rng: np.random.Generator) -> list[Text]:
    """A title, or blocks of lines beside each other, at the top of the page."""
    size = style.words_pt * MM_PER_PT
    if style.header == "title":
        return [Text(str(rng.choice(_TITLES)), style.margin_mm, style.margin_mm, _TITLE_SIZE * size, FONT)]
    texts, left = [], style.margin_mm
    for lines in header_blocks(rng) if style.header == "blocks" else ():
        block = [
            Text(words, left, style.margin_mm + number * LINE_STEP * size, size, FONT)
            for number, words in enumerate(lines)
        ]
        texts += block
        left = max(_right_mm(text, style.dpi) for text in block) + float(rng.uniform(*_BETWEEN_BLOCKS_MM))
    return texts


def footer(style: PlotStyle, height_mm: float, speed_mm_s: float, gain_mm_mv: float, rng: np.random.Generator) -> Text:
    """Speed and gain at the bottom of the page."""
    size = style.words_pt * MM_PER_PT
    top = height_mm - style.margin_mm - LINE_STEP * size
    return Text(scale_words(speed_mm_s, gain_mm_mv, rng), style.margin_mm, top, size, FONT)


def named(rows: Sequence[Row], frame: Frame, style: PlotStyle, before_mm: float, rng: np.random.Generator) -> list[Row]:
    """Rows with their names, all at the same place at the beginning of their segments, or ``before_mm`` before it."""
    size, font = style.name_pt * MM_PER_PT, BOLD if style.bold else FONT
    right, away = float(rng.uniform(*_NAME_RIGHT_MM)), float(rng.uniform(*_NAME_AWAY_MM))
    away = min(away, 2 * _MOST_AWAY * frame.row_reach_mm)
    right, down = {"above": (right, -away - size), "below": (right, away), "before": (-before_mm, -0.6 * size)}[
        style.name_place
    ]
    return [
        replace(row, name=Text(row.lead, row.left_mm + right, frame.zero_mm[row.row] + down, size, font))
        for row in rows
    ]


def bars(layout: Layout, frame: Frame, style: PlotStyle) -> tuple[np.ndarray, ...]:
    """Lines between the columns, across each row that has several."""
    if style.separator == "none":
        return ()
    reach = _REACH_MM[style.separator]
    return tuple(
        np.array([[frame.column_left(column), zero - reach], [frame.column_left(column), zero + reach]])
        for column in range(1, layout.columns)
        for zero in frame.zero_mm[: len(layout.rows)]
    )


def _right_mm(text: Text, dpi: int) -> float:
    return float(text.box_mm(dpi / 25.4)[:, 0].max())
