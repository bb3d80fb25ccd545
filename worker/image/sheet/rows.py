"""Rows of curves, one above the other, each followed from left to right through ink that may touch its neighbours'."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage, signal

from worker.image.trace import Runs, Trace, best_path, runs_of, trace_along

_SURE: Final = 0.6
_PERHAPS: Final = 0.25  # ink that hangs together with sure ink
_REST_MM: Final = 1.5  # how sharply resting levels are told apart
_LEAST_APART_MM: Final = 7.0
_LEAST_LENGTH_MM: Final = 20.0
_LEAST_COVERAGE: Final = 0.5  # of its own length
_PEAK: Final = 0.10  # of the fullest row
_AWAY_COST: Final = 0.015  # per millimetre from the resting level, of what a column is worth
_JUMP_COST_MM: Final = 1.0  # per millimetre between one run and the next
_LONGEST_GAP_MM: Final = 6.0
_GAP_COST: Final = 0.5  # per column without ink
_REACH_MM: Final = 60.0
_LEAST_OF_OWN: Final = 0.5  # of the longest row: words are shorter


@dataclass(frozen=True, slots=True, eq=False)
class RowTrace:
    """One row of the flat picture: its curve, its resting level and how dark its ink is.

    ``is_guess`` says that nothing was followed: a row has to be there, as evenly as the others stand.
    """

    trace: Trace
    rest_px: float
    ink: float  # mean of the ink map along the curve
    is_guess: bool = False

    @property
    def right(self) -> int:
        return self.trace.left + self.trace.width


def rows_traced(ink: np.ndarray, px_per_mm: float) -> list[RowTrace]:
    """The rows of curves in a map of ink, from above.

    Parameters
    ----------
    ink : ndarray of float, shape (height, width)
        How likely each pixel is ink of a curve, 0 to 1.
    px_per_mm : float
        Of the map; 5 px per square of unknown size where the paper has no scale.
    """
    mask = _hanging_together(ink)
    runs = runs_of(mask)
    if len(runs) < 12:
        return []
    rests = _resting_levels(runs, mask.shape, px_per_mm)
    if not rests:
        return []
    reach = _REACH_MM * px_per_mm
    limits = list(zip([rests[0] - reach, *rests[:-1]], [*rests[1:], rests[-1] + reach], strict=True))
    first = [_row_traced(runs, ink, rest, *within, px_per_mm) for rest, within in zip(rests, limits, strict=True)]
    longest = max((row.trace.width for row in first if row is not None), default=0)
    found = []
    for rest, (above, below), row in zip(rests, limits, first, strict=True):
        near = (above + rest) / 2, (rest + below) / 2
        if row is not None and not near[0] < row.rest_px < near[1]:  # another row has more ink
            own = _row_traced(runs, ink, rest, *near, px_per_mm)
            row = own if own is not None and own.trace.width >= _LEAST_OF_OWN * longest else row
        found.append(row)
    return _without_doubles([row for row in found if row is not None], px_per_mm)


def _hanging_together(ink: np.ndarray) -> np.ndarray:
    """Sure ink, and whatever fainter ink touches it: upstrokes are printed paler than the rest."""
    perhaps = cv2.morphologyEx((ink > _PERHAPS).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 1), np.uint8))
    count, pieces = cv2.connectedComponents(perhaps, connectivity=8)
    kept = np.zeros(count, dtype=bool)
    kept[np.unique(pieces[ink > _SURE])] = True
    kept[0] = False
    return np.asarray(kept[pieces])


def _resting_levels(runs: Runs, shape: tuple[int, int], px_per_mm: float) -> list[float]:
    """Heights at which curves run level, from above."""
    length = runs.bottom - runs.top + 1
    level = length <= 2 * np.median(length) + 1
    heights = np.round((runs.top + runs.bottom) / 2)[level].astype(int)
    full = ndimage.gaussian_filter1d(np.bincount(heights, minlength=shape[0]).astype(float), _REST_MM * px_per_mm)
    apart = max(1, round(_LEAST_APART_MM * px_per_mm))
    padded = np.concatenate([[0.0], full, [0.0]])
    peaks, _ = signal.find_peaks(padded, distance=apart, height=_PEAK * full.max())
    return [float(peak) - 1 for peak in peaks]


def _row_traced(
    runs: Runs, ink: np.ndarray, rest: float, above: float, below: float, px_per_mm: float
) -> RowTrace | None:
    margin = 2 * px_per_mm
    near = runs.taken((runs.bottom > above + margin) & (runs.top < below - margin))
    if len(near) == 0:
        return None
    away = np.maximum(0, np.maximum(near.top - rest, rest - near.bottom)) / px_per_mm
    path = best_path(
        near,
        ink.shape[1],
        worth=1 - np.minimum(_AWAY_COST * away, 0.9),
        longest_gap=round(_LONGEST_GAP_MM * px_per_mm),
        gap_cost=_GAP_COST,
        jump_cost=_JUMP_COST_MM / px_per_mm,
    )
    taken = near.taken(path)
    width = int(taken.column[-1] - taken.column[0]) + 1
    if width < _LEAST_LENGTH_MM * px_per_mm or len(path) < _LEAST_COVERAGE * width:
        return None
    trace = trace_along(taken, ink)
    along = ink[np.clip(np.round(trace.y).astype(int), 0, len(ink) - 1), trace.left + np.arange(trace.width)]
    return RowTrace(trace, float(np.median(trace.y)), float(along[~trace.gap].mean()))


def _without_doubles(rows: list[RowTrace], px_per_mm: float) -> list[RowTrace]:
    """Of rows that share most of their way only the longest."""
    kept: list[RowTrace] = []
    for row in sorted(rows, key=lambda row: -row.trace.width):
        if not any(_share_shared(row.trace, other.trace, px_per_mm) > 0.4 for other in kept):
            kept.append(row)
    return sorted(kept, key=lambda row: row.rest_px)


def _share_shared(trace: Trace, other: Trace, px_per_mm: float) -> float:
    first, last = max(trace.left, other.left), min(trace.left + trace.width, other.left + other.width)
    if last <= first:
        return 0.0
    apart = np.abs(trace.y[first - trace.left : last - trace.left] - other.y[first - other.left : last - other.left])
    return float((apart < px_per_mm).sum() / trace.width)
