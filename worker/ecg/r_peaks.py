"""R-peak detection on one lead, with the time scale known or not."""

from typing import Final

import numpy as np
from scipy import signal

from worker.ecg.filters import band_passed, smoothed
from worker.ecg.pacing import beats_without_spikes

MIN_RR_S: Final = 0.24
SAMPLES_PER_S: Final = 250.0  # everything is computed at this rate

# Of the typical strength of a beat in this piece.
_STRONG: Final = 0.30
_BESIDE_STRONGEST: Final = 0.30  # of the third strongest
_WEAK: Final = 0.10
_T_WAVE_WITHIN_S: Final = 0.40
# Of the complex before it.  With 0.3 no beat more is lost of 25,659 of DS1's (every second ten seconds), with 0.4 four.
_T_WAVE_SHARP: Final = 0.25
_T_WAVE_STRONG: Final = 0.5
_NEAR_S: Final = 0.05

_EDGE_S: Final = 0.06
_NEAR_EDGE_S: Final = 0.16
_COMPLEX_S: Final = 0.12  # to either side of the peak
_ALIKE: Final = 0.8


def detect_r_peaks(values: np.ndarray, fs: float | None) -> np.ndarray:
    """Sample indices of the R peaks.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One lead, positive up, any unit, without NaN.
    fs : float or None
        Samples per second; None where the trace carries no time: a scale is then estimated from the width of
        its sharpest waves, for detection alone.

    Returns
    -------
    ndarray of int, shape (n_beats,)
        Ascending, at the largest deflection of each QRS complex.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < 8 or np.ptp(values) == 0:
        return np.empty(0, dtype=int)
    scale = fs if fs is not None else estimated_fs(values)
    at_250 = resampled(values, scale)
    if len(at_250) < 0.3 * SAMPLES_PER_S:
        return np.empty(0, dtype=int)
    if fs is None:
        peaks = _peaks(at_250)
    else:
        peaks = beats_without_spikes(lambda change: _peaks(change(at_250, SAMPLES_PER_S)), [(0, at_250)], SAMPLES_PER_S)
    ratio = scale / SAMPLES_PER_S
    found = [deflection_near(values, round(p * ratio), scale) for p in peaks]
    return np.unique(np.asarray(found, dtype=int))


def _peaks(at_250: np.ndarray) -> list[int]:
    return peaks_of_strength(qrs_strength(at_250), sharp_strength(at_250))


def complete_complexes(values: np.ndarray, r_peaks: np.ndarray, fs: float) -> np.ndarray:
    """The R peaks whose whole QRS complex lies inside the trace.

    What the edge leaves of a complex, or of the T wave after one, may look steep: so near an edge a peak counts
    only if what is seen of it looks like another beat of the strip.
    """
    from_edge = np.minimum(r_peaks, len(values) - 1 - r_peaks)
    inside = r_peaks[from_edge >= _NEAR_EDGE_S * fs]
    kept = [
        peak
        for peak, distance in zip(r_peaks, from_edge, strict=True)
        if distance >= _NEAR_EDGE_S * fs or (distance >= _EDGE_S * fs and _resembles_one(values, int(peak), inside, fs))
    ]
    return np.array(kept, dtype=int)


def _resembles_one(values: np.ndarray, peak: int, others: np.ndarray, fs: float) -> bool:
    """Whether the complex, as far as it is seen, has the shape and half the size of one of the others."""
    before, after = (min(round(_COMPLEX_S * fs), room) for room in (peak, len(values) - 1 - peak))
    seen = values[peak - before : peak + after + 1]
    return len(others) == 0 or any(
        np.corrcoef(seen, other)[0, 1] >= _ALIKE and np.ptp(seen) >= 0.5 * np.ptp(other)
        for other in (values[at - before : at + after + 1] for at in others)
        if len(other) == len(seen) and np.ptp(other) > 0 and np.ptp(seen) > 0
    )


def resampled(values: np.ndarray, fs: float) -> np.ndarray:
    if fs == SAMPLES_PER_S:
        return values
    length = max(2, round(len(values) * SAMPLES_PER_S / fs))
    if fs > SAMPLES_PER_S:
        values = smoothed(values, fs / SAMPLES_PER_S)
    return np.interp(np.linspace(0, len(values) - 1, length), np.arange(len(values)), values)


def qrs_strength(values: np.ndarray) -> np.ndarray:
    """Root of the energy of slopes in the QRS band over 0.1 s, shape (n,)."""
    return _strength_between(values, 5.0, 22.0)


def sharp_strength(values: np.ndarray) -> np.ndarray:
    """The same where T waves, however tall, have next to nothing."""
    return _strength_between(values, 12.0, 35.0)


def _strength_between(values: np.ndarray, low_hz: float, high_hz: float) -> np.ndarray:
    slope = np.gradient(band_passed(values, SAMPLES_PER_S, low_hz, high_hz))
    return np.sqrt(np.maximum(smoothed(smoothed(slope**2, 0.08 * SAMPLES_PER_S), 0.05 * SAMPLES_PER_S), 0))


def typical_strength(strengths: np.ndarray, length: int) -> float:
    """How strong a beat of this piece is: the median of the strongest candidates, about one a second.

    Slow rhythms have fewer, so whatever is weak beside the third strongest (one artefact may be stronger) is no beat.
    """
    count = max(2, int(length / SAMPLES_PER_S * 0.8))
    strongest = np.sort(strengths)[::-1][:count]
    third = strongest[min(2, len(strongest) - 1)]
    return float(np.median(strongest[strongest >= _BESIDE_STRONGEST * third]))


def strength_candidates(strength: np.ndarray) -> np.ndarray:
    """Every local maximum, the ends included."""
    padded = np.concatenate([[0.0], strength, [0.0]])
    candidates, _ = signal.find_peaks(padded, distance=int(0.18 * SAMPLES_PER_S))
    return np.asarray(candidates - 1)


def peaks_of_strength(strength: np.ndarray, sharp: np.ndarray) -> list[int]:
    """Which maxima of a ``qrs_strength`` are beats, told from T waves by a ``sharp_strength``: samples, ascending."""
    candidates = strength_candidates(strength)
    if len(candidates) == 0:
        return []
    typical = typical_strength(strength[candidates], len(strength))
    level = strength[candidates] / typical
    kept = [int(c) for c, s in zip(candidates, level, strict=True) if s >= _STRONG]
    kept = _without_close(kept, strength)
    kept = _without_t_waves(kept, strength, sharp)
    return _searched_back(kept, candidates, strength, typical)


def _without_close(peaks: list[int], strength: np.ndarray) -> list[int]:
    kept: list[int] = []
    for peak in peaks:
        if kept and peak - kept[-1] < MIN_RR_S * SAMPLES_PER_S:
            if strength[peak] > strength[kept[-1]]:
                kept[-1] = peak
        else:
            kept.append(peak)
    return kept


def _without_t_waves(peaks: list[int], strength: np.ndarray, sharp: np.ndarray) -> list[int]:
    kept: list[int] = []
    for peak in peaks:
        near = kept and peak - kept[-1] < _T_WAVE_WITHIN_S * SAMPLES_PER_S
        if near and (
            strength[peak] < _T_WAVE_STRONG * strength[kept[-1]]
            or _most_near(sharp, peak) < _T_WAVE_SHARP * _most_near(sharp, kept[-1])
        ):
            continue
        kept.append(peak)
    return kept


def _most_near(strength: np.ndarray, at: int) -> float:
    reach = round(_NEAR_S * SAMPLES_PER_S)
    return float(strength[max(0, at - reach) : at + reach + 1].max())


def _searched_back(kept: list[int], candidates: np.ndarray, strength: np.ndarray, typical: float) -> list[int]:
    """Weak candidates inside gaps much longer than the usual interval."""
    if len(kept) < 3:
        return kept
    usual = float(np.median(np.diff(kept)))
    found = list(kept)
    for left, right in zip([kept[0] - usual * 1.0, *kept], [*kept, kept[-1] + usual], strict=True):
        if right - left < 1.6 * usual:
            continue
        margin = max(0.36 * SAMPLES_PER_S, 0.4 * usual)
        inside = [int(c) for c in candidates if left + margin < c < right - margin]
        inside = [c for c in inside if strength[c] >= _WEAK * typical]
        if inside:
            found.append(max(inside, key=lambda c: strength[c]))
    return sorted(found)


def deflection_near(values: np.ndarray, at: int, fs: float) -> int:
    """Sample of the largest deflection within 80 ms of ``at``."""
    reach = max(1, int(0.08 * fs))
    start, stop = max(0, at - reach), min(len(values), at + reach + 1)
    wide = values[max(0, at - 4 * reach) : at + 4 * reach + 1]
    return start + int(np.argmax(np.abs(values[start:stop] - np.median(wide))))


def estimated_fs(values: np.ndarray) -> float:
    """Samples per second as if the sharpest waves were QRS complexes of usual width; good to a factor of two."""
    return float(np.clip(sharp_wave_width(values) / 0.045, len(values) / 40.0, len(values) / 0.5))


def sharp_wave_width(values: np.ndarray) -> float:
    """Half-height width, in samples, of the sharpest large waves."""
    values = smoothed(values - np.median(values), max(1, len(values) // 400))
    both = []
    for sign in (1.0, -1.0):
        signed = sign * values
        peaks, facts = signal.find_peaks(signed, prominence=0.25 * np.ptp(signed))
        if len(peaks):
            widths = signal.peak_widths(signed, peaks, rel_height=0.5)[0]
            sharp = facts["prominences"] / widths
            both += list(zip(sharp, widths, strict=True))
    if not both:
        return len(values) / 100.0
    both.sort(reverse=True)
    top = [w for s, w in both if s > 0.5 * both[0][0]]
    return float(np.median(top))
