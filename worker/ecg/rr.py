"""RR intervals: their mean, and the tachogram around each beat."""

from typing import Final

import numpy as np

ASSUMED_MEAN_RR_S: Final = 0.8
TACHOGRAM_BEFORE: Final = 8
TACHOGRAM_AFTER: Final = 4
TACHOGRAM_INTERVALS: Final = TACHOGRAM_BEFORE + TACHOGRAM_AFTER


def mean_rr_s(r_s: np.ndarray) -> float:
    """Mean RR interval of a strip; 0.8 s where it holds fewer than two beats.

    Parameters
    ----------
    r_s : ndarray, shape (n_beats,)
        R peaks in seconds, ascending.
    """
    if r_s.size < 2:
        return ASSUMED_MEAN_RR_S
    return float((r_s[-1] - r_s[0]) / (r_s.size - 1))


def assumed_fs(r_peaks: np.ndarray, n_samples: int) -> float:
    """Sampling frequency in Hz that makes the mean RR interval 0.8 s, for strips that carry no time."""
    if r_peaks.size < 2:
        return n_samples / (ASSUMED_MEAN_RR_S * 2)
    return mean_rr_s(r_peaks.astype(np.float64)) / ASSUMED_MEAN_RR_S


def tachogram(r_s: np.ndarray) -> np.ndarray:
    """The intervals around each beat, as octaves above or below the strip's mean RR interval.

    Scaled by the mean, not the median: where ectopic beats are the majority, the median interval is theirs.

    Parameters
    ----------
    r_s : ndarray, shape (n_beats,)
        R peaks in seconds, ascending.

    Returns
    -------
    ndarray, shape (n_beats, 12)
        Column 7 is the interval that ends at the beat; NaN where the strip holds no such interval.
    """
    octaves = np.log2(np.maximum(np.diff(r_s), 1e-3) / mean_rr_s(r_s))
    padded = np.concatenate([np.full(TACHOGRAM_BEFORE, np.nan), octaves, np.full(TACHOGRAM_AFTER, np.nan)])
    if r_s.size == 0:
        return np.empty((0, TACHOGRAM_INTERVALS))
    return np.lib.stride_tricks.sliding_window_view(padded, TACHOGRAM_INTERVALS)[: r_s.size].copy()
