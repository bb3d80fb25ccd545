"""Which way up a sheet is: rows lie level, and letters can be read."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import ndimage

from worker.image.sheet.rows import RowTrace
from worker.image.sheet.sheet import CoarseSheet, ReadsSigns
from worker.image.sheet.sign_reader import PULSE, PX_PER_MM, SignSeen

_ROW_MM: Final = 10.0
_SHORTEST_ROW_MM: Final = 55.0  # a column of a sheet
_LONG: Final = 3.0  # times as wide as high, of no sheet whose rows stand; or as high as wide, of a strip that does
_ACROSS: Final = 0.85  # of the width
_WAVES_MM: Final = 2.0
_ROWS_TO_TELL: Final = 2
_MOST: Final = 0.75  # 25 of 26 drawn pages that lay reached it, and of 27 on their side one, whose squares were wrong
_CLEARLY: Final = 1.3  # how much sharper standing rows must be than lying ones
_ENOUGH: Final = 4.0  # sum of scores: then nothing else is tried
_SURE_PULSE: Final = 0.9  # on 46 drawn pages in their three wrong positions none had it, of the upright ones 35 did
_FURTHER_PULSE: Final = 1.5  # one alone turns no page on its head
_PULSES_THAT_COUNT: Final = 2
_MORE: Final = 1.0
_MORE_ON_A_SIDE: Final = 0.5
_MORE_ON_A_STRIP: Final = 0.85  # complexes that run backward were taken for a pulse with 0.73


def quarter_turns_of(sheet: CoarseSheet, signs: ReadsSigns) -> int | None:
    """Clockwise quarter turns that set a flat sheet upright, 0 where nothing speaks for another side.

    None where its rows stand and nothing tells one side from the other.
    """
    upright = _score(sheet.signs)
    if upright >= _ENOUGH:  # high waves may look like rows that stand
        return 0
    (likely, on_its_head), others = ((1, 3), (0, 2)) if rows_stand(sheet) else ((0, 2), (1, 3))
    read: dict[int, float] = {}
    for side in (likely, on_its_head) if _is_strip(sheet) or _most_cross(sheet) else (likely, on_its_head, *others):
        read[side] = upright if side == 0 else _signs_read(sheet, side, signs)
        if read[side] >= _ENOUGH:
            return side
    if upright > max(read[likely], read[on_its_head]) + _MORE:
        return 0
    more = read[on_its_head] - read[likely]
    if likely == 0:  # nobody turns a picture on its head
        return on_its_head if more > _MORE else likely
    if abs(more) < _MORE_ON_A_SIDE:
        return None
    return on_its_head if more > 0 else likely


def is_standing_strip(sheet: CoarseSheet) -> bool:
    """Whether it is far higher than wide, and no more than a few signs can be read upright."""
    height, width = sheet.ink.shape
    return height >= _LONG * width and _score(sheet.signs) < _ENOUGH


def side_of_strip(sheet: CoarseSheet, signs: ReadsSigns) -> int | None:
    """The quarter turns that set a strip upright that stands, None where nothing tells one side from the other."""
    left, right = _signs_read(sheet, 1, signs), _signs_read(sheet, 3, signs)
    if abs(left - right) < _MORE_ON_A_STRIP:
        return None
    return 1 if left > right else 3


def side_of_unread(sheet: CoarseSheet, signs: ReadsSigns) -> int | None:
    """Of a flat sheet whose rows cannot be read as it lies: the turns to the side on which more signs can be read."""
    if _is_strip(sheet):
        return None
    left, right = _signs_read(sheet, 1, signs), _signs_read(sheet, 3, signs)
    if max(left, right) < max(min(left, right), _score(sheet.signs)) + _MORE_ON_A_SIDE:
        return None
    return 1 if left > right else 3


def rows_stand(sheet: CoarseSheet) -> bool:
    """Whether the sheet seems to lie on its side."""
    return not _rows_lie(sheet) and _row_sharpness(sheet.ink.T) > _CLEARLY * _row_sharpness(sheet.ink)


def _rows_lie(sheet: CoarseSheet) -> bool:
    """Whether it is lower than rows are long, or a curve crosses it."""
    return _is_strip(sheet) or any(_crosses(row, sheet.ink.shape[1]) for row in sheet.rows)


def _most_cross(sheet: CoarseSheet) -> bool:
    """Whether there are rows, and most of them cross it: across rows that stand some do, too."""
    crossing = sum(_crosses(row, sheet.ink.shape[1]) for row in sheet.rows)
    return crossing >= _ROWS_TO_TELL and crossing >= _MOST * len(sheet.rows)


def _is_strip(sheet: CoarseSheet) -> bool:
    height, width = sheet.ink.shape
    return height <= _SHORTEST_ROW_MM * PX_PER_MM or width >= _LONG * height


def _crosses(row: RowTrace, width: int) -> bool:
    """Whether it is a curve from one side to the other, not a printed line."""
    low, high = np.quantile(row.trace.y, [0.01, 0.99])
    return row.trace.width >= _ACROSS * width and high - low >= _WAVES_MM * PX_PER_MM


def _row_sharpness(ink: np.ndarray) -> float:
    """How far the ink of single lines of pixels stands out from that of the rows around, mean over the picture."""
    profile = ink.sum(axis=1)
    wide = ndimage.uniform_filter1d(profile, max(3, round(_ROW_MM * PX_PER_MM)))
    return float(np.maximum(profile - wide, 0).sum() / max(profile.sum(), 1e-9))


def _signs_read(sheet: CoarseSheet, quarter_turns: int, signs: ReadsSigns) -> float:
    turned = np.ascontiguousarray(np.rot90(sheet.darkness, -quarter_turns))
    return _score(signs.read(turned))


def _score(signs: Sequence[SignSeen]) -> float:
    """Of different signs: letters that lie on their head are taken for the same few again and again.

    Pulses are not, and each row may have one: where there are no names, they alone tell.
    """
    best: dict[str, float] = {}
    for seen in signs:
        best[seen.sign] = max(best.get(seen.sign, 0.0), seen.score)
    sure = sum(seen.sign == PULSE and seen.score >= _SURE_PULSE for seen in signs)
    return sum(best.values()) + _FURTHER_PULSE * min(max(0, sure - 1), _PULSES_THAT_COUNT)
