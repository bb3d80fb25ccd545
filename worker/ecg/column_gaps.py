"""Columns that are printed apart, as a rhythm strip shows that runs below them without a blank."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from worker.ecg.r_peaks import SAMPLES_PER_S
from worker.ecg.voices import STRONGEST, Voice, together

_MOST_GAP_S: Final = 0.12  # 3 mm at 25 mm/s: wider blanks are seen
_LEAST_GAP_S: Final = 0.016
_LAG_S: Final = 0.25  # of the whole strip
_FITS: Final = 0.6  # of the strengths of a strip and of the columns, where they fit best
_BETTER: Final = 1.15  # than without gaps
_OFF_S: Final = 0.1  # that the strips end earlier or later than by the gaps,
_OFF: Final = 0.5  # or of the gaps


def column_numbers(columns: Sequence[Voice]) -> list[int]:
    """Which column each voice stands in, from 0."""
    width = float(np.median([voice.levels.shape[1] for voice in columns]))
    left = min(voice.first for voice in columns)
    return [round((voice.first - left) / width) for voice in columns]


def gap_between_columns_s(strips: Sequence[Voice], columns: Sequence[Voice]) -> float:
    """How far each column stands from the one before it beyond the time it shows, 0 where the strips tell of none.

    They do by their beats, and by ending so much before the columns.
    """
    last = max(column_numbers(columns), default=0)
    if not strips or last == 0:
        return 0.0
    fits = np.mean([_fits(strip, columns) for strip in strips], axis=0)
    best = int(fits.argmax())
    longer_s = (max(map(_end, columns)) - max(map(_end, strips))) / SAMPLES_PER_S
    gap_s = best / SAMPLES_PER_S
    is_seen = fits[best] >= max(_FITS, _BETTER * fits[0]) and gap_s >= _LEAST_GAP_S
    is_longer = abs(longer_s - last * gap_s) <= min(_OFF_S, _OFF * last * gap_s)
    return gap_s if is_seen and is_longer else 0.0


def _end(voice: Voice) -> int:
    return voice.first + voice.levels.shape[1]


def _fits(strip: Voice, columns: Sequence[Voice]) -> np.ndarray:
    """How well a strip fits the columns at its best lag, for gaps of 0, 1, 2 … samples."""
    strength, _ = together([strip, *columns], [0.0, *(voice.lead.trust * voice.weight for voice in columns)])
    own = np.zeros(strength.size)
    own[strip.first : strip.first + strip.levels.shape[1]] = np.minimum(strip.levels[0], STRONGEST)
    begins = _begins(columns)
    gaps, most_lag = np.arange(round(_MOST_GAP_S * SAMPLES_PER_S) + 1), round(_LAG_S * SAMPLES_PER_S)
    lags = np.arange(-most_lag, most_lag + gaps[-1] * max(begins) + 1)
    at_lag = np.array([np.add.reduceat(np.roll(own, lag) * strength, [*begins.values()]) for lag in lags])
    # A column's lag is the strip's and its number of gaps: shape (lags of the strip, gaps, columns).
    lag = np.arange(2 * most_lag + 1)[:, None, None] + gaps[:, None] * np.array([*begins])
    total = np.take_along_axis(at_lag[:, None], lag, axis=0).sum(axis=-1)
    scale = max(float(np.sqrt((own**2).sum() * (strength**2).sum())), 1e-12)
    return np.asarray(total.max(axis=0) / scale)


def _begins(columns: Sequence[Voice]) -> dict[int, int]:
    """The first sample of each column, by its number."""
    begins: dict[int, int] = {}
    for number, first in sorted(zip(column_numbers(columns), (voice.first for voice in columns), strict=True)):
        begins.setdefault(number, first)
    return begins
