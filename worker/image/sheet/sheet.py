"""A sheet of several leads: from the paper's squares to a calibrated curve for each lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.image.ink import WorkCopy
from worker.image.sheet.ink import curve_ink
from worker.image.sheet.leads import NameSeen, Part, Row, Source, layout_of
from worker.image.sheet.paper_map import FlatPaper, PaperMap, flattened
from worker.image.sheet.row_reader import BAND_PX, PX_PER_MM, ReadRow, RowReader, darkness_channels
from worker.image.sheet.rows import RowTrace, rows_traced

ROWS_PX_PER_MM: Final = 5.0
_LEAST_SURE: Final = 0.5  # of a row's columns that show a curve


@dataclass(frozen=True, slots=True, eq=False)
class LeadCurve:
    """One lead's curve, ``PX_PER_MM[0]`` samples a millimetre.

    ``height_mm`` is above the row's resting level, NaN where no curve is seen.  Its first sample lies ``start_mm`` from
    the left end of the sheet's curves.  ``certainty`` is 0 to 1, mean over the samples.
    """

    lead: str | None
    source: Source | None
    row: int
    column: int
    start_mm: float
    height_mm: np.ndarray
    certainty: float
    flat_px: np.ndarray  # x and y of each sample on the flat picture, shape (n, 2)

    @property
    def gap_fraction(self) -> float:
        return float(np.isnan(self.height_mm).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    layout: str
    curves: tuple[LeadCurve, ...]
    flat: FlatPaper

    def in_picture(self, curve: LeadCurve) -> np.ndarray:
        """A curve's samples in pixels of the work copy, shape (n, 2)."""
        return self.flat.in_picture(curve.flat_px)


def read_sheet(copy: WorkCopy, paper: PaperMap, reader: RowReader, names: Sequence[NameSeen] = ()) -> Sheet:
    """Read all rows of a sheet.

    Parameters
    ----------
    copy : WorkCopy
    paper : PaperMap
        Of the work copy, with ``line_mm`` told.
    reader : RowReader
    names : sequence of NameSeen
        At ``ROWS_PX_PER_MM``.
    """
    line_mm = paper.line_mm
    if line_mm is None:
        raise ValueError("paper: expected lines whose millimetres are known. Received: line_mm None")
    coarse = flattened(copy.rgb, paper, px_per_line=line_mm * ROWS_PX_PER_MM)
    rows = rows_traced(curve_ink(coarse), ROWS_PX_PER_MM)
    fine = flattened(copy.rgb, paper, px_per_line=(line_mm * PX_PER_MM[0], line_mm * PX_PER_MM[1]))
    darkness = darkness_channels(fine.rgb, fine.seen)
    read = [(row, *_row_read(row, darkness, reader)) for row in rows]
    ends = [_ends(row_read) for _, row_read, _ in read]
    kept = [(*parts, end) for parts, end in zip(read, ends, strict=True) if end is not None]
    scale = PX_PER_MM[0] / ROWS_PX_PER_MM
    placed = [Row(row.rest_px, end[0] / scale, end[1] / scale) for row, _, _, end in kept]
    layout = layout_of(placed, names, ROWS_PX_PER_MM)
    left = min((end[0] for *_, end in kept), default=0)
    curves = tuple(_curve(part, kept[part.row][1], kept[part.row][2], left, scale) for part in layout.parts)
    return Sheet(layout.name, curves, fine)


def _row_read(row: RowTrace, darkness: np.ndarray, reader: RowReader) -> tuple[ReadRow, int]:
    """What the network sees of a row, and the upper edge of its band."""
    middle = (row.rest_px + 0.5) * PX_PER_MM[1] / ROWS_PX_PER_MM
    top = round(middle) - BAND_PX // 2
    above, below = max(0, -top), max(0, top + BAND_PX - len(darkness))
    band = np.pad(darkness[max(0, top) : top + BAND_PX], ((above, below), (0, 0), (0, 0)))
    return reader.read(band), top


def _ends(read: ReadRow) -> tuple[int, int] | None:
    """First column of the curve and the one after its last, or None where the row is no curve."""
    seen = np.flatnonzero(~np.isnan(read.height_px))
    if seen.size == 0:
        return None
    first, last = int(seen[0]), int(seen[-1]) + 1
    return (first, last) if seen.size >= _LEAST_SURE * (last - first) else None


def _curve(part: Part, read: ReadRow, top: int, left: int, scale: float) -> LeadCurve:
    first, last = round(part.left * scale), round(part.right * scale)
    height = read.height_px[first:last]
    rest = float(np.nanmedian(height)) if np.isfinite(height).any() else 0.0
    columns = np.arange(first, first + height.size) + 0.5
    return LeadCurve(
        lead=part.lead,
        source=part.source,
        row=part.row,
        column=part.column,
        start_mm=(first - left) / PX_PER_MM[0],
        height_mm=(rest - height) / PX_PER_MM[1],
        certainty=float(read.certainty[first:last].mean()) if height.size else 0.0,
        flat_px=np.stack([columns, height + top], axis=1),
    )
