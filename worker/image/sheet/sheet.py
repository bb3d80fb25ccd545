"""A sheet of several leads: from the paper's squares to a calibrated curve for each lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from worker.ecg.leads import STANDARD_LEADS
from worker.image.sheet.blanks import blank_before_mm, blanks_between, layout_by_blanks, without_blanks
from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.edges import rows_without_edges
from worker.image.sheet.ink import curve_ink
from worker.image.sheet.leads import Part, layout_less, layout_of
from worker.image.sheet.missed_rows import missed_rows
from worker.image.sheet.names_placed import NameSeen, Row
from worker.image.sheet.off_ink import off_ink
from worker.image.sheet.other_ink import other_ink
from worker.image.sheet.paper_map import FlatPaper, PaperMap, flattened
from worker.image.sheet.row_reader import PX_PER_MM, darkness_channels
from worker.image.sheet.rows import RowTrace, rows_traced
from worker.image.sheet.rows_read import ReadsRows, RowRead, rows_read
from worker.image.sheet.separators import without_separators
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM
from worker.image.sheet.sign_reader import SignSeen
from worker.image.sheet.strip_names import with_strip_names
from worker.image.sheet.words import rows_of_words

_MOST_NAMED: Final = 0.5  # of the rows, where columns are looked for that names do not tell of: one may be misread
_LETTERS_MM: Final = (2.0, 1.5)  # half of a name across and down, at least


class ReadsSigns(Protocol):
    def read(self, darkness: np.ndarray) -> Sequence[SignSeen]: ...


class ReadsScales(Protocol):
    def read(self, signs: Sequence[SignSeen], rgb: np.ndarray, flat: FlatPaper) -> tuple[SignSeen, ...]: ...


@dataclass(frozen=True, slots=True)
class Readers:
    """The networks that read sheets."""

    rows: ReadsRows
    signs: ReadsSigns
    scales: ReadsScales


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
    perhaps: tuple[RowTrace, ...] = ()  # rows that have to be there, but were not followed


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
    rows = rows_without_edges(rows_traced(ink, COARSE_PX_PER_MM), flat)
    return CoarseSheet(flat, ink, darkness, seen, rows, missed_rows(rows, ink))


def read_sheet(rgb: np.ndarray, coarse: CoarseSheet, readers: Readers) -> Sheet:
    """Read all rows of a sheet, and what it says of their scales.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
        The picture that the sheet's paper was found in.
    coarse : CoarseSheet
    readers : Readers
    """
    paper = coarse.flat.paper
    line_mm = _line_mm(paper)
    fine = flattened(rgb, paper, px_per_line=(line_mm * PX_PER_MM[0], line_mm * PX_PER_MM[1]))
    darkness = darkness_channels(fine.rgb, fine.seen)
    rows = rows_read((*coarse.rows, *coarse.perhaps), darkness, readers.rows)
    scale = PX_PER_MM[0] / COARSE_PX_PER_MM
    rests_mm = tuple(row.rest_px / PX_PER_MM[1] for row in rows)
    placed = [
        Row(rest_mm * COARSE_PX_PER_MM, row.first / scale, row.last / scale)
        for rest_mm, row in zip(rests_mm, rows, strict=True)
    ]
    heights = [row.height_px for row in rows]
    layout = layout_of(placed, _uncut(names_of(coarse.signs), coarse.flat.seen), COARSE_PX_PER_MM)
    names = {part.row: part.lead for part in layout.parts if part.lead}
    if len(names) <= _MOST_NAMED * len(rows) and not any(part.column for part in layout.parts):
        layout = layout_by_blanks(placed, heights, scale, [names.get(at) for at in range(len(rows))]) or layout
    left = min((row.first for row in rows), default=0)
    blanks = blanks_between(layout.parts, heights, scale)
    curves = [
        _curve(part, rows[part.row], left + PX_PER_MM[0] * blank_before_mm(part.column, blanks), darkness, coarse)
        for part in without_blanks(layout.parts, blanks, scale)
    ]
    gray = darkness.mean(axis=2)
    curves = without_separators(curves, gray)
    sheet = _without_words(Sheet(layout.name, tuple(curves), rests_mm, coarse.signs, fine, gray))
    signs = readers.scales.read(coarse.signs, rgb, coarse.flat)
    return replace(sheet, curves=with_strip_names(sheet.curves), signs=signs)


def _without_words(sheet: Sheet) -> Sheet:
    words = rows_of_words(sheet.curves, sheet.rests_mm, sheet.signs, sheet.darkness)
    if not words:
        return sheet
    kept = sorted({curve.row for curve in sheet.curves} - words)
    left_mm = min((curve.start_mm for curve in sheet.curves if curve.row in kept), default=0.0)
    curves = tuple(
        replace(curve, row=kept.index(curve.row), start_mm=curve.start_mm - left_mm)
        for curve in sheet.curves
        if curve.row in kept
    )
    return replace(
        sheet,
        layout=layout_less(sheet.layout, len(words)),
        curves=curves,
        rests_mm=tuple(sheet.rests_mm[row] for row in kept),
    )


def names_of(signs: Sequence[SignSeen]) -> list[NameSeen]:
    """Those signs that are names of leads."""
    return [
        NameSeen(sign.sign, sign.x, sign.y, sign.score, sign.or_else) for sign in signs if sign.sign in STANDARD_LEADS
    ]


def _uncut(names: Sequence[NameSeen], seen: np.ndarray) -> list[NameSeen]:
    """Without those that the picture's edge may cut: half of a V3 looks like a V2."""
    return [name for name in names if _is_inside(name, seen)]


def _is_inside(name: NameSeen, seen: np.ndarray) -> bool:
    height, width = seen.shape
    (left, right), (top, bottom) = (
        (round(at - half_mm * COARSE_PX_PER_MM), round(at + half_mm * COARSE_PX_PER_MM))
        for at, half_mm in zip((name.x, name.y), _LETTERS_MM, strict=True)
    )
    is_on_page = left >= 0 and top >= 0 and right < width and bottom < height
    return is_on_page and bool(seen[top : bottom + 1, left : right + 1].all())


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


def _curve(part: Part, row: RowRead, left: float, darkness: np.ndarray, coarse: CoarseSheet) -> LeadCurve:
    scale = PX_PER_MM[0] / COARSE_PX_PER_MM
    first, last = round(part.left * scale), round(part.right * scale)
    height = row.height_px[first:last]
    flat_px = np.stack([np.arange(first, first + height.size) + 0.5, height], axis=1)
    covered = other_ink(darkness, flat_px)
    on_coarse = flat_px * COARSE_PX_PER_MM / np.array(PX_PER_MM)
    height = np.where(covered | off_ink(coarse.ink, on_coarse, darkness, flat_px), np.nan, height)
    flat_px[:, 1] = height
    rest = float(np.nanmedian(height)) if np.isfinite(height).any() else 0.0
    return LeadCurve(
        lead=part.lead,
        source=part.source,
        row=part.row,
        column=part.column,
        start_mm=(first - left) / PX_PER_MM[0],
        height_mm=(rest - height) / PX_PER_MM[1],
        certainty=float(row.read.certainty[first:last].mean()) if height.size else 0.0,
        flat_px=flat_px,
        covered=covered,
    )
