"""Rows that follow printed words: they are read poorly, and have no name among rows with names."""

from collections.abc import Sequence, Set
from typing import Final

import numpy as np

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.quality import curve_quality
from worker.image.sheet.row_reader import PX_PER_MM
from worker.image.sheet.sign_reader import GAINS, SPEEDS, SignSeen
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM

_LEAST_NAMELESS: Final = 88  # of quality, among rows with names
_LEAST_OF_ALL: Final = 60
_LEAST_CERTAIN: Final = 0.85  # words, and edges of paper, are read with up to 0.80
_ENDS_MM: Final = 5.0
_SAME_LINE_MM: Final = 4.0


def rows_of_words(
    curves: Sequence[LeadCurve], rests_mm: Sequence[float], signs: Sequence[SignSeen], darkness: np.ndarray
) -> set[int]:
    """The rows of a sheet that are none.

    Words may look like a name: so do those that are read poorly beside a nameless row that is read well.

    Parameters
    ----------
    curves : sequence of LeadCurve
    rests_mm : sequence of float
        The rows' resting levels from the upper edge.
    signs : sequence of SignSeen
        Of the coarse flat picture.
    darkness : ndarray of float, shape (height, width)
        Of the flat picture.
    """
    rows = {curve.row for curve in curves}
    best = {row: max(curve_quality(darkness, curve) for curve in curves if curve.row == row) for row in rows}
    named = {curve.row for curve in curves if curve.lead}
    if any(best[row] >= _LEAST_NAMELESS for row in rows - named):
        named = {row for row in named if best[row] >= _LEAST_OF_ALL}
    return {
        row
        for row in rows - named
        if best[row] < (_LEAST_NAMELESS if named and not _ends_with(named, row, curves) else _LEAST_OF_ALL)
        or _is_printed(rests_mm[row], signs)
    }


def _ends_with(named: Set[int], row: int, curves: Sequence[LeadCurve]) -> bool:
    """Whether a row is read surely, and begins and ends with those that have names, as words do not."""
    off_px = np.abs(np.median([_span_px(at, curves) for at in named], axis=0) - _span_px(row, curves))
    certainty = min(curve.certainty for curve in curves if curve.row == row)
    return certainty >= _LEAST_CERTAIN and bool((off_px < _ENDS_MM * PX_PER_MM[0]).all())


def _span_px(row: int, curves: Sequence[LeadCurve]) -> np.ndarray:
    x = np.concatenate([curve.flat_px[:, 0] for curve in curves if curve.row == row])
    return np.array([x.min(initial=np.inf), x.max(initial=-np.inf)])


def _is_printed(rest_mm: float, signs: Sequence[SignSeen]) -> bool:
    """Whether speed or gain stand on a row's resting level."""
    scales = (sign.y / COARSE_PX_PER_MM for sign in signs if sign.sign in SPEEDS or sign.sign in GAINS)
    return any(abs(rest_mm - at) < _SAME_LINE_MM for at in scales)
