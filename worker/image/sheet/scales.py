"""Speed and gain of a sheet: from its calibration pulses, from what is printed, and from what a heart can do."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from worker.image.sheet.sign_reader import GAINS, PULSE, PX_PER_MM, SPEEDS, SignSeen

_GAINS_MM_MV: Final = (2.5, 5.0, 10.0, 20.0, 40.0)
_OFF: Final = 0.15  # of a pulse's height
_OFF_MM: Final = 1.5
_LEAST: Final = 0.5  # of a sign's score, for it to set a scale


def gain_of_pulses(signs: Sequence[SignSeen], rests_mm: Sequence[float]) -> float | None:
    """Millimetres per millivolt by the height of the pulses above the row that each stands on."""
    heights = []
    for sign in signs:
        if sign.sign == PULSE:
            above = [rest - sign.y / PX_PER_MM for rest in rests_mm if rest > sign.y / PX_PER_MM]
            heights += [min(above)] if above else []
    if not heights:
        return None
    height = float(np.median(heights))
    nearest = min(_GAINS_MM_MV, key=lambda gain: abs(np.log(height / gain)))
    return nearest if abs(height / nearest - 1) <= _OFF else None


def rows_with_pulses(rests_mm: Sequence[float], signs: Sequence[SignSeen]) -> list[int]:
    """Numbers of the rows that a pulse of one common height stands on."""
    tops = np.array([sign.y / PX_PER_MM for sign in signs if sign.sign == PULSE and sign.score >= _LEAST])
    if tops.size == 0:
        return []
    above = np.array(rests_mm)[:, None] - tops
    return max(
        ([int(n) for n in np.flatnonzero((np.abs(above - gain) < _OFF_MM).any(axis=1))] for gain in _GAINS_MM_MV),
        key=len,
    )


def gain_printed(signs: Sequence[SignSeen]) -> float | None:
    return _printed(signs, GAINS)


def speed_printed(signs: Sequence[SignSeen]) -> float | None:
    return _printed(signs, SPEEDS)


def _printed(signs: Sequence[SignSeen], values: dict[str, float]) -> float | None:
    """The value of the clearest sign, or None where there is none or two contradict each other."""
    found = {sign.sign for sign in signs if sign.sign in values and sign.score >= _LEAST}
    return values[found.pop()] if len(found) == 1 else None
