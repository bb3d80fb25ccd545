"""Parts of a sheet's rows: what lies between two columns, and rows of several leads one beside the other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.row_reader import PX_PER_MM
from worker.image.sheet.separators import lines_stand_between, without_separators
from worker.image.sheet.sheet import Sheet

_FOUR: Final = 4
_ROWS_OF_FOUR: Final = 3  # of twelve leads


def between(sheet: Sheet, left_px: float, right_px: float) -> Sheet:
    """The sheet with what its curves show between two columns of the flat picture."""
    curves = []
    for curve in sheet.curves:
        inside = np.flatnonzero((curve.flat_px[:, 0] >= left_px) & (curve.flat_px[:, 0] <= right_px))
        if inside.size:
            curves.append(_part_of(curve, int(inside[0]), int(inside[-1]) + 1))
    return replace(sheet, curves=tuple(curves))


def columns_by_lines(sheet: Sheet) -> list[int]:
    """How many leads each row shows, of rows of one curve: four in three of them, where lines stand between these.

    Empty where they do not.  Two columns have one place between them, where complexes may look like a line.
    """
    curves = sheet.curves
    if len(curves) < _ROWS_OF_FOUR:
        return []
    parts = [list(_cut(curve, _FOUR)) for curve in curves]
    alone = [lines_stand_between(of_row, sheet.darkness) for of_row in parts]
    windows = [range(first, first + _ROWS_OF_FOUR) for first in range(len(curves) - _ROWS_OF_FOUR + 1)]
    likely = max(windows, key=lambda rows: sum(alone[row] for row in rows))
    together = [part for row in likely for part in parts[row]]
    if not lines_stand_between(together, sheet.darkness):
        return []
    return [_FOUR if row in likely else 1 for row in range(len(curves))]


def with_columns(sheet: Sheet, columns: Sequence[int]) -> Sheet:
    """The sheet with each curve cut into so many equal parts; its name, if it has one, is that of the first."""
    counted = list(zip(sheet.curves, columns, strict=True))
    parts = [part for curve, count in counted if count > 1 for part in _cut(curve, count)]
    as_they_are = [curve for curve, count in counted if count == 1]
    curves = sorted([*without_separators(parts, sheet.darkness), *as_they_are], key=lambda one: (one.row, one.column))
    return replace(sheet, layout=_layout_name(curves), curves=tuple(curves))


def _layout_name(curves: Sequence[LeadCurve]) -> str:
    last = {row: max(curve.column for curve in curves if curve.row == row) for row in {curve.row for curve in curves}}
    whole = sum(column == 0 for column in last.values())
    return f"{len(last) - whole}x{1 + max(last.values())}" + (f"+{whole}" if whole else "")


def _cut(curve: LeadCurve, columns: int) -> Iterator[LeadCurve]:
    limits = np.round(np.linspace(0, curve.height_mm.size, columns + 1)).astype(int)
    for column, (first, last) in enumerate(pairwise(limits)):
        lead, source = (curve.lead, curve.source) if column == 0 else (None, None)
        yield replace(_part_of(curve, first, last), lead=lead, source=source, column=column)


def _part_of(curve: LeadCurve, first: int, last: int) -> LeadCurve:
    """Some of its samples, above their own resting level."""
    height = curve.height_mm[first:last]
    rest = float(np.nanmedian(height)) if np.isfinite(height).any() else 0.0
    return replace(
        curve,
        start_mm=curve.start_mm + float(first) / PX_PER_MM[0],
        height_mm=height - rest,
        flat_px=curve.flat_px[first:last],
        covered=curve.covered[first:last],
    )
