"""What a beat is compared with to tell where it came from: the beats after long pauses, and the beats like itself.

Where ectopic beats are the majority, the usual beat is theirs.  The sinus node is then found where nothing came
early: in the beats that end the longest intervals.
"""

from typing import Final

import numpy as np

from worker.ecg.likeness import ALIKE

PER_OCTAVE: Final = 6.0  # an interval half as long counts e^-6
PEER_OCTAVES: Final = 0.06
PEER_LIKENESS: Final = 0.9


def late_beat(beats: np.ndarray, qrs_likeness: np.ndarray, rr_s: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Mean of the beats with the usual QRS, those after the longest intervals counting most, shape (n_times,).

    Parameters
    ----------
    beats : ndarray, shape (n_beats, n_times)
        NaN outside the strip; such beats do not count.
    qrs_likeness : ndarray, shape (n_beats,)
        Correlation of each QRS with the usual one.
    rr_s : ndarray, shape (n_beats,)
        The interval that ends at each beat, in seconds; NaN where there is none.
    usual : ndarray, shape (n_times,)
        The answer where no beat counts.
    """
    counted = (qrs_likeness > ALIKE) & np.isfinite(rr_s) & ~np.isnan(beats).any(axis=1)
    if not counted.any():
        return usual
    octaves = _octaves(rr_s[counted])
    weights = np.exp(PER_OCTAVE * (octaves - octaves.max()))
    return np.asarray(weights @ beats[counted] / weights.sum())


def peers_of_beats(beats: np.ndarray, qrs: np.ndarray, rr_s: np.ndarray) -> np.ndarray:
    """Each beat, averaged with those of its shape that end an interval as long as its own, shape (n_beats, n_times).

    What a single P wave hides in noise, the mean of a run shows.

    Parameters
    ----------
    beats : ndarray, shape (n_beats, n_times)
        NaN outside the strip; such beats are averaged with none.
    qrs : ndarray, shape (n_beats, n_beats)
        Correlation of each QRS with each other one.
    rr_s : ndarray, shape (n_beats,)
    """
    octaves = _octaves(rr_s)
    apart = (octaves[:, None] - octaves) / PEER_OCTAVES
    whole = ~np.isnan(beats).any(axis=1)
    weights = np.where(np.isnan(apart), 0.0, np.exp(-0.5 * np.nan_to_num(apart) ** 2))
    weights = weights * (qrs > PEER_LIKENESS) * whole * whole[:, None]
    np.fill_diagonal(weights, 1.0)
    means = weights @ np.nan_to_num(beats) / weights.sum(axis=1, keepdims=True)
    return np.where(np.isnan(beats), np.nan, means)


def _octaves(rr_s: np.ndarray) -> np.ndarray:
    return np.asarray(np.log2(np.maximum(rr_s, 1e-3)))
