"""How each beat of a strip compares with the strip's usual beat, and which other shape is frequent in it."""

from typing import Final

import numpy as np

QRS_S: Final = (-0.10, 0.12)
P_WAVE_S: Final = (-0.26, -0.07)
ALIKE: Final = 0.85


def likeness_to_median(beats: np.ndarray, median_beat: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Four numbers for each beat: what tells an early beat of the sinus node from one of another focus.

    Parameters
    ----------
    beats : ndarray, shape (n_beats, n_times)
        In units of the strip's QRS height; NaN outside the strip.
    median_beat : ndarray, shape (n_times,)
    time_s : ndarray, shape (n_times,)
        Seconds from the R peak.

    Returns
    -------
    ndarray, shape (n_beats, 4)
        Correlation of the QRS and of the P wave with the median beat's (-1 to 1); half the factor by which the
        median P wave fits best (-0.75 to 1); ten times the root mean square distance of the P waves (0 to 1.5).
    """
    known = np.nan_to_num(beats)
    qrs, p_wave = (_between(time_s, window) for window in (QRS_S, P_WAVE_S))
    p_of_beats, p_of_median = _levelled(known[:, p_wave]), _levelled(median_beat[None, p_wave])
    scale = (p_of_beats * p_of_median).sum(axis=1) / np.maximum((p_of_median**2).sum(axis=1), 1e-4)
    distance = np.sqrt(((p_of_beats - p_of_median) ** 2).mean(axis=1))
    columns = [
        _correlation(known[:, qrs], median_beat[qrs]),
        _correlation(known[:, p_wave], median_beat[p_wave]),
        np.clip(scale, -1.5, 2) / 2,
        np.clip(10 * distance, 0, 1.5),
    ]
    return np.stack(columns, axis=1)


def other_beat(beats: np.ndarray, qrs_likeness: np.ndarray, time_s: np.ndarray) -> np.ndarray | None:
    """Median of the largest group of beats whose QRS is unlike the usual one, shape (n_times,); None without any.

    A fusion beat lies between the usual beat and this one.
    """
    unlike = np.nan_to_num(beats[qrs_likeness < ALIKE])
    if len(unlike) == 0:
        return None
    alike = qrs_correlations(unlike, time_s) > ALIKE
    return np.asarray(np.median(unlike[alike[alike.sum(axis=1).argmax()]], axis=0))


def qrs_correlations(beats: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Correlation of each QRS with each other one, shape (n_beats, n_beats)."""
    qrs = _unit(np.nan_to_num(beats[:, _between(time_s, QRS_S)]))
    return np.asarray(qrs @ qrs.T)


def _between(time_s: np.ndarray, window: tuple[float, float]) -> np.ndarray:
    return (time_s > window[0]) & (time_s < window[1])


def _levelled(waves: np.ndarray) -> np.ndarray:
    """Without the straight line through first and last sample."""
    line = np.linspace(0, 1, waves.shape[1])
    return waves - waves[:, :1] - line * (waves[:, -1:] - waves[:, :1])


def _unit(waves: np.ndarray) -> np.ndarray:
    centred = waves - waves.mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.maximum(np.linalg.norm(centred, axis=-1, keepdims=True), 1e-6))


def _correlation(waves: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return np.asarray(_unit(waves) @ _unit(reference))
