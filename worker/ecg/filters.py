"""Zero-phase filters for short signals, with ends continued by reflection so that edge beats survive."""

import numpy as np
from scipy import ndimage, signal


def band_passed(values: np.ndarray, fs: float, low_hz: float, high_hz: float, order: int = 2) -> np.ndarray:
    """Butterworth band-pass, forward and backward.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Any unit; n may be short, the ends are continued by odd reflection.
    fs : float
        Samples per second.
    low_hz, high_hz : float
        The band; ``high_hz`` is lowered to 0.45 ``fs`` where the signal carries no more.

    Returns
    -------
    ndarray, shape (n,)
    """
    high_hz = min(high_hz, 0.45 * fs)
    if high_hz <= low_hz:
        return values - values.mean()
    sections = signal.butter(order, [low_hz, high_hz], btype="bandpass", fs=fs, output="sos")
    pad = min(len(values) - 1, int(fs))
    return signal.sosfiltfilt(sections, values, padtype="odd", padlen=pad)


def smoothed(values: np.ndarray, width: float) -> np.ndarray:
    """Moving average over ``width`` samples, ends mirrored."""
    return ndimage.uniform_filter1d(values, size=max(1, round(width)), mode="reflect")
