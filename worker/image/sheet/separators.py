"""Lines that a machine prints between the columns of a sheet, or around it: what is followed along them is no curve."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy import ndimage

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.paper_map import MAJOR_MM
from worker.image.sheet.row_reader import PX_PER_MM

_NEAR_MM: Final = 2.5  # of the place where a column begins
_REACH_MM: Final = 2.25  # above and below the row: no wave goes through both, in most rows at once
_FRAME_REACH_MM: Final = (
    6.0  # where rows begin and end complexes and pulses are cut, too, which look like lines from near
)
_LONG_MM: Final = 12.0  # how far a line's ends are looked for
_ENDS_MM: Final = 1.0  # that they differ from row to row
_DOTS_PX: Final = 5  # down, of a gap between dots
_DARK: Final = 0.6  # of the curve's own ink
_OF_REACH: Final = 0.75  # the rest may be the curve itself, which goes on at both sides
_OF_ROWS: Final = 0.6
_OF_PLACES: Final = 0.6  # between columns
_LEAST_ROWS: Final = 2  # that begin or end at a line: the complex of one row may be as dark above as below
_BESIDE_MM: Final = 0.75  # what the line's blot, or a name that touches it, takes along
_LEVEL_MM: Final = 1.0  # of the curve behind it
_AWAY_MM: Final = 1.0  # from that level, where it is the line that was followed
_LETTER_MM: Final = 8.0  # the longest way through a name that hangs on the line
_JUMP_MM: Final = 1.0  # from one column to the next, out of a letter back to the curve

Line = tuple[int, int]  # first and last pixel across


def without_separators(curves: Sequence[LeadCurve], darkness: np.ndarray) -> list[LeadCurve]:
    """Curves with a gap where they leave their level for a line that stands between two columns, or at the rows' ends.

    Parameters
    ----------
    curves : sequence of LeadCurve
    darkness : ndarray of float, shape (height, width)
        Of the flat picture at the row reader's ``PX_PER_MM``.
    """
    lines = [line for line in _lines_between(curves, darkness) if line]
    frame = [_line_at_ends(curves, end, darkness) for end in (0, -1)]
    rows = {curve.row for curve in curves if curve.column}
    between = [_without(curve, lines) if curve.row in rows else curve for curve in curves]
    return [_without_ends(curve, *frame) for curve in between]


def lines_stand_between(curves: Sequence[LeadCurve], darkness: np.ndarray) -> bool:
    """Whether lines stand at most places between columns; parameters as above."""
    found = [line is not None for line in _lines_between(curves, darkness)]
    return bool(np.mean(found) >= _OF_PLACES) if found else False


def _lines_between(curves: Sequence[LeadCurve], darkness: np.ndarray) -> list[Line | None]:
    last = max((curve.column for curve in curves), default=0)
    beginning = [[curve for curve in curves if curve.column == column] for column in range(1, last + 1)]
    return [_line_near(of_column, 0, darkness, _REACH_MM) for of_column in beginning]


def _line_at_ends(curves: Sequence[LeadCurve], end: int, darkness: np.ndarray) -> Line | None:
    """The line at which rows begin (end 0) or end (end -1) together."""
    outermost = {}
    for curve in sorted(curves, key=lambda curve: curve.column, reverse=end == 0):
        outermost[curve.row] = curve
    return (
        _line_near(list(outermost.values()), end, darkness, _FRAME_REACH_MM) if len(outermost) >= _LEAST_ROWS else None
    )


def _line_near(curves: Sequence[LeadCurve], end: int, darkness: np.ndarray, reach_mm: float) -> Line | None:
    """The widest line where most of some curves begin (end 0) or end (end -1), or None."""
    seen = [curve for curve in curves if np.isfinite(curve.flat_px[:, 1]).any()]
    if not seen:
        return None
    at, near = round(float(np.median([c.flat_px[end, 0] for c in seen]))), round(_NEAR_MM * PX_PER_MM[0])
    columns = np.arange(max(0, at - near), min(darkness.shape[1], at + near + 1))
    dark = np.mean([_dark_throughout(curve, darkness, columns, reach_mm) for curve in seen], axis=0) >= _OF_ROWS
    runs, count = ndimage.label(dark)
    if count == 0:
        return None
    widest = columns[runs == 1 + np.argmax(np.bincount(runs[runs > 0])[1:])]
    return (int(widest[0]), int(widest[-1])) if _ends_alike(seen, darkness, widest) else None


def _dark_throughout(curve: LeadCurve, darkness: np.ndarray, columns: np.ndarray, reach_mm: float) -> np.ndarray:
    """Which columns are dark both above and below a curve's resting level, and darker than the paper's own lines."""
    return np.asarray(_dark_around(curve, darkness, columns, reach_mm).mean(axis=0) >= _OF_REACH)


def _dark_around(curve: LeadCurve, darkness: np.ndarray, columns: np.ndarray, reach_mm: float) -> np.ndarray:
    """Where ink as dark as the curve's lies as far above and below its resting level, bool (height, columns)."""
    seen = curve.flat_px[np.isfinite(curve.flat_px[:, 1])]
    x, y = np.clip(seen.astype(int), 0, np.array(darkness.shape[::-1]) - 1).T
    reach = round(reach_mm * PX_PER_MM[1])
    rows = np.clip(round(float(np.median(y))) + np.arange(-reach, reach + 1), 0, len(darkness) - 1)
    square = round(MAJOR_MM * PX_PER_MM[0])
    here, *beside = [
        darkness[rows[:, None], np.clip(columns + by, 0, darkness.shape[1] - 1)] for by in (0, -square, square)
    ]
    return np.asarray(here - np.minimum(*beside) > _DARK * np.median(darkness[y, x]))


def _ends_alike(curves: Sequence[LeadCurve], darkness: np.ndarray, line: np.ndarray) -> bool:
    """Whether a line reaches equally far from most rows, or far beyond their waves: complexes of leads do neither."""
    reaches_mm = np.array([_reach_mm(_dark_around(curve, darkness, line, _LONG_MM)) for curve in curves])
    off_mm = np.abs(reaches_mm - np.median(reaches_mm, axis=0)).max(axis=1)
    return bool(np.mean((off_mm <= _ENDS_MM) | (reaches_mm.min(axis=1) >= _FRAME_REACH_MM)) >= _OF_ROWS)


def _reach_mm(dark: np.ndarray) -> tuple[float, float]:
    """How far ink goes on up and down from the middle, over the gaps of a dotted line."""
    inked = ndimage.binary_closing(np.pad(dark.any(axis=1), _DOTS_PX), np.ones(_DOTS_PX))[_DOTS_PX:-_DOTS_PX]
    middle = inked.size // 2
    up, down = (float(np.argmin([*side, False])) for side in (inked[middle::-1], inked[middle:]))
    return up / PX_PER_MM[1], down / PX_PER_MM[1]


def _without_ends(curve: LeadCurve, left: Line | None, right: Line | None) -> LeadCurve:
    """A curve without what leaves its level at the line where it begins or ends, and what is beyond that."""
    height_mm = curve.height_mm.copy()
    if right is not None:
        _end_cut(height_mm, curve.flat_px[:, 0] - right[0])
    if left is not None:
        _end_cut(height_mm[::-1], left[1] + 1 - curve.flat_px[::-1, 0])
    return replace(curve, height_mm=height_mm)


def _end_cut(height_mm: np.ndarray, beyond_px: np.ndarray) -> None:
    """Cuts the end of a curve, in place; ``beyond_px`` says how far behind the line's near edge each point lies."""
    before = int((beyond_px <= -_BESIDE_MM * PX_PER_MM[0]).sum())
    level = height_mm[max(0, before - round(_LEVEL_MM * PX_PER_MM[0])) : before]
    if before == height_mm.size or not np.isfinite(level).any():
        return
    away = np.flatnonzero(np.abs(height_mm[before:] - np.nanmedian(level)) > _AWAY_MM)
    if away.size:
        height_mm[before + away[0] :] = np.nan


def _without(curve: LeadCurve, lines: Sequence[Line]) -> LeadCurve:
    """A curve without what was followed along lines, through a name behind one, or beyond one at its ends."""
    x, beside = curve.flat_px[:, 0], _BESIDE_MM * PX_PER_MM[0]
    height_mm = curve.height_mm.copy()
    for first, last in lines:
        near = np.flatnonzero((x > first - beside) & (x < last + 1 + beside))
        if near.size == 0:
            continue
        before, behind = int(near[0]), int(near[-1]) + 1
        away = np.abs(height_mm[near] - _level_beside(height_mm, before, behind)) > _AWAY_MM
        height_mm[near[away]] = np.nan
        if before < height_mm.size - behind:
            height_mm[: _end_of_letters(curve.height_mm, behind) or before] = np.nan
        else:
            height_mm[behind:] = np.nan
    return replace(curve, height_mm=height_mm)


def _end_of_letters(height_mm: np.ndarray, behind: int) -> int:
    """Where a curve that is far from its level behind a line leaps back to it, within a name's width; else 0."""
    most = round(_LETTER_MM * PX_PER_MM[0])
    its_own = height_mm[behind : behind + 2 * most]
    if not np.isfinite(its_own).any():
        return 0
    back = np.flatnonzero(np.abs(its_own[:most] - np.nanmedian(its_own)) <= _AWAY_MM)
    if back.size == 0 or back[0] == 0:
        return 0
    end = behind + int(back[0])
    letters = np.flatnonzero(np.isfinite(height_mm[:end]))
    leaps = letters.size > 0 and abs(height_mm[end] - height_mm[letters[-1]]) > _JUMP_MM
    return end if leaps else 0


def _level_beside(height_mm: np.ndarray, first: int, last: int) -> float:
    """Of the side on which the curve goes on."""
    count = round(_LEVEL_MM * PX_PER_MM[0])
    side = height_mm[last : last + count] if first < height_mm.size - last else height_mm[max(0, first - count) : first]
    return float(np.nanmedian(side)) if np.isfinite(side).any() else np.nan
