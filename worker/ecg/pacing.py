"""Spikes of a pacemaker before the beats that they set off: the atrium's stand apart from them, and look like beats."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from scipy import ndimage

_SPIKE_S: Final = 0.016  # what is narrower vanishes
_REACH_S: Final = 0.06
# From an atrium's spike to its beat; a device waits no longer, and a nearer one is a part of the complex.
_BEFORE_BEAT_S: Final = (0.08, 0.36)
_LEAST_HEIGHT: Final = 0.2  # of a lead's highest wave; lower ones do not tell a spike from noise
# Read from drawn pages of a paced heart its spikes have 0.25 to 0.52 left, its beats 0.7 and more; beats of eleven
# other hearts 0.57 and more.
_MOST_LEFT: Final = 0.55
_LESS_THAN_BEAT: Final = 0.6  # of what is left of the beat after it


def without_spikes(peaks: Sequence[int], leads: Sequence[tuple[int, np.ndarray]], fs: float) -> list[int]:
    """The peaks but for those of which, in most leads, little is left without what is too narrow for a heart.

    Only where a beat follows at once, of which far more is left.

    Parameters
    ----------
    peaks : sequence of int
        Samples, ascending.
    leads : sequence of (int, ndarray of shape (n,))
        The sample at which each lead begins, and its values, positive up, any unit, NaN where nothing was seen.
    fs : float
        Samples per second, 200 and more.
    """
    least, most = (at * fs for at in _BEFORE_BEAT_S)
    left = [(peak, _left_of(peak, leads, fs)) for peak in peaks]
    spikes = {
        peak
        for (peak, of_peak), (beat, of_beat) in pairwise(left)
        if least <= beat - peak <= most and of_peak <= min(_MOST_LEFT, _LESS_THAN_BEAT * of_beat)
    }
    return [peak for peak in peaks if peak not in spikes]


def _left_of(peak: int, leads: Sequence[tuple[int, np.ndarray]], fs: float) -> float:
    """The share of a deflection's height that is wide, in the median of the leads that show it; 1 where none does."""
    reach = round(_REACH_S * fs)
    shares = [
        _wide_share(near, round(_SPIKE_S * fs))
        for first, values in leads
        if reach <= peak - first < values.size - reach
        and np.isfinite(near := values[peak - first - reach : peak - first + reach + 1]).all()
        and np.ptp(near) > _LEAST_HEIGHT * np.nanmax(np.abs(values - np.nanmedian(values)))
    ]
    return float(np.median(shares)) if shares else 1.0


def _wide_share(near: np.ndarray, size: int) -> float:
    wide = ndimage.grey_closing(ndimage.grey_opening(near, size=size), size=size)
    return float(np.ptp(wide) / np.ptp(near))
