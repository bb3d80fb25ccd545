"""Which way up a sheet is: rows lie level, and letters can be read."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import ndimage

from worker.image.sheet.sheet import CoarseSheet, ReadsSigns, names_of
from worker.image.sheet.sign_reader import PX_PER_MM, SignSeen

_ROW_MM: Final = 10.0
_CLEARLY: Final = 1.3  # how much sharper standing rows must be than lying ones
_NAMES_ENOUGH: Final = 4.0  # sum of scores: then nothing else is tried
_NAMES_MORE: Final = 1.0


def quarter_turns_of(sheet: CoarseSheet, signs: ReadsSigns) -> int:
    """Clockwise quarter turns that set a flat sheet upright, 0 where nothing speaks for another side."""
    first, second = (1, 3) if rows_stand(sheet) else (0, 2)
    named = _names_read(sheet, first, signs)
    if named >= _NAMES_ENOUGH:
        return first
    return second if _names_read(sheet, second, signs) > named + _NAMES_MORE else first


def rows_stand(sheet: CoarseSheet) -> bool:
    """Whether the sheet lies on its side."""
    return _row_sharpness(sheet.ink.T) > _CLEARLY * _row_sharpness(sheet.ink)


def _row_sharpness(ink: np.ndarray) -> float:
    """How far the ink of single lines of pixels stands out from that of the rows around, mean over the picture."""
    profile = ink.sum(axis=1)
    wide = ndimage.uniform_filter1d(profile, max(3, round(_ROW_MM * PX_PER_MM)))
    return float(np.maximum(profile - wide, 0).sum() / max(profile.sum(), 1e-9))


def _names_read(sheet: CoarseSheet, quarter_turns: int, signs: ReadsSigns) -> float:
    if quarter_turns == 0:
        return _score(sheet.signs)
    turned = np.ascontiguousarray(np.rot90(sheet.darkness, -quarter_turns))
    return _score(signs.read(turned))


def _score(signs: Sequence[SignSeen]) -> float:
    """Of different names: letters that lie on their head are taken for the same few again and again."""
    best: dict[str, float] = {}
    for name in names_of(signs):
        best[name.lead] = max(best.get(name.lead, 0.0), name.score)
    return sum(best.values())
