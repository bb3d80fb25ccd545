"""Columns of a sheet without names: where the beats of a row change their shape, another lead begins."""

import itertools
from collections.abc import Sequence, Set
from typing import Final

import numpy as np

from worker.ecg.leads import STANDARD_LEADS

COLUMNS: Final = (4, 2)
_LEAST_OF_USUAL: Final = 0.5  # of the rows of twelve leads, that change
_MOST_STRIPS: Final = 3  # as in 3x4+3
_SEVERAL: Final = 2  # strips: one alone may change by an ectopic beat
_MOST_OF_STRIPS: Final = 0.5  # that change where there are several: more are rows without columns, in noise
_REACH_S: Final = 0.1
_ALIKE: Final = 0.85
_AS_HIGH: Final = 1.6
_LEAST_ROWS: Final = 3
_LEAST_BESIDE_STEADY: Final = 2  # rows that change while others do not: an ectopic beat changes all
_MOST_CHANGES: Final = 0.6  # of the places between columns, in rows that are no rhythm strips
_MOST_CHANGES_ABOVE_STRIPS: Final = 0.5  # where just the rows of twelve leads change
_LIMB_LEADS: Final = np.array([[1, 0], [0, 1], [-1, 1], [-0.5, -0.5], [1, -0.5], [-0.5, 1]])  # I, II … aVF of I and II
_MOST_UNEXPLAINED: Final = 0.35  # of second halves; drawn limb leads mostly 0.02 to 0.2, others 0.64 and more


def columns_by_shape(rows: Sequence[np.ndarray], fs: float, beats: Sequence[np.ndarray]) -> list[int]:
    """How many leads each row shows, one beside the other.

    Parameters
    ----------
    rows : sequence of ndarray, each of shape (n,)
        Heights, without NaN.
    fs : float
        Samples per second.
    beats : sequence of ndarray of int
        R peaks of each row, sample indices.

    Returns
    -------
    list of int
        1 for a row of one lead; all others have the same number.
    """
    if _limb_leads_go_on(rows):
        return [1] * len(rows)
    for columns in COLUMNS:
        changes = [_changes(row, fs, at, columns) for row, at in zip(rows, beats, strict=True)]
        mixed = [found for found in changes if found.any()]
        seem_cut = [bool(found.any()) for found in changes]
        least = _LEAST_ROWS if len(mixed) == len(changes) else _LEAST_BESIDE_STEADY
        enough = _MOST_CHANGES_ABOVE_STRIPS if _stand_above_strips(seem_cut, columns) else _MOST_CHANGES
        if len(mixed) >= least and np.mean(np.concatenate(mixed)) >= enough:
            cut = _rows_cut(seem_cut, columns)
            if any(cut):
                return [columns if is_cut else 1 for is_cut in cut]
    return [1] * len(rows)


def changes_at_columns(row: np.ndarray, beats: np.ndarray, *, fs: float, columns: int) -> bool:
    """Whether the beats of a row change at most places between so many columns; parameters as above, of one row."""
    return float(np.mean(_changes(row, fs, beats, columns))) >= _MOST_CHANGES


def rows_cut_beside(cut: Set[int], changing: Set[int], columns: int) -> set[int]:
    """Of rows that change as if they had columns those that twelve leads have room for, beside rows that are cut.

    The upper ones, where there are as many: strips stand below.
    """
    depth = len(STANDARD_LEADS) // columns
    rows = range(1 + max(cut | changing, default=0))
    windows = [set(range(first, first + depth)) for first in range(max(1, len(rows) - depth + 1))]
    return max((window & changing for window in windows if cut <= window), key=len, default=set())


def _limb_leads_go_on(rows: Sequence[np.ndarray]) -> bool:
    """Whether the second halves of the six upper rows are I, II, III, aVR, aVL and aVF: all of them are sums of two.

    Einthoven 1913, Goldberger 1942.  A heart whose axis changes looks like other leads, but these are no such sums.
    """
    upper = rows[: len(_LIMB_LEADS)]
    size = min((row.size for row in upper), default=0)
    if len(upper) < len(_LIMB_LEADS) or size < len(_LIMB_LEADS):
        return False
    halves = np.array([row[size // 2 : size] for row in upper])
    halves = halves - np.median(halves, axis=1, keepdims=True)
    explained = _LIMB_LEADS @ np.linalg.lstsq(_LIMB_LEADS, halves)[0]
    return bool(np.sum((halves - explained) ** 2) <= _MOST_UNEXPLAINED * np.sum(halves**2))


def _stand_above_strips(seem_cut: Sequence[bool], columns: int) -> bool:
    """Whether the upper rows seem to be cut, as many as twelve leads take, and those below them do not."""
    rows = len(STANDARD_LEADS) // columns
    return len(seem_cut) > rows and list(seem_cut) == [at < rows for at in range(len(seem_cut))]


def _rows_cut(seem_cut: Sequence[bool], columns: int) -> list[bool]:
    """Which rows have columns: of twelve leads as many as all such sheets have, where at least half of them seem to.

    Two leads beside each other may look alike, and a rhythm strip may change, but few of several do.  Fewer rows are as
    they seem, if those above others are cut: strips stand below.  More have no columns at all.
    """
    if len(seem_cut) < len(STANDARD_LEADS) // columns:
        strips_below = sorted(seem_cut, reverse=True) == list(seem_cut)
        return [strips_below and seems for seems in seem_cut]
    rows = rows_of_twelve(seem_cut, columns)
    strips = [seems for at, seems in enumerate(seem_cut) if at not in rows]
    few_change = len(strips) < _SEVERAL or np.mean(strips) <= _MOST_OF_STRIPS
    half_change = np.mean([seem_cut[at] for at in rows]) >= _LEAST_OF_USUAL
    is_usual = bool(len(strips) <= _MOST_STRIPS and few_change and half_change)
    return [is_usual and at in rows for at in range(len(seem_cut))]


def rows_of_twelve(seem_cut: Sequence[bool], columns: int) -> range:
    """The rows, one below the other, that hold twelve leads in so many columns: where most seem to, the upper ones."""
    count = min(len(seem_cut), len(STANDARD_LEADS) // columns)
    first = max(range(len(seem_cut) - count + 1), key=lambda at: sum(seem_cut[at : at + count]))
    return range(first, first + count)


def _changes(row: np.ndarray, fs: float, beats: np.ndarray, columns: int) -> np.ndarray:
    """At which of the places between columns the beats on both sides are unlike, shape (columns - 1,)."""
    edges = np.linspace(0, row.size, columns + 1)
    shapes = [_shape(row, fs, beats[(beats >= left) & (beats < right)]) for left, right in itertools.pairwise(edges)]
    return np.array([_unlike(one, other) for one, other in itertools.pairwise(shapes)])


def _shape(row: np.ndarray, fs: float, beats: np.ndarray) -> np.ndarray | None:
    reach = round(_REACH_S * fs)
    inside = beats[(beats >= reach) & (beats < row.size - reach)]
    if inside.size == 0:
        return None
    return np.asarray(np.median([row[at - reach : at + reach + 1] for at in inside], axis=0))


def _unlike(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    if one is None or other is None or np.ptp(one) == 0 or np.ptp(other) == 0:
        return False
    heights = np.ptp(one) / np.ptp(other)
    return bool(np.corrcoef(one, other)[0, 1] < _ALIKE or max(heights, 1 / heights) > _AS_HIGH)
