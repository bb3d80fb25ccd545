"""Parts of a sheet's rows: what lies between two columns, and rows of several leads one beside the other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.row_reader import PX_PER_MM
from worker.image.sheet.separators import without_separators
from worker.image.sheet.sheet import Sheet


def between(sheet: Sheet, left_px: float, right_px: float) -> Sheet:
    """The sheet with what its curves show between two columns of the flat picture."""
    curves = []
    for curve in sheet.curves:
        inside = np.flatnonzero((curve.flat_px[:, 0] >= left_px) & (curve.flat_px[:, 0] <= right_px))
        if inside.size:
            curves.append(_part_of(curve, int(inside[0]), int(inside[-1]) + 1))
    return replace(sheet, curves=tuple(curves))


def with_columns(sheet: Sheet, columns: Sequence[int]) -> Sheet:
    """The sheet with its rows cut into so many equal parts each; a row's name, if it has one, is that of its first."""
    curves = [part for curve, count in zip(sheet.curves, columns, strict=True) for part in _cut(curve, count)]
    most = max(columns)
    whole = sum(count == 1 for count in columns)
    layout = f"{len(columns) - whole}x{most}" + (f"+{whole}" if whole else "")
    return replace(sheet, layout=layout, curves=tuple(without_separators(curves, sheet.darkness)))


def _cut(curve: LeadCurve, columns: int) -> Iterator[LeadCurve]:
    if columns == 1:
        yield curve
        return
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
