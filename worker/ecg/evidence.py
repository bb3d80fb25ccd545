"""Whether a curve behaves like an ECG, and whether it holds one heartbeat or several.

Plain numbers about a trace; the thresholds stand where the decision is made.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import signal

from worker.ecg.filters import smoothed
from worker.ecg.r_peaks import SAMPLES_PER_S, qrs_strength, resampled

_QRS_WIDTH_S: Final = 0.06  # at half height, as if the largest deflection were a usual QRS
_EDGE_S: Final = 0.12
_COMPLEX_REACH_S: Final = 0.25
_STEEP_SHARE: Final = 0.2
_AT_REST: Final = 0.2  # of the height, either side of the resting level


@dataclass(frozen=True, slots=True)
class Waves:
    """The largest deflection's width and the strengths of the strongest complexes, the first being 1."""

    width: float  # samples at half height
    second: float
    third: float
    apart: float  # between the two strongest, of the trace's length
    at: int | None  # sample of the strongest, None where there is none inside


def strongest_waves(values: np.ndarray) -> Waves:
    """How the strongest steep complexes compare; shape (n,), positive up, any unit."""
    width = main_deflection_width(values)
    fs = float(np.clip(width / _QRS_WIDTH_S, len(values) / 40.0, len(values) / 0.5))
    strength = qrs_strength(resampled(values, fs))
    peaks, _ = signal.find_peaks(np.concatenate([[0.0], strength, [0.0]]), distance=int(0.18 * SAMPLES_PER_S))
    peaks = peaks - 1
    # What the picture's edge cuts is a neighbour's, however steep.
    edge = min(_EDGE_S * SAMPLES_PER_S, 0.08 * len(strength))
    peaks = peaks[(peaks >= edge) & (peaks <= len(strength) - 1 - edge)]
    if len(peaks) == 0:
        return Waves(width, 0.0, 0.0, 0.0, None)
    ordered = peaks[np.argsort(strength[peaks])[::-1]]
    levels = np.concatenate([strength[ordered] / max(strength[ordered[0]], 1e-12), [0.0, 0.0]])
    apart = abs(int(ordered[1]) - int(ordered[0])) / len(strength) if len(ordered) > 1 else 0.0
    at = round(int(ordered[0]) * (len(values) - 1) / max(1, len(strength) - 1))
    return Waves(width, float(levels[1]), float(levels[2]), apart, at)


def main_deflection_width(values: np.ndarray) -> float:
    """Half-height width, in samples, of the sharpest of the large deflections."""
    away = values - np.median(values)
    away = away * np.sign(away[np.argmax(np.abs(away))])
    walled = np.concatenate([[away.min()], away, [away.min()]])
    peaks, _ = signal.find_peaks(walled, prominence=0.5 * np.ptp(away))
    if len(peaks) == 0:
        return len(values) / 20
    return max(1.0, float(signal.peak_widths(walled, peaks, rel_height=0.5)[0].min()))


def deflection_near(values: np.ndarray, at: int, reach: float) -> int:
    """Sample of the largest deflection within ``reach`` (of the trace's length) of ``at``."""
    start = max(0, at - int(reach * len(values)))
    around = np.abs(values - np.median(values))[start : at + int(reach * len(values)) + 1]
    return start + int(np.argmax(around))


def share_at_rest(values: np.ndarray) -> float:
    """Part of the time spent near the resting level: most of it in an ECG, little in a sine or a square wave."""
    low, high = np.quantile(values, [0.003, 0.997])
    return float((np.abs(values - np.median(values)) < _AT_REST * (high - low)).mean())


def share_at_two_levels(values: np.ndarray) -> float:
    """Part of the time spent at the resting level or at the very top: nearly all of it in a train of pulses."""
    low, high = np.quantile(values, [0.003, 0.997])
    near = 0.03 * (high - low)
    at_rest, at_top = (np.abs(values - np.quantile(values, level)) < near for level in (0.5, 0.99))
    return float((at_rest | at_top).mean())


def span_between(values: np.ndarray, r_peaks: np.ndarray, half_width: float) -> float:
    """How far the trace moves outside the complexes, of its height; 1 where nothing is outside them."""
    spacing = float(np.median(np.diff(r_peaks))) if len(r_peaks) > 1 else float(len(values))
    half_width = min(half_width, 0.25 * spacing)
    outside = np.ones(len(values), dtype=bool)
    for r in r_peaks:
        outside[max(0, int(r - half_width)) : int(r + half_width) + 1] = False
    if outside.sum() < 5:
        return 1.0
    low, high = np.quantile(values, [0.003, 0.997])
    bottom, top = np.quantile(smoothed(values, max(1.0, 0.3 * half_width))[outside], [0.04, 0.96])
    return float((top - bottom) / max(high - low, 1e-9))


def slope_focus(values: np.ndarray, r_peaks: np.ndarray, half_width: float) -> float:
    """Part of the steepness (squared slope) that lies within ``half_width`` samples of the R peaks."""
    slope = np.gradient(smoothed(values, max(1, half_width / 6))) ** 2
    near = np.zeros(len(values), dtype=bool)
    for r in r_peaks:
        near[max(0, int(r - half_width)) : int(r + half_width) + 1] = True
    total = slope.sum()
    return float(slope[near].sum() / total) if total > 0 else 0.0


def steep_on_both_sides(values: np.ndarray, r_peaks: np.ndarray, half_width: float) -> float:
    """How steep complexes are in their less steep direction, of the steeper one, median over beats; 0 without any.

    Parameters
    ----------
    values : ndarray, shape (n,)
    r_peaks : ndarray of int
        Sample indices.
    half_width : float
        Samples to look at on either side of each.
    """
    slope, reach = np.diff(values), max(1, round(half_width))
    shares = []
    for r in r_peaks:
        near = slope[max(0, int(r) - reach) : int(r) + reach]
        up, down = max(0.0, near.max(initial=0.0)), max(0.0, -near.min(initial=0.0))
        shares.append(min(up, down) / max(up, down) if max(up, down) > 0 else 0.0)
    return float(np.median(shares)) if shares else 0.0


def inner_slope_focus(values: np.ndarray, peak: int, half_width: float) -> float:
    """``slope_focus`` of one beat, without the ends of the trace, where neighbours' complexes may be cut."""
    edge = int(0.1 * len(values))
    inside = values[edge : len(values) - edge]
    return slope_focus(inside, np.array([peak - edge]), half_width)


def steep_width(values: np.ndarray, r_peaks: np.ndarray, fs: float) -> float:
    """Seconds in which a complex is at least a fifth as steep as where it is steepest, median over beats; NaN if none.

    Parameters
    ----------
    values : ndarray, shape (n,)
    r_peaks : ndarray of int, shape (n_beats,)
    fs : float
        Hz.
    """
    slope, reach = np.abs(np.gradient(values)), round(_COMPLEX_REACH_S * fs)
    widths = []
    for peak in r_peaks:
        near = slope[max(0, peak - reach) : peak + reach]
        steep = np.flatnonzero(near > _STEEP_SHARE * near.max()) if near.size == 2 * reach else near[:0]
        if steep.size:
            widths.append(float(steep[-1] - steep[0]) / fs)
    return float(np.median(widths)) if widths else float("nan")


def likeness(values: np.ndarray, r_peaks: np.ndarray) -> float:
    """Median over beats of the best correlation with any other beat; 0 for fewer than two beats."""
    if len(r_peaks) < 2:
        return 0.0
    return float(np.median(_beats_compared(values, r_peaks)[1].max(axis=1)))


def height_mismatch(values: np.ndarray, r_peaks: np.ndarray) -> float:
    """Median over beats of how far a beat's height is from that of the beat most like it, as a log ratio.

    A heart repeats its beats in shape and height; peaks of a spectrum, spikes of a nerve and towers of a town repeat
    their shape alone.  0 for fewer than two beats.
    """
    if len(r_peaks) < 2:
        return 0.0
    heights, alike = _beats_compared(values, r_peaks)
    return float(np.median(np.abs(np.log(heights / heights[alike.argmax(axis=1)]))))


def rhythm_spread(r_peaks: np.ndarray) -> float:
    """Standard deviation of the RR intervals against their mean; 0 for fewer than three beats."""
    intervals = np.diff(r_peaks)
    return float(intervals.std() / intervals.mean()) if len(intervals) > 1 else 0.0


def _beats_compared(values: np.ndarray, r_peaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Heights ``[n]`` of two or more beats, and each one's correlation with each other one ``[n, n]``."""
    reach = max(3, int(0.3 * np.median(np.diff(r_peaks))))
    padded = np.pad(values, reach, mode="edge")
    beats = np.stack([padded[r : r + 2 * reach + 1] for r in r_peaks])
    heights = np.maximum(np.ptp(beats, axis=1), 1e-9)
    beats = beats - beats.mean(axis=1, keepdims=True)
    beats = beats / np.maximum(np.linalg.norm(beats, axis=1), 1e-12)[:, None]
    alike = beats @ beats.T
    np.fill_diagonal(alike, -1.0)
    return heights, alike
