"""Beats as a person corrected them: R peaks added near a curve, and R peaks taken away."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from worker.image.told import PointPx, Told


@dataclass(frozen=True, slots=True, eq=False)
class PlacedCurve:
    """Where the samples of a curve lie in the picture, shape (n, 2), and the time of each: ``start + i / fs``."""

    at_px: np.ndarray
    start: float = 0.0
    fs: float = 1.0

    def nearest(self, point: PointPx) -> tuple[float, float]:
        """Distance in pixels of the nearest sample, and its time."""
        away = np.hypot(*(self.at_px - point).T)
        at = int(away.argmin())
        return float(away[at]), self.start + at / self.fs


def beats_told(beats: np.ndarray, curves: Sequence[PlacedCurve], told: Told) -> np.ndarray:
    """Times of beats, ascending, with those that were added and without those that were taken away.

    Parameters
    ----------
    beats : ndarray, shape (n_beats,)
        As found, in the unit of the curves' times.
    curves : sequence of PlacedCurve
    told : Told
    """
    if not curves:
        return beats
    for point in told.r_peaks_removed:
        if beats.size:
            beats = np.delete(beats, np.abs(beats - _time_at(curves, point)).argmin())
    added = [_time_at(curves, point) for point in told.r_peaks_added]
    return np.unique(np.concatenate([beats, added])) if added else beats


def _time_at(curves: Sequence[PlacedCurve], point: PointPx) -> float:
    return min(curve.nearest(point) for curve in curves)[1]
