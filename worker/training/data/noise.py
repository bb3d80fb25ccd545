"""Noise as patients make it, at a stated signal-to-noise ratio."""

from typing import Final

import numpy as np
from scipy import signal as filters

from worker.ecg.r_peaks import detect_r_peaks

NOISE_SNR_DB: Final = (24, 18, 12, 6, 0)

# Share of the noise's power.
MIXTURE: Final = {"baseline_wander": 0.3, "muscle": 0.3, "electrode_motion": 0.3, "white": 0.1}
_WANDER_HZ: Final = (0.05, 0.6)
_MUSCLE_HZ: Final = (20.0, 120.0)
_MOTION_HZ: Final = (0.8, 12.0)
_QRS_HALF_S: Final = 0.05
_TRIMMED: Final = 0.05
_BURSTS_PER_S: Final = 0.25


def noisy(
    signal: np.ndarray,
    fs: float,
    snr_db: float,
    rng: np.random.Generator,
    *,
    r_peaks: np.ndarray | None = None,
) -> np.ndarray:
    """A signal with noise added: baseline wander, muscle, moving electrodes and white noise.

    The ratio is ``10 log10(S / N)``.  ``S`` is the power of a sine as high as the QRS complexes: the mean peak-to-peak
    amplitude within 50 ms of the R peaks, the largest and smallest 5 % left out, squared and divided by 8.  ``N`` is
    the variance of the sum of all noises over the signal; ``MIXTURE`` says each one's share of it.  Taking the QRS
    height for the signal follows WFDB's ``nst`` (WFDB Applications Guide); its noise was recorded, ours is made.

    Parameters
    ----------
    signal : ndarray, shape (n,)
        Any unit.
    fs : float
        Hz.
    snr_db : float
    rng : numpy.random.Generator
    r_peaks : ndarray of int, optional
        Sample indices from which the height is measured; detected in ``signal`` without them.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the signal holds no beat to measure.
    """
    signal = np.asarray(signal, np.float64)
    peaks = detect_r_peaks(signal, fs) if r_peaks is None else r_peaks
    noise = sum(np.sqrt(share) * _unit(part, rng, fs, signal.size) for part, share in MIXTURE.items())
    noise = noise / max(float(np.std(noise)), 1e-12)
    return signal + noise * np.sqrt(qrs_power(signal, fs, peaks) / 10 ** (snr_db / 10))


def qrs_power(signal: np.ndarray, fs: float, r_peaks: np.ndarray) -> float:
    """Power of a sine as high as the QRS complexes; see ``noisy``."""
    half = round(_QRS_HALF_S * fs)
    inside = r_peaks[(r_peaks >= half) & (r_peaks < signal.size - half)]
    if inside.size == 0:
        raise ValueError("signal: expected at least one R peak to measure its height. Received: none")
    heights = np.sort(np.ptp(signal[inside[:, None] + np.arange(-half, half + 1)], axis=1))
    cut = int(_TRIMMED * heights.size)
    return float(heights[cut : heights.size - cut].mean() ** 2 / 8)


def _unit(part: str, rng: np.random.Generator, fs: float, count: int) -> np.ndarray:
    """One kind of noise with variance 1."""
    white = rng.standard_normal(count)
    match part:
        case "baseline_wander":
            made = _band(white, fs, _WANDER_HZ)
        case "muscle":
            made = _band(white, fs, _MUSCLE_HZ) * _bursts(rng, fs, count)
        case "electrode_motion":
            # Bumps as high and as wide as a QRS complex; this is what detectors take for beats.
            made = _band(white, fs, _MOTION_HZ) * _bursts(rng, fs, count)
        case _:
            made = white
    return made / max(float(np.std(made)), 1e-12)


def _band(white: np.ndarray, fs: float, band_hz: tuple[float, float]) -> np.ndarray:
    low, high = band_hz[0], min(band_hz[1], 0.45 * fs)
    sections = filters.butter(2, (low, high), btype="bandpass", fs=fs, output="sos")
    # Filtered with room on both sides, so that slow noise starts in its stride.
    room = min(white.size - 1, round(fs / low))
    return filters.sosfiltfilt(sections, white, padtype="odd", padlen=room)


def _bursts(rng: np.random.Generator, fs: float, count: int) -> np.ndarray:
    """An envelope that rises and falls every few seconds: patients move now and then."""
    seconds = count / fs
    knots = rng.uniform(0.3, 1.7, max(2, round(seconds * _BURSTS_PER_S) + 1))
    return np.interp(np.linspace(0, knots.size - 1, count), np.arange(knots.size), knots)
