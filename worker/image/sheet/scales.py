"""Speed and gain of a sheet: from its calibration pulses, from what is printed, and from what a heart can do."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from worker.image.sheet.sign_reader import GAINS, PULSE, PX_PER_MM, SPEEDS, SignSeen

_GAINS_MM_MV: Final = (2.5, 5.0, 10.0, 20.0, 40.0)
_OFF: Final = 0.15  # of a pulse's height
_OFF_MM: Final = 1.5  # at most
_MORE_THAN: Final = 0.5  # of the pulses have one height
_SURE: Final = 0.6  # sum of scores: corners of a letter look like a pulse, too


def gain_of_pulses(signs: Sequence[SignSeen], rests_mm: Sequence[float]) -> float | None:
    """Millimetres per millivolt, so that most pulses stand on a row; what is printed decides where two gains do that.

    A pulse may be higher than rows are apart: it does not stand on the next row below its top, then.  Against what is
    printed pulses count if they are seen more surely than it.
    """
    pulses = [sign for sign in signs if sign.sign == PULSE]
    if not (pulses and len(rests_mm)):
        return None
    above = np.array(rests_mm)[:, None] - [pulse.y / PX_PER_MM for pulse in pulses]
    standing = {gain: (np.abs(above - gain) <= min(_OFF * gain, _OFF_MM)).any(axis=0) for gain in _GAINS_MM_MV}
    printed = gain_printed(signs)
    best = max(_GAINS_MM_MV, key=lambda gain: (int(standing[gain].sum()), gain == printed, -gain))
    if standing[best].sum() <= _MORE_THAN * len(pulses):
        return None
    sure = float(np.array([pulse.score for pulse in pulses])[standing[best]].sum())
    least = max((sign.score for sign in signs if sign.sign in GAINS), default=_SURE) if best != printed else 0.0
    return best if sure >= least else None


def gain_printed(signs: Sequence[SignSeen]) -> float | None:
    return _printed(signs, GAINS)


def speed_printed(signs: Sequence[SignSeen]) -> float | None:
    return _printed(signs, SPEEDS)


def _printed(signs: Sequence[SignSeen], values: dict[str, float]) -> float | None:
    """The only value that is printed, or None where there is none or two contradict each other."""
    found = {sign.sign for sign in signs if sign.sign in values}
    return values[found.pop()] if len(found) == 1 else None
