"""A sheet of several leads: from the paper's squares to a calibrated curve for each lead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Protocol

import cv2
import numpy as np
from scipy import ndimage

from worker.ecg.leads import STANDARD_LEADS
from worker.image.sheet.curve import LeadCurve, restlessness
from worker.image.sheet.ink import curve_ink
from worker.image.sheet.leads import NameSeen, Part, Row, layout_less, layout_of
from worker.image.sheet.other_ink import other_ink
from worker.image.sheet.paper_map import FlatPaper, PaperMap, flattened
from worker.image.sheet.quality import curve_quality
from worker.image.sheet.row_reader import BAND_PX, PX_PER_MM, ReadRow, darkness_channels
from worker.image.sheet.rows import RowTrace, rows_traced
from worker.image.sheet.sign_reader import GAINS, SPEEDS, SignSeen
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM

_LEAST_FROM_EDGE_MM: Final = 1.0
_LEAST_BLANK_MM: Final = 1.0
_LEAST_NAMELESS: Final = 88  # of quality, among rows with names
_LEAST_OF_ALL: Final = 60
_SAME_LINE_MM: Final = 4.0
_LEAST_SURE: Final = 0.5  # of a row's columns that show a curve
_LEAST_HEIGHT_MM: Final = 0.5
_HIGHEST_WORDS_MM: Final = 6.0
_WORDS_STEP_MM: Final = 0.12  # from one column to the next, median
_WIDEST_GAP_MM: Final = 4.0
_LEAST_PIECE: Final = 0.12  # of the longest
_STROKE_SHARE: Final = 0.5  # of the longest row
_STROKE_STEP_MM: Final = 0.4
_ROWS_TO_COMPARE: Final = 3
_TWIN_MM: Final = 0.5
_TWIN_SHARE: Final = 0.5  # of the columns that the shorter shows
_SURE: Final = 0.85  # edges of paper were read with 0.67 to 0.80
_ALIGNED_MM: Final = 5.0
_TOGETHER_MM: Final = 1.0
_BEYOND_MM: Final = 3.0
_MOST: Final = 0.6  # of the rows
_REACH_MM: Final = 21.0  # of waves in a band as it is
_MOST_SQUEEZED: Final = 0.4


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
class Sheet:
    """``rests_mm`` are the rows' resting levels from the upper edge; signs are in pixels of the coarse flat picture."""

    layout: str
    curves: tuple[LeadCurve, ...]
    rests_mm: tuple[float, ...]
    signs: tuple[SignSeen, ...]
    flat: FlatPaper
    darkness: np.ndarray  # of the flat picture, float32 [height, width]


@dataclass(frozen=True, slots=True, eq=False)
class CoarseSheet:
    """The sheet at the scale at which rows are followed and signs are read."""

    flat: FlatPaper
    ink: np.ndarray  # how likely each pixel is ink of a curve, 0 to 1
    darkness: np.ndarray  # in red, green and blue
    signs: tuple[SignSeen, ...]
    rows: tuple[RowTrace, ...]


def coarse_sheet(rgb: np.ndarray, paper: PaperMap, signs: ReadsSigns) -> CoarseSheet:
    """Flatten a picture on its paper's squares and read the signs as if it were upright.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
        The picture that ``paper`` was found in.
    paper : PaperMap
        With ``line_mm`` told.
    signs : ReadsSigns
    """
    flat = flattened(rgb, paper, px_per_line=_line_mm(paper) * COARSE_PX_PER_MM)
    darkness = darkness_channels(flat.rgb, flat.seen)
    ink, seen = curve_ink(flat), tuple(signs.read(darkness))
    rows = [row for row in rows_traced(ink, COARSE_PX_PER_MM) if not _is_edge(row, flat.seen)]
    return CoarseSheet(flat, ink, darkness, seen, tuple(rows))


def _is_edge(row: RowTrace, seen: np.ndarray) -> bool:
    """Whether a row rests where the picture ends: the table beside the paper, or a scanner's lid."""
    shown = seen[:, row.trace.left : row.right]
    first, last = shown.argmax(axis=0), len(shown) - shown[::-1].argmax(axis=0)
    away = np.minimum(row.rest_px - first, last - row.rest_px)
    return bool(np.median(away[shown.any(axis=0)]) < _LEAST_FROM_EDGE_MM * COARSE_PX_PER_MM)


def read_sheet(rgb: np.ndarray, coarse: CoarseSheet, reader: ReadsRows) -> Sheet:
    """Read all rows of a sheet.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
        The picture that the sheet's paper was found in.
    coarse : CoarseSheet
    reader : ReadsRows
    """
    paper = coarse.flat.paper
    line_mm = _line_mm(paper)
    fine = flattened(rgb, paper, px_per_line=(line_mm * PX_PER_MM[0], line_mm * PX_PER_MM[1]))
    darkness = darkness_channels(fine.rgb, fine.seen)
    read = [(row, *_row_read(row, _share_that_fits(row, coarse.rows), darkness, reader)) for row in coarse.rows]
    ends = [_ends(row_read) for _, row_read, _ in read]
    shown = [(*parts, end) for parts, end in zip(read, ends, strict=True) if end is not None]
    kept = _ending_together(_without_frame(_without_strokes(_without_twins(shown))))
    scale = PX_PER_MM[0] / COARSE_PX_PER_MM
    placed = [Row(row.rest_px, end[0] / scale, end[1] / scale) for row, _, _, end in kept]
    layout = layout_of(placed, names_of(coarse.signs), COARSE_PX_PER_MM)
    left = min((end[0] for *_, end in kept), default=0)
    curves = _without_gaps(
        [_curve(part, kept[part.row][1], kept[part.row][2], left, scale, darkness) for part in layout.parts]
    )
    rests_mm = tuple(row.rest_px / COARSE_PX_PER_MM for row, *_ in kept)
    return _without_words(Sheet(layout.name, curves, rests_mm, coarse.signs, fine, darkness.mean(axis=2)))


RowRead = tuple[RowTrace, ReadRow, int, tuple[int, int]]  # and the upper edge of its band, and its ends


def _without_twins(rows: Sequence[RowRead]) -> list[RowRead]:
    """Each curve once: a line beside it, such as of a pen, may have been followed until it was lost for the curve."""
    by_length = sorted(rows, key=lambda row: np.isfinite(row[1].height_px).sum(), reverse=True)
    first = [row for at, row in enumerate(by_length) if not any(_same(row, other) for other in by_length[:at])]
    return sorted(first, key=lambda row: row[0].rest_px)


def _same(shorter: RowRead, longer: RowRead) -> bool:
    (_, one, one_top, _), (_, other, other_top, _) = shorter, longer
    apart_mm = np.abs(one.height_px + one_top - other.height_px - other_top) / PX_PER_MM[1]
    return float((apart_mm < _TWIN_MM).sum()) >= _TWIN_SHARE * float(np.isfinite(one.height_px).sum())


def _without_strokes(rows: Sequence[RowRead]) -> list[RowRead]:
    """Without what is far shorter than other rows and nowhere steep: a line that someone drew."""
    lengths = [last - first for *_, (first, last) in rows]
    short = [length < _STROKE_SHARE * max(lengths) for length in lengths]
    return [row for row, is_short in zip(rows, short, strict=True) if not is_short or _steepest(row) > _STROKE_STEP_MM]


def _steepest(row: RowRead) -> float:
    """Millimetres from one column to the next."""
    _, read, _, (first, last) = row
    return float(np.nanmax(np.abs(np.diff(read.height_px[first:last])), initial=0.0)) / PX_PER_MM[1]


def _without_frame(rows: Sequence[RowRead]) -> list[RowRead]:
    """Without what is read with doubt above or below all rows that begin or end together: edges of the paper."""
    if len(rows) < _ROWS_TO_COMPARE:
        return list(rows)
    ends = np.array([end for *_, end in rows])
    aligned = (np.abs(ends - np.median(ends, axis=0)) < _ALIGNED_MM * PX_PER_MM[0]).any(axis=1)
    first, last = (int(at) for at in np.flatnonzero(aligned)[[0, -1]]) if aligned.any() else (0, len(rows) - 1)
    return [row for at, row in enumerate(rows) if first <= at <= last or _is_sure(row)]


def _ending_together(rows: Sequence[RowRead]) -> list[RowRead]:
    """Where most rows begin or end together, so do all: what is followed beyond that is a pulse, or a pen."""
    if len(rows) < _ROWS_TO_COMPARE:
        return list(rows)
    ends = np.array([end for *_, end in rows])
    usual = np.median(ends, axis=0)
    told = (np.abs(ends - usual) < _TOGETHER_MM * PX_PER_MM[0]).mean(axis=0) >= _MOST
    first = np.where(told[0] & (ends[:, 0] < usual[0] - _BEYOND_MM * PX_PER_MM[0]), usual[0], ends[:, 0])
    last = np.where(told[1] & (ends[:, 1] > usual[1] + _BEYOND_MM * PX_PER_MM[0]), usual[1], ends[:, 1])
    return [(*row[:-1], (int(a), int(b))) for row, a, b in zip(rows, first, last, strict=True)]


def _is_sure(row: RowRead) -> bool:
    _, read, _, (first, last) = row
    return float(read.certainty[first:last].mean()) >= _SURE


def _without_gaps(curves: Sequence[LeadCurve]) -> tuple[LeadCurve, ...]:
    """Columns that stand apart follow each other in time all the same: the blank between them is none."""
    blanks = [
        (_blank(one.height_mm[::-1]) + _blank(other.height_mm)) / PX_PER_MM[0]
        for one, other in pairwise(curves)
        if one.row == other.row
    ]
    blank_mm = float(np.median(blanks)) if blanks else 0.0
    if blank_mm < _LEAST_BLANK_MM:
        return tuple(curves)
    return tuple(replace(curve, start_mm=curve.start_mm - curve.column * blank_mm) for curve in curves)


def _blank(height_mm: np.ndarray) -> int:
    """How many samples at the beginning show nothing."""
    seen = np.flatnonzero(np.isfinite(height_mm))
    return int(seen[0]) if seen.size else 0


def _without_words(sheet: Sheet) -> Sheet:
    """The sheet without rows that follow printed words: poorly read, and nameless among names."""
    rows = {curve.row for curve in sheet.curves}
    named = {curve.row for curve in sheet.curves if curve.lead}
    least = _LEAST_NAMELESS if named else _LEAST_OF_ALL
    best = {row: max(curve_quality(sheet.darkness, c) for c in sheet.curves if c.row == row) for row in rows - named}
    poor = {row for row, quality in best.items() if quality < least or _is_printed(sheet.rests_mm[row], sheet.signs)}
    if not poor:
        return sheet
    kept = sorted(rows - poor)
    left_mm = min((curve.start_mm for curve in sheet.curves if curve.row in kept), default=0.0)
    curves = tuple(
        replace(curve, row=kept.index(curve.row), start_mm=curve.start_mm - left_mm)
        for curve in sheet.curves
        if curve.row in kept
    )
    return replace(
        sheet,
        layout=layout_less(sheet.layout, len(poor)),
        curves=curves,
        rests_mm=tuple(sheet.rests_mm[row] for row in kept),
    )


def _is_printed(rest_mm: float, signs: Sequence[SignSeen]) -> bool:
    """Whether speed or gain stand on a row's resting level."""
    scales = (sign.y / COARSE_PX_PER_MM for sign in signs if sign.sign in SPEEDS or sign.sign in GAINS)
    return any(abs(rest_mm - at) < _SAME_LINE_MM for at in scales)


def between(sheet: Sheet, left_px: float, right_px: float) -> Sheet:
    """The sheet with what its curves show between two columns of the flat picture."""
    curves = []
    for curve in sheet.curves:
        inside = np.flatnonzero((curve.flat_px[:, 0] >= left_px) & (curve.flat_px[:, 0] <= right_px))
        if inside.size:
            curves.append(_part_of(curve, int(inside[0]), int(inside[-1]) + 1))
    return replace(sheet, curves=tuple(curves))


def with_columns(sheet: Sheet, columns: Sequence[int]) -> Sheet:
    """The sheet with its rows cut into so many equal parts each; nobody knows the leads of what is cut."""
    curves = [part for curve, count in zip(sheet.curves, columns, strict=True) for part in _cut(curve, count)]
    most = max(columns)
    whole = sum(count == 1 for count in columns)
    layout = f"{len(columns) - whole}x{most}" + (f"+{whole}" if whole else "")
    return replace(sheet, layout=layout, curves=tuple(curves))


def _cut(curve: LeadCurve, columns: int) -> Iterator[LeadCurve]:
    if columns == 1:
        yield curve
        return
    limits = np.round(np.linspace(0, curve.height_mm.size, columns + 1)).astype(int)
    for column, (first, last) in enumerate(pairwise(limits)):
        yield replace(_part_of(curve, first, last), lead=None, source=None, column=column)


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


def names_of(signs: Sequence[SignSeen]) -> list[NameSeen]:
    """Those signs that are names of leads."""
    return [
        NameSeen(sign.sign, sign.x, sign.y, sign.score, sign.or_else) for sign in signs if sign.sign in STANDARD_LEADS
    ]


def _line_mm(paper: PaperMap) -> float:
    if paper.line_mm is None:
        raise ValueError("paper: expected lines whose millimetres are known. Received: line_mm None")
    return paper.line_mm


def with_names(sheet: Sheet, told: Mapping[str, str]) -> Sheet:
    """The sheet with the names that a person gave to places, ``"row.column"``; an empty one is unknown."""
    return replace(sheet, curves=tuple(_told(curve, told) for curve in sheet.curves))


def _told(curve: LeadCurve, told: Mapping[str, str]) -> LeadCurve:
    place = f"{curve.row}.{curve.column}"
    return replace(curve, lead=told[place] or None, source="user") if place in told else curve


def _row_read(row: RowTrace, share: float, darkness: np.ndarray, reader: ReadsRows) -> tuple[ReadRow, int]:
    """What the network sees of a row, and the upper edge of its band; waves too high for a band are read squeezed."""
    middle = (row.rest_px + 0.5) * PX_PER_MM[1] / COARSE_PX_PER_MM
    height = round(BAND_PX / share)
    top = round(middle) - height // 2
    above, below = max(0, -top), max(0, top + height - len(darkness))
    band = np.pad(darkness[max(0, top) : top + height], ((above, below), (0, 0), (0, 0)))
    if height == BAND_PX:
        return reader.read(band), top
    read = reader.read(cv2.resize(band, (band.shape[1], BAND_PX), interpolation=cv2.INTER_AREA))
    return replace(read, height_px=read.height_px * height / BAND_PX), top


def _share_that_fits(row: RowTrace, rows: Sequence[RowTrace]) -> float:
    """By how much a row is squeezed so that its waves stay within the band; what reaches other rows may be theirs."""
    apart_mm = [abs(row.rest_px - other.rest_px) / COARSE_PX_PER_MM for other in rows if other is not row]
    reach_mm = float(np.abs(row.trace.y - row.rest_px).max()) / COARSE_PX_PER_MM
    if reach_mm > min(apart_mm, default=np.inf):
        return 1.0
    return float(np.clip(_REACH_MM / max(reach_mm, _REACH_MM), _MOST_SQUEEZED, 1))


def _ends(read: ReadRow) -> tuple[int, int] | None:
    """First column of the curve and the one after its last, or None where the row is no curve.

    Shreds beyond a wide gap, such as of letters, do not belong to it.
    """
    shown = ~np.isnan(read.height_px)
    pieces, count = ndimage.label(ndimage.binary_closing(shown, iterations=round(_WIDEST_GAP_MM / 2 * PX_PER_MM[0])))
    if count == 0:
        return None
    columns = np.bincount(pieces[shown], minlength=count + 1)[1:]
    belongs = np.flatnonzero(columns >= _LEAST_PIECE * columns.max()) + 1
    seen = np.flatnonzero(shown & np.isin(pieces, belongs))
    first, last = int(seen[0]), int(seen[-1]) + 1
    height_mm = read.height_px[first:last] / PX_PER_MM[1]
    if seen.size < _LEAST_SURE * (last - first) or _is_no_curve(height_mm):
        return None
    return first, last


def _is_no_curve(height_mm: np.ndarray) -> bool:
    """Whether it is a line of the paper, which is stiller than any heart, or printed words, which are never at rest."""
    low, high = np.nanquantile(height_mm, [0.01, 0.99])
    steps = np.abs(np.diff(height_mm))
    words = high - low < _HIGHEST_WORDS_MM and np.nanmedian(steps) > _WORDS_STEP_MM
    return bool(high - low < _LEAST_HEIGHT_MM or words or restlessness(height_mm) == 1)


def _curve(part: Part, read: ReadRow, top: int, left: int, scale: float, darkness: np.ndarray) -> LeadCurve:
    first, last = round(part.left * scale), round(part.right * scale)
    height = read.height_px[first:last]
    columns = np.arange(first, first + height.size) + 0.5
    covered = other_ink(darkness, np.stack([columns, height + top], axis=1))
    height = np.where(covered, np.nan, height)
    rest = float(np.nanmedian(height)) if np.isfinite(height).any() else 0.0
    return LeadCurve(
        lead=part.lead,
        source=part.source,
        row=part.row,
        column=part.column,
        start_mm=(first - left) / PX_PER_MM[0],
        height_mm=(rest - height) / PX_PER_MM[1],
        certainty=float(read.certainty[first:last].mean()) if height.size else 0.0,
        flat_px=np.stack([columns, height + top], axis=1),
        covered=covered,
    )
