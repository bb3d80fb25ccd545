"""What stands on a picture without squares whose seconds nobody told: looked at as if its rows lasted ten.

It tells a person what telling the seconds will bring, and is nothing to answer from.
"""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from worker.errors import EcgError
from worker.image.gate import rows_beat_alike, rows_may_beat
from worker.image.ink import WorkCopy, inverted
from worker.image.reading import NAMES_TO_TELL, STANDARD_SPEED_MM_S, Reading
from worker.image.seconds import bare_length_mm, without_time
from worker.image.several import read_several
from worker.image.sheet.row_reader import darkness_channels
from worker.image.sheet.sheet import names_of
from worker.image.sheet.sign_reader import PULSE, PX_PER_MM
from worker.image.sight import Kind, bare_sight, readers
from worker.image.told import Told
from worker.image.view import View

_SECONDS: Final = 10.0  # that nearly all printed sheets show
_ROWS_WITH_PULSES: Final = 3
_MOST_MM: Final = 500.0  # rows that are less than half of a picture take long, and are seldom any
_MOST_PX: Final = 2500


def guessed_reading(view: View, kind: Kind, told: Told, *, must_be_sure: bool) -> Reading | None:
    """Curves and R peaks without any scale, or None where the rows are no heart's.

    ``must_be_sure`` asks for so many printed names, rows with pulses, or rows that beat alike, that they alone make it
    an ECG.
    """
    copy = inverted(view.work) if kind == "screen" else view.work
    if must_be_sure and not (_shows_signs(copy) or rows_may_beat(copy)):
        return None
    guess = replace(told, seconds_across=_SECONDS)
    sight = bare_sight(view, kind, bare_length_mm(guess), may_turn=told.corners is None, most_mm=_MOST_MM)
    if sight is None:
        return None
    try:
        reading = read_several(sight, guess)
    except EcgError:
        return None
    is_sure = reading.is_named or _has_pulses(reading) or rows_beat_alike(reading)
    return without_time(reading) if is_sure or not must_be_sure else None


def _has_pulses(reading: Reading) -> bool:
    return reading.gain_source == "pulse" and len({lead.row for lead in reading.leads}) >= _ROWS_WITH_PULSES


def _shows_signs(copy: WorkCopy) -> bool:
    """Names or pulses; asked first, since the rest takes longer.  A tall picture may lie on either side."""
    is_tall = copy.rgb.shape[0] > copy.rgb.shape[1]
    return any(_has_signs(np.rot90(copy.rgb, turns)) for turns in ((0, 1, 3) if is_tall else (0,)))


def _has_signs(rgb: np.ndarray) -> bool:
    width = round(_SECONDS * STANDARD_SPEED_MM_S * PX_PER_MM)
    height = min(_MOST_PX, round(len(rgb) * width / rgb.shape[1]))
    small = cv2.resize(np.ascontiguousarray(rgb), (width, height), interpolation=cv2.INTER_AREA)
    darkness = darkness_channels(small, np.ones(small.shape[:2], dtype=bool))
    signs = readers().signs.read(darkness)
    pulses = sum(sign.sign == PULSE for sign in signs)
    return pulses >= _ROWS_WITH_PULSES or len({name.lead for name in names_of(signs)}) >= NAMES_TO_TELL
