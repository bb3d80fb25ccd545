"""Columns of a sheet that stand apart: they follow each other in time all the same, the blank between them is none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
from scipy import ndimage

from worker.ecg.leads import STANDARD_LEADS
from worker.image.sheet.columns import COLUMNS, rows_of_twelve
from worker.image.sheet.leads import Layout, Part
from worker.image.sheet.names_placed import Row
from worker.image.sheet.row_reader import PX_PER_MM

_NEAR_MM: Final = 5.0  # from where a column is thought to begin
_LEAST_MM: Final = 0.7
_SHRED_MM: Final = 0.5  # of a letter in the blank, read as a curve
_SHARE: Final = 0.6  # of the rows, and of the places between columns
_LEAST_ROWS: Final = 2

Blanks = Mapping[int, tuple[int, int]]  # of the column behind it: first blank pixel, and the one after the last


def blanks_between(parts: Sequence[Part], heights: Sequence[np.ndarray], scale: float) -> Blanks:
    """Where most rows together show nothing between two columns; empty unless between most columns.

    Parameters
    ----------
    parts : sequence of Part
    heights : sequence of ndarray, shape (width,)
        Of each row, NaN where no curve is seen.
    scale : float
        Pixels of ``heights`` in one of ``parts``.
    """
    behind = range(1, 1 + max((part.column for part in parts), default=0))
    runs = {column: _blank_near([p for p in parts if p.column == column], heights, scale) for column in behind}
    blanks = {column: run for column, run in runs.items() if run is not None}
    return blanks if blanks and len(blanks) >= _SHARE * len(behind) else {}


def layout_by_blanks(
    rows: Sequence[Row], heights: Sequence[np.ndarray], scale: float, leads: Sequence[str | None]
) -> Layout | None:
    """Rows of several leads that stand apart, and rows of one lead that run through; None where columns do not.

    Parameters as of ``blanks_between``, and the ``leads`` whose names are printed, one for each row: that of a row that
    runs through, or of a first column in the standard order.
    """
    for columns in COLUMNS:
        parts = [_equal_parts(number, row, columns) for number, row in enumerate(rows)]
        apart = _rows_apart([_stand_apart(of_row, heights, scale) for of_row in parts], columns)
        together = [part for number in apart for part in parts[number]]
        if len(apart) >= _LEAST_ROWS and blanks_between(together, heights, scale):
            whole = len(rows) - len(apart)
            kept = [
                [_named(parts[at][0], _if_first(lead, at - apart.start)), *parts[at][1:]]
                if at in apart
                else [_named(_equal_parts(at, row, 1)[0], lead)]
                for at, (row, lead) in enumerate(zip(rows, leads, strict=True))
            ]
            name = f"{len(apart)}x{columns}" + (f"+{whole}" if whole else "")
            return Layout(name, tuple(part for of_row in kept for part in of_row))
    return None


def _rows_apart(seem_apart: Sequence[bool], columns: int) -> range:
    """Of the rows that twelve leads take, those from the first to the last that stand apart."""
    rows = rows_of_twelve(seem_apart, columns)
    found = [at for at in rows if seem_apart[at]]
    return range(found[0], found[-1] + 1) if 2 * len(found) >= max(1, len(rows)) else range(0)


def _equal_parts(number: int, row: Row, columns: int) -> list[Part]:
    limits = np.linspace(row.left, row.right, columns + 1)
    return [
        Part(number, column, float(left), float(right), None, None)
        for column, (left, right) in enumerate(pairwise(limits))
    ]


def _if_first(lead: str | None, place: int) -> str | None:
    """A name where the standard order has it in a first column."""
    return lead if lead == STANDARD_LEADS[place] else None


def _named(part: Part, lead: str | None) -> Part:
    return replace(part, lead=lead, source="printed" if lead else None)


def _stand_apart(parts: Sequence[Part], heights: Sequence[np.ndarray], scale: float) -> bool:
    blank = [_blank_near([part], heights, scale) is not None for part in parts[1:]]
    return float(np.mean(blank)) >= _SHARE


def _blank_near(beginning: Sequence[Part], heights: Sequence[np.ndarray], scale: float) -> tuple[int, int] | None:
    if not beginning:
        return None
    at, near = round(scale * float(np.median([part.left for part in beginning]))), round(_NEAR_MM * PX_PER_MM[0])
    first = max(0, at - near)
    nothing = np.mean([_blank(heights[part.row][first : at + near]) for part in beginning], axis=0) >= _SHARE
    runs, count = ndimage.label(nothing)
    if count == 0:
        return None
    longest = np.flatnonzero(runs == 1 + np.argmax(np.bincount(runs[runs > 0])[1:]))
    if longest.size < _LEAST_MM * PX_PER_MM[0]:
        return None
    return first + int(longest[0]), first + int(longest[-1]) + 1


def _blank(height: np.ndarray) -> np.ndarray:
    return np.asarray(ndimage.binary_closing(np.isnan(height), np.ones(1 + round(_SHRED_MM * PX_PER_MM[0]))))


def without_blanks(parts: Sequence[Part], blanks: Blanks, scale: float) -> list[Part]:
    """Parts without the blanks at their ends; a row of one lead has none."""
    rows = {part.row for part in parts if part.column}
    return [_without(part, blanks, scale) if part.row in rows else part for part in parts]


def _without(part: Part, blanks: Blanks, scale: float) -> Part:
    _, left = blanks.get(part.column, (0, part.left * scale))
    right, _ = blanks.get(part.column + 1, (part.right * scale, 0))
    return replace(part, left=left / scale, right=right / scale) if left < right else part


def blank_before_mm(column: int, blanks: Blanks) -> float:
    """How much of the way to a column is blank; as much as usual where it was not seen."""
    widths = {behind: last - first for behind, (first, last) in blanks.items()}
    usual = float(np.median(list(widths.values()))) if widths else 0.0
    return sum(widths.get(behind, usual) for behind in range(1, column + 1)) / PX_PER_MM[0]
