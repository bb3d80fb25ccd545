"""A sheet of several leads: from the paper's squares to a calibrated curve for each lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from worker.ecg.leads import STANDARD_LEADS
from worker.image.sheet.ink import curve_ink
from worker.image.sheet.leads import NameSeen, Part, Row, Source, layout_of
from worker.image.sheet.paper_map import FlatPaper, PaperMap, flattened
from worker.image.sheet.row_reader import BAND_PX, PX_PER_MM, ReadRow, darkness_channels
from worker.image.sheet.rows import RowTrace, rows_traced
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM
from worker.image.sheet.sign_reader import SignSeen

_LEAST_SURE: Final = 0.5  # of a row's columns that show a curve


class ReadsRows(Protocol):
    def read(self, band: np.ndarray) -> ReadRow: ...


class ReadsSigns(Protocol):
    def read(self, darkness: np.ndarray) -> Sequence[SignSeen]: ...


@dataclass(frozen=True, slots=True)
class Readers:
    """The networks that read sheets."""

    rows: ReadsRows
    signs: ReadsSigns


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
    """``rests_mm`` are the rows' resting levels from the upper edge; signs are in pixels of the coarse flat picture."""

    layout: str
    curves: tuple[LeadCurve, ...]
    rests_mm: tuple[float, ...]
    signs: tuple[SignSeen, ...]
    flat: FlatPaper
    darkness: np.ndarray  # of the flat picture, float32 [height, width]

    def in_picture(self, flat_px: np.ndarray) -> np.ndarray:
        """Points of the flat picture in pixels of the picture, shape (n, 2)."""
        return self.flat.in_picture(flat_px)


def coarse_flat(rgb: np.ndarray, paper: PaperMap) -> FlatPaper:
    """The sheet at the scale at which rows are followed and signs are read."""
    return flattened(rgb, paper, px_per_line=_line_mm(paper) * COARSE_PX_PER_MM)


def read_sheet(
    rgb: np.ndarray, paper: PaperMap, readers: Readers, told_leads: Mapping[str, str] | None = None
) -> Sheet:
    """Read all rows of a sheet.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
        The picture that ``paper`` was found in.
    paper : PaperMap
        With ``line_mm`` told.
    readers : Readers
    told_leads : mapping of str to str, optional
        Names by place, ``"row.column"``.
    """
    line_mm = _line_mm(paper)
    coarse = coarse_flat(rgb, paper)
    rows = rows_traced(curve_ink(coarse), COARSE_PX_PER_MM)
    signs = tuple(readers.signs.read(darkness_channels(coarse.rgb, coarse.seen)))
    fine = flattened(rgb, paper, px_per_line=(line_mm * PX_PER_MM[0], line_mm * PX_PER_MM[1]))
    darkness = darkness_channels(fine.rgb, fine.seen)
    read = [(row, *_row_read(row, darkness, readers.rows)) for row in rows]
    ends = [_ends(row_read) for _, row_read, _ in read]
    kept = [(*parts, end) for parts, end in zip(read, ends, strict=True) if end is not None]
    scale = PX_PER_MM[0] / COARSE_PX_PER_MM
    placed = [Row(row.rest_px, end[0] / scale, end[1] / scale) for row, _, _, end in kept]
    layout = layout_of(placed, names_of(signs), COARSE_PX_PER_MM)
    left = min((end[0] for *_, end in kept), default=0)
    parts = [_told(part, told_leads or {}) for part in layout.parts]
    curves = tuple(_curve(part, kept[part.row][1], kept[part.row][2], left, scale) for part in parts)
    rests_mm = tuple(row.rest_px / COARSE_PX_PER_MM for row, *_ in kept)
    return Sheet(layout.name, curves, rests_mm, signs, fine, darkness.mean(axis=2))


def names_of(signs: Sequence[SignSeen]) -> list[NameSeen]:
    """Those signs that are names of leads."""
    return [NameSeen(sign.sign, sign.x, sign.y, sign.score) for sign in signs if sign.sign in STANDARD_LEADS]


def _line_mm(paper: PaperMap) -> float:
    if paper.line_mm is None:
        raise ValueError("paper: expected lines whose millimetres are known. Received: line_mm None")
    return paper.line_mm


def _told(part: Part, told: Mapping[str, str]) -> Part:
    place = f"{part.row}.{part.column}"
    if place not in told:
        return part
    return Part(part.row, part.column, part.left, part.right, told[place] or None, "user")


def _row_read(row: RowTrace, darkness: np.ndarray, reader: ReadsRows) -> tuple[ReadRow, int]:
    """What the network sees of a row, and the upper edge of its band."""
    middle = (row.rest_px + 0.5) * PX_PER_MM[1] / COARSE_PX_PER_MM
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
