"""Boxes around beats."""

import itertools

import numpy as np

from worker.results import Box


def beat_spans(r_peaks: np.ndarray, length: int) -> list[tuple[float, float]]:
    """First and last sample of each beat: midway between neighbours; half a mean interval outwards at the ends."""
    if len(r_peaks) == 0:
        return []
    half = float(np.mean(np.diff(r_peaks))) / 2 if len(r_peaks) > 1 else length / 2
    middles = (r_peaks[:-1] + r_peaks[1:]) / 2
    limits = np.clip(np.concatenate([[r_peaks[0] - half], middles, [r_peaks[-1] + half]]), 0, length)
    return [(float(a), float(b)) for a, b in itertools.pairwise(limits)]


def box_around(points: np.ndarray) -> Box:
    """The upright box of whole pixels around points, shape (n, 2)."""
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top))
