"""Spikes of a pacemaker before the beats that they set off: the atrium's stand apart from them, and look like beats."""

from collections.abc import Callable, Sequence
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

Lead = tuple[int, np.ndarray]
Find = Callable[[Callable[[np.ndarray, float], np.ndarray]], list[int]]


def beats_without_spikes(find: Find, leads: Sequence[Lead], fs: float) -> list[int]:
    """The beats that are found but for spikes, and those that spikes hid.

    A spike is a peak of which, in most leads, little is left without what is too narrow for a heart, where a beat
    follows at once of which far more is left: another peak, or what is found where all that is narrow is taken away.

    Parameters
    ----------
    find : callable
        Peaks of the leads, each changed by a function of its values and its rate: samples, ascending.
    leads : sequence of (int, ndarray of shape (n,))
        The sample at which each lead begins, and its values, positive up, any unit, NaN where nothing was seen.
    fs : float
        Samples per second of what is found and of ``leads``, 200 and more.
    """
    peaks = find(_as_it_is)
    narrow = [peak for peak in peaks if _left_of(peak, leads, fs) <= _MOST_LEFT]
    if not narrow:
        return peaks
    wide, near = find(without_narrow), _REACH_S * fs
    hiding = [peak for peak in narrow if all(abs(peak - beat) > near for beat in wide)]
    pairs = [(peak, beat) for peak in hiding for beat in wide if _sets_off(peak, beat, leads, fs)]
    kept = set(peaks) - {peak for peak, _ in pairs}
    hidden = {beat for _, beat in pairs if all(abs(beat - peak) > near for peak in kept)}
    beats = sorted(kept | hidden)
    spikes = {peak for peak, beat in pairwise(beats) if _sets_off(peak, beat, leads, fs)}
    return [beat for beat in beats if beat not in spikes]


def without_narrow(values: np.ndarray, fs: float) -> np.ndarray:
    """Values, shape (n,), without waves narrower than any heart's."""
    size = max(1, round(_SPIKE_S * fs))  # of a few samples a second none is narrow
    return np.asarray(ndimage.grey_closing(ndimage.grey_opening(values, size=size), size=size))


def _as_it_is(values: np.ndarray, fs: float) -> np.ndarray:
    return values


def _sets_off(spike: int, beat: int, leads: Sequence[Lead], fs: float) -> bool:
    """Whether a peak is a spike before a beat."""
    least, most = (at * fs for at in _BEFORE_BEAT_S)
    if not least <= beat - spike <= most:
        return False
    return _left_of(spike, leads, fs) <= min(_MOST_LEFT, _LESS_THAN_BEAT * _left_of(beat, leads, fs))


def _left_of(peak: int, leads: Sequence[Lead], fs: float) -> float:
    """The share of a deflection's height that is wide, in the median of the leads that show it; 1 where none does."""
    reach = round(_REACH_S * fs)
    shares = [
        float(np.ptp(without_narrow(near, fs)) / np.ptp(near))
        for first, values in leads
        if reach <= peak - first < values.size - reach
        and np.isfinite(near := values[peak - first - reach : peak - first + reach + 1]).all()
        and np.ptp(near) > _LEAST_HEIGHT * np.nanmax(np.abs(values - np.nanmedian(values)))
    ]
    return float(np.median(shares)) if shares else 1.0
