"""Which way up a sheet is: rows lie level, and letters can be read."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import ndimage

from worker.image.sheet.sheet import CoarseSheet, ReadsSigns
from worker.image.sheet.sign_reader import PX_PER_MM, SignSeen

_ROW_MM: Final = 10.0
_SHORTEST_ROW_MM: Final = 55.0  # a column of a sheet
_LONG: Final = 3.0  # times the height: of no sheet whose rows stand
_CLEARLY: Final = 1.3  # how much sharper standing rows must be than lying ones
_ENOUGH: Final = 4.0  # sum of scores: then nothing else is tried
_MORE: Final = 1.0


def quarter_turns_of(sheet: CoarseSheet, signs: ReadsSigns) -> int:
    """Clockwise quarter turns that set a flat sheet upright, 0 where nothing speaks for another side."""
    upright = _score(sheet.signs)
    if upright >= _ENOUGH:  # high waves may look like rows that stand
        return 0
    first, second = (1, 3) if rows_stand(sheet) else (0, 2)
    read = _signs_read(sheet, first, signs)
    if read >= _ENOUGH:
        return first
    other = _signs_read(sheet, second, signs)
    if upright > max(read, other) + _MORE:
        return 0
    return second if other > read + _MORE else first


def rows_stand(sheet: CoarseSheet) -> bool:
    """Whether the sheet lies on its side; a strip that is lower than rows are long cannot."""
    height, width = sheet.ink.shape
    is_strip = height <= _SHORTEST_ROW_MM * PX_PER_MM or width >= _LONG * height
    return not is_strip and _row_sharpness(sheet.ink.T) > _CLEARLY * _row_sharpness(sheet.ink)


def _row_sharpness(ink: np.ndarray) -> float:
    """How far the ink of single lines of pixels stands out from that of the rows around, mean over the picture."""
    profile = ink.sum(axis=1)
    wide = ndimage.uniform_filter1d(profile, max(3, round(_ROW_MM * PX_PER_MM)))
    return float(np.maximum(profile - wide, 0).sum() / max(profile.sum(), 1e-9))


def _signs_read(sheet: CoarseSheet, quarter_turns: int, signs: ReadsSigns) -> float:
    if quarter_turns == 0:
        return _score(sheet.signs)
    turned = np.ascontiguousarray(np.rot90(sheet.darkness, -quarter_turns))
    return _score(signs.read(turned))


def _score(signs: Sequence[SignSeen]) -> float:
    """Of different signs: letters that lie on their head are taken for the same few again and again."""
    best: dict[str, float] = {}
    for seen in signs:
        best[seen.sign] = max(best.get(seen.sign, 0.0), seen.score)
    return sum(best.values())
