"""Strips, and the stretch of trace that belongs to one beat."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

PAPER_FS_HZ: Final = 360.0
PAPER_MARGIN_SAMPLES: Final = 20
SEGMENT_LONGEST_S: Final = 60.0
SEGMENT_STEP_S: Final = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """One lead of ECG with its R peaks.

    Parameters
    ----------
    values : ndarray, shape (n_samples,)
        Evenly sampled, positive up, in any unit, free of NaN.
    fs : float or None
        Sampling frequency in Hz; None where the picture carries no time.
    r_peaks : ndarray of int, shape (n_beats,)
        Sample indices, ascending.

    Raises
    ------
    ValueError
        If an argument has another shape, or a peak lies outside the values.
    """

    values: np.ndarray
    fs: float | None
    r_peaks: np.ndarray

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        r_peaks = np.asarray(self.r_peaks, dtype=np.int64)
        if values.ndim != 1 or values.size < 2 or not np.isfinite(values).all():
            raise ValueError(f"values: expected a finite 1-D array of >= 2 samples. Received: shape {values.shape}")
        if self.fs is not None and not self.fs > 0:
            raise ValueError(f"fs: expected a positive frequency in Hz or None. Received: {self.fs!r}")
        if r_peaks.ndim != 1 or (r_peaks.size and not 0 <= r_peaks.min() <= r_peaks.max() < values.size):
            raise ValueError(f"r_peaks: expected sample indices within {values.size} samples. Received: {r_peaks!r}")
        if (np.diff(r_peaks) <= 0).any():
            raise ValueError("r_peaks: expected strictly ascending sample indices")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "r_peaks", r_peaks)


def paper_window(previous: int, following: int, fs: float = PAPER_FS_HZ) -> tuple[int, int]:
    """Bounds of a beat's picture: 20 samples (at 360 Hz) after the previous beat to 20 before the following one.

    Source: Jun et al. 2018, arXiv 1804.06812, section 3.1.

    Parameters
    ----------
    previous, following : int
        Sample indices of the neighbouring annotations.
    fs : float
        Sampling frequency in Hz.

    Returns
    -------
    tuple of int
        First sample and one past the last.
    """
    margin = round(PAPER_MARGIN_SAMPLES * fs / PAPER_FS_HZ)
    return previous + margin, following - margin


def strip_segments(duration_s: float) -> Iterator[tuple[float, float]]:
    """Overlapping segments, in seconds, through which a long strip is read; a short one is a single segment."""
    start_s = 0.0
    while start_s + SEGMENT_LONGEST_S < duration_s:
        yield start_s, start_s + SEGMENT_LONGEST_S
        start_s += SEGMENT_STEP_S
    yield max(0.0, min(start_s, duration_s - SEGMENT_LONGEST_S)), duration_s
