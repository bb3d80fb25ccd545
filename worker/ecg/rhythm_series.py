"""The rhythm around each beat as series over 96 beats: what a tachogram of a few intervals cannot hold."""

from typing import Final

import numpy as np

from worker.ecg.rr import ASSUMED_MEAN_RR_S

BEATS_BEFORE: Final = 63
BEATS_AFTER: Final = 32
SERIES_BEATS: Final = BEATS_BEFORE + 1 + BEATS_AFTER
SERIES: Final = ("intervals", "shapes", "p_waves", "interval_profile", "late_p_waves")
_LIKENESS_AT: Final = tuple(SERIES.index(name) for name in ("shapes", "p_waves", "late_p_waves"))
LIKENESS_NUMBERS: Final = 2 * len(_LIKENESS_AT)  # of each beat
_OCTAVES: Final = 2.0
_PROFILE_OCTAVES: Final = 2.5


def rhythm_series(r_s: np.ndarray, likeness: np.ndarray) -> np.ndarray:
    """Five pairs of series for each beat.

    ``intervals``: each interval's octaves above the mean of those around, and whether there is one.  ``shapes``
    and ``p_waves``: the four numbers of ``worker.ecg.likeness`` of each beat around.  ``interval_profile``: the
    intervals around in order of length as octaves above the beat's own, and their mean as octaves above 0.8 s.
    A run of ectopic beats is a majority that is short against the longest intervals, whatever mean and median say.
    ``late_p_waves``: how the P wave of the beats like each one around is like that after the longest intervals.

    Parameters
    ----------
    r_s : ndarray, shape (n_beats,)
        R peaks in seconds, ascending.
    likeness : ndarray, shape (n_beats, 6)
        Two numbers each of ``shapes``, ``p_waves`` and ``late_p_waves``.

    Returns
    -------
    ndarray of float32, shape (n_beats, 5, 96, 2)
        Position 63 is the beat itself; zeros where there is no beat.
    """
    n = r_s.size
    series = np.zeros((n, len(SERIES), SERIES_BEATS, 2), np.float32)
    if n == 0:
        return series
    intervals = np.concatenate([[np.nan], np.maximum(np.diff(r_s), 1e-3)])
    around = _around(intervals, np.nan)
    known = np.isfinite(around)
    mean = _mean_interval(around, known)
    octaves = np.log2(np.where(known, around, mean) / mean)
    series[:, 0, :, 0] = np.clip(octaves, -_OCTAVES, _OCTAVES)
    series[:, 0, :, 1] = known
    for number, values in enumerate(likeness.T):
        series[:, _LIKENESS_AT[number // 2], :, number % 2] = _around(values, 0.0)
    series[:, 3, :, 0] = _profile(around, known, np.where(np.isfinite(intervals)[:, None], intervals[:, None], mean))
    series[:, 3, :, 1] = np.clip(np.log2(mean / ASSUMED_MEAN_RR_S), -1.5, 1.5)
    return series


def _around(values: np.ndarray, missing: float) -> np.ndarray:
    padded = np.pad(values, (BEATS_BEFORE, BEATS_AFTER), constant_values=missing)
    return np.lib.stride_tricks.sliding_window_view(padded, SERIES_BEATS)


def _mean_interval(around: np.ndarray, known: np.ndarray) -> np.ndarray:
    count = known.sum(axis=1, keepdims=True)
    total = np.where(known, around, 0.0).sum(axis=1, keepdims=True)
    return np.where(count > 0, total / np.maximum(count, 1), ASSUMED_MEAN_RR_S)


def _profile(around: np.ndarray, known: np.ndarray, own: np.ndarray) -> np.ndarray:
    count = known.sum(axis=1)
    ordered = np.sort(around, axis=1)  # NaN last
    rank = np.linspace(0, 1, SERIES_BEATS) * np.maximum(count - 1, 0)[:, None]
    lengths = np.take_along_axis(ordered, np.floor(rank).astype(int), axis=1)
    return np.clip(np.nan_to_num(np.log2(lengths / own)), -_PROFILE_OCTAVES, _PROFILE_OCTAVES)
