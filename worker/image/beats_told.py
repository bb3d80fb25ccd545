"""Beats as a person corrected them: R peaks added near a curve, and R peaks taken away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.image.told import PointPx, Told

_NEAR_S: Final = 0.2  # along time: wider than leads differ in where they show one beat, narrower than any two beats
_NEAR_OF_RR: Final = 0.5  # nor more than this, where beats follow each other that fast
_NEAR_WITHOUT_TIME: Final = 0.25  # of the median RR interval: an early beat may come after half of it
_REACH: Final = 2.0  # times as far from the curve itself: its waves are high


@dataclass(frozen=True, slots=True, eq=False)
class PlacedCurve:
    """Where the samples of a curve lie in the picture, shape (n, 2), and the time of each: ``start + i / fs``."""

    at_px: np.ndarray
    start: float = 0.0
    fs: float = 1.0

    @property
    def px_per_time(self) -> float:
        """Pixels along the curve for one unit of its times."""
        across = float(np.hypot(*(self.at_px[-1] - self.at_px[0])))
        return across / max(len(self.at_px) - 1, 1) * self.fs

    def nearest(self, point: PointPx) -> tuple[float, float]:
        """Distance in pixels of the nearest sample, and its time."""
        away = np.hypot(*(self.at_px - point).T)
        at = int(away.argmin())
        return float(away[at]), self.start + at / self.fs


def beats_told(
    beats: np.ndarray, curves: Sequence[PlacedCurve], told: Told, *, second: float | None = 1.0
) -> np.ndarray:
    """Times of beats, ascending, with those that were added and without those that were taken away.

    A point near no curve, or a beat to be taken away near no beat, is passed over: said twice, it is said once.

    Parameters
    ----------
    beats : ndarray, shape (n_beats,)
        As found, in the unit of the curves' times.
    curves : sequence of PlacedCurve
    told : Told
    second : float or None
        How much of that unit is a second; None where the picture carries no time.
    """
    if not curves:
        return beats
    near = _near(beats, second)
    for at in _times_at(curves, told.r_peaks_removed, near):
        if beats.size and np.abs(beats - at).min() <= near:
            beats = np.delete(beats, np.abs(beats - at).argmin())
    added = list(_times_at(curves, told.r_peaks_added, near))
    return np.unique(np.concatenate([beats, added])) if added else beats


def _near(beats: np.ndarray, second: float | None) -> float:
    """How far from a beat along time a point may be and still mean it."""
    rr = float(np.median(np.diff(beats))) if beats.size > 1 else np.inf
    return _NEAR_WITHOUT_TIME * rr if second is None else min(_NEAR_S * second, _NEAR_OF_RR * rr)


def _times_at(curves: Sequence[PlacedCurve], points: Sequence[PointPx], near: float) -> Iterator[float]:
    for point in points:
        (away, at), curve = min(((curve.nearest(point), curve) for curve in curves), key=lambda one: one[0])
        if away <= _REACH * near * curve.px_per_time:
            yield at
