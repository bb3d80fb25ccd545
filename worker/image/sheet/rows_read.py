"""The rows of a flat sheet as the network reads them, each curve once, and nothing that is no curve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, Protocol

import cv2
import numpy as np
from scipy import ndimage

from worker.image.sheet.curve import restlessness
from worker.image.sheet.row_reader import BAND_PX, PX_PER_MM, ReadRow
from worker.image.sheet.rows import RowTrace
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM

_MOST_TRACES: Final = 30  # fifteen rows, and as many lines of words
_LEAST_SURE: Final = 0.5  # of a row's columns that show a curve
_LEAST_CERTAIN: Final = 0.6  # printed words were read with 0.4, poor photographs with 0.8 and more
_LEAST_HEIGHT_MM: Final = 0.5
_HIGHEST_WORDS_MM: Final = 6.0
_WORDS_STEP_MM: Final = 0.12  # from one column to the next, median
_MOST_CERTAIN_WORDS: Final = 0.9  # curves in a tremor, of which a real photograph lost one, are read with 0.98 and more
_WIDEST_GAP_MM: Final = 4.0
_LEAST_PIECE: Final = 0.12  # of the longest
_REACH_MM: Final = 21.0  # of waves in a band as it is
_TIPS_MM: Final = 5.0  # of narrow waves, which a trace on the coarse sheet may leave out
_MOST_SQUEEZED: Final = 0.4

_TWIN_MM: Final = 0.5
_CROSSING_MM: Final = 2.0  # two waves run together for no longer
_TWIN_SHARE: Final = 0.5  # of the columns that the shorter shows
_STROKE_SHARE: Final = 0.5  # of the longest row
_SCRIBBLE_SHARE: Final = 0.15  # of it: steep or not, no lead is that short
_STROKE_STEP_MM: Final = 0.4
_STROKE_ROOM: Final = 0.7  # of the space between rows, to the next
_ROWS_TO_COMPARE: Final = 3
_SURE: Final = 0.85  # edges of paper were read with 0.67 to 0.80
_SUREST: Final = 3  # rows, whose ink is that of curves
_PALEST: Final = 0.6  # of that ink; of 200 rows of drawn sheets none was under 0.64, lines of the paper mostly are
_ALIGNED_MM: Final = 5.0
_GUESS_ALIGNED_MM: Final = 10.0  # on a line of the paper a row's first millimetres may not be seen
_TOGETHER_MM: Final = 1.0
_BEYOND_MM: Final = 3.0
_MOST: Final = 0.6  # of the rows


class ReadsRows(Protocol):
    def read(self, band: np.ndarray) -> ReadRow: ...


@dataclass(frozen=True, slots=True, eq=False)
class RowRead:
    """A row, what was read of it in a band whose upper edge is ``top``, and its ends: ``first`` to before ``last``."""

    trace: RowTrace
    read: ReadRow
    top: int
    first: int
    last: int

    @property
    def height_px(self) -> np.ndarray:
        """From the upper edge of the flat picture, NaN where there is no curve, shape (width,)."""
        return self.read.height_px + self.top

    @property
    def is_seen(self) -> bool:
        """Whether anything is left of it between its ends."""
        return bool(np.isfinite(self.height_px[self.first : self.last]).any())

    @property
    def rest_px(self) -> float:
        """Where the curve mostly is: truer than what its trace tells where waves of neighbours cross it."""
        return float(np.nanmedian(self.height_px[self.first : self.last]))

    @property
    def width_px(self) -> int:
        return self.last - self.first

    @property
    def seen_px(self) -> int:
        return int(np.isfinite(self.read.height_px).sum())

    @property
    def off_middle(self) -> float:
        """How far the curve lies from the middle of its band, of the band's height."""
        return abs(self.rest_px - self.top - BAND_PX / 2) / BAND_PX

    @property
    def certainty(self) -> float:
        return float(self.read.certainty[self.first : self.last].mean())

    @property
    def steepest_mm(self) -> float:
        """From one column to the next."""
        steps = np.abs(np.diff(self.read.height_px[self.first : self.last]))
        return float(np.nanmax(steps, initial=0.0)) / PX_PER_MM[1]


def rows_read(traces: Sequence[RowTrace], darkness: np.ndarray, reader: ReadsRows) -> list[RowRead]:
    """Read rows, from above.

    Parameters
    ----------
    traces : sequence of RowTrace
        Where rows may be, on the coarse sheet.
    darkness : ndarray of float32, shape (height, width, 3)
        Of the sheet at the reader's ``PX_PER_MM``.
    reader : ReadsRows
    """
    if len(traces) > _MOST_TRACES:  # squares of another size than was counted
        return []
    rows = []
    for trace in traces:
        read, top = _read_in_band(trace, _share_that_fits(trace, traces), darkness, reader)
        ends = _ends(read)
        if ends is not None and (row := RowRead(trace, read, top, *ends)).certainty >= _LEAST_CERTAIN:
            rows.append(row)
    rows = _without_wrong_guesses(rows)
    rows = _as_dark_as_the_surest(rows, darkness.mean(axis=2))
    kept = _ending_together(_without_frame(_without_strokes(_each_on_its_own_ink(_without_twins(rows)))))
    return sorted((row for row in kept if row.is_seen), key=lambda row: row.rest_px)


def _without_wrong_guesses(rows: Sequence[RowRead]) -> list[RowRead]:
    """A row that was only guessed is one if it is read surely, and begins and ends with those that were followed."""
    followed = np.array([(row.first, row.last) for row in rows if not row.trace.is_guess])
    if followed.size == 0:
        return []
    usual, within = np.median(followed, axis=0), _GUESS_ALIGNED_MM * PX_PER_MM[0]
    return [
        row
        for row in rows
        if not row.trace.is_guess
        or (row.certainty >= _SURE and bool((np.abs(usual - (row.first, row.last)) < within).all()))
    ]


def _read_in_band(row: RowTrace, share: float, darkness: np.ndarray, reader: ReadsRows) -> tuple[ReadRow, int]:
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
    return float(np.clip(_REACH_MM / (reach_mm + _TIPS_MM), _MOST_SQUEEZED, 1))


def _ends(read: ReadRow) -> tuple[int, int] | None:
    """First column of the curve and the one after its last, or None where the row is no curve.

    Shreds beyond a wide gap, such as of letters, do not belong to it.
    """
    shown = ~np.isnan(read.height_px)
    reach = round(_WIDEST_GAP_MM / 2 * PX_PER_MM[0])
    closed = ndimage.binary_closing(np.pad(shown, reach), iterations=reach)[reach:-reach]  # unpadded it cuts ends
    pieces, count = ndimage.label(closed)
    if count == 0:
        return None
    columns = np.bincount(pieces[shown], minlength=count + 1)[1:]
    belongs = np.flatnonzero(columns >= _LEAST_PIECE * columns.max()) + 1
    seen = np.flatnonzero(shown & np.isin(pieces, belongs))
    first, last = int(seen[0]), int(seen[-1]) + 1
    height_mm, certainty = read.height_px[first:last] / PX_PER_MM[1], float(read.certainty[first:last].mean())
    if seen.size < _LEAST_SURE * (last - first) or _is_no_curve(height_mm, certainty):
        return None
    return first, last


def _is_no_curve(height_mm: np.ndarray, certainty: float) -> bool:
    """Whether it is a line of the paper, which is stiller than any heart, or printed words, which are never at rest.

    A curve in a tremor is not either, but it is read surely.
    """
    low, high = np.nanquantile(height_mm, [0.01, 0.99])
    steps = np.abs(np.diff(height_mm))
    known = steps[np.isfinite(steps)]
    restless = known.size == 0 or np.median(known) > _WORDS_STEP_MM
    words = restless and high - low < _HIGHEST_WORDS_MM and certainty < _MOST_CERTAIN_WORDS
    return bool(high - low < _LEAST_HEIGHT_MM or words or restlessness(height_mm) == 1)


def _as_dark_as_the_surest(rows: Sequence[RowRead], darkness: np.ndarray) -> list[RowRead]:
    """Without what is far paler than the rows that are read most surely: lines of the paper."""
    dark = np.array([_darkness_along(row, darkness) for row in rows])
    surest = np.argsort([-row.certainty for row in rows])[:_SUREST]
    least = _PALEST * np.median(dark[surest]) if len(rows) else 0.0
    return [row for row, of_row in zip(rows, dark, strict=True) if of_row >= least]


def _darkness_along(row: RowRead, darkness: np.ndarray) -> float:
    height = row.height_px
    seen = np.flatnonzero(np.isfinite(height))
    return float(np.median(darkness[np.clip(height[seen].astype(int), 0, len(darkness) - 1), seen]))


def _without_twins(rows: Sequence[RowRead]) -> list[RowRead]:
    """Each curve once: a line beside it, such as of a pen, may have been followed until it was lost for the curve.

    The longest reading counts, of equal ones that in whose band the curve lies midway: beyond a band nothing is seen.
    """
    by_length = sorted(rows, key=lambda row: row.seen_px * (1 - row.off_middle), reverse=True)
    first = [row for at, row in enumerate(by_length) if not any(_is_same(row, longer) for longer in by_length[:at])]
    return sorted(first, key=lambda row: row.rest_px)


def _is_same(row: RowRead, longer: RowRead) -> bool:
    apart_mm = np.abs(row.height_px - longer.height_px) / PX_PER_MM[1]
    return bool((apart_mm < _TWIN_MM).sum() >= _TWIN_SHARE * np.isfinite(row.height_px).sum())


def _each_on_its_own_ink(rows: Sequence[RowRead]) -> list[RowRead]:
    """Rows with gaps where they were lost for a neighbour.

    What two follow together is that one's whose resting level is nearer.
    """
    heights = [row.height_px.copy() for row in rows]
    rests = [row.rest_px for row in rows]
    for one, other in combinations(range(len(rows)), 2):
        shared = _for_long(np.abs(heights[one] - heights[other]) / PX_PER_MM[1] < _TWIN_MM)
        nearer = np.abs(heights[one] - rests[one]) <= np.abs(heights[other] - rests[other])
        heights[one][shared & ~nearer] = heights[other][shared & nearer] = np.nan
    return [
        replace(row, read=replace(row.read, height_px=height - row.top))
        for row, height in zip(rows, heights, strict=True)
    ]


def _for_long(shared: np.ndarray) -> np.ndarray:
    """Without where curves only cross."""
    return np.asarray(ndimage.binary_opening(shared, np.ones(round(_CROSSING_MM * PX_PER_MM[0]))))


def _without_strokes(rows: Sequence[RowRead]) -> list[RowRead]:
    """Without what is far shorter than other rows, and nowhere steep or close to one of them: someone drew it."""
    longest = max((row.width_px for row in rows), default=0)
    rests = np.array([row.rest_px for row in rows if row.width_px >= _STROKE_SHARE * longest])
    return [
        row
        for row in rows
        if row.width_px >= _STROKE_SHARE * longest
        or (row.width_px >= _SCRIBBLE_SHARE * longest and _may_be_a_lead(row, rests))
    ]


def _may_be_a_lead(row: RowRead, rests: np.ndarray) -> bool:
    return row.steepest_mm > _STROKE_STEP_MM and not _is_crowded(row.rest_px, rests)


def _is_crowded(rest_px: float, rests: np.ndarray) -> bool:
    """Whether a level between evenly spaced rows has not the room of one, or beside them not half of it."""
    if len(rests) < _ROWS_TO_COMPARE:
        return False
    room = _STROKE_ROOM if rests[0] < rest_px < rests[-1] else _STROKE_ROOM / 2
    return bool(np.abs(rests - rest_px).min() < room * np.median(np.diff(rests)))


def _without_frame(rows: Sequence[RowRead]) -> list[RowRead]:
    """Without what is read with doubt above or below all rows that begin or end together: edges of the paper."""
    if len(rows) < _ROWS_TO_COMPARE:
        return list(rows)
    ends = np.array([(row.first, row.last) for row in rows])
    aligned = (np.abs(ends - np.median(ends, axis=0)) < _ALIGNED_MM * PX_PER_MM[0]).any(axis=1)
    first, last = (int(at) for at in np.flatnonzero(aligned)[[0, -1]]) if aligned.any() else (0, len(rows) - 1)
    return [row for at, row in enumerate(rows) if first <= at <= last or row.certainty >= _SURE]


def _ending_together(rows: Sequence[RowRead]) -> list[RowRead]:
    """Where most rows begin or end together, so do all: what is followed beyond that is a pulse, or a pen."""
    if len(rows) < _ROWS_TO_COMPARE:
        return list(rows)
    ends = np.array([(row.first, row.last) for row in rows])
    usual = np.median(ends, axis=0)
    is_usual = (np.abs(ends - usual) < _TOGETHER_MM * PX_PER_MM[0]).mean(axis=0) >= _MOST
    beyond = (usual - ends) * (1, -1) > _BEYOND_MM * PX_PER_MM[0]
    together = np.where(is_usual & beyond, usual, ends).astype(int)
    return [replace(row, first=int(a), last=int(b)) for row, (a, b) in zip(rows, together, strict=True)]
