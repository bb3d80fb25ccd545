"""Detected R peaks beside the annotated ones."""

from typing import Final

import numpy as np

from worker.ecg.r_peaks import complete_complexes, detect_r_peaks

MATCH_WITHIN_S: Final = 0.15  # the window of AAMI EC57 and of WFDB's bxb
PIECE_S: Final = 10.0
# A complex nearer than this to the end of a piece may be cut, so its neighbour piece answers for it.
MARGIN_S: Final = 0.2
ONE_BEAT_S: Final = 0.1


def matched_beats(annotated: np.ndarray, detected: np.ndarray, within: float) -> np.ndarray:
    """The detection that belongs to each annotated beat, one to one, the nearest pairs first.

    Parameters
    ----------
    annotated, detected : ndarray of int, shape (n,), (m,)
        Sample indices, ascending.
    within : float
        Largest distance of a pair, in samples.

    Returns
    -------
    ndarray of int, shape (n,)
        Index into ``detected``, or -1 where the beat was missed.
    """
    first = np.searchsorted(detected, annotated - within, side="left")
    last = np.searchsorted(detected, annotated + within, side="right")
    pairs = [(beat, found) for beat in range(len(annotated)) for found in range(first[beat], last[beat])]
    pairs.sort(key=lambda pair: abs(int(annotated[pair[0]]) - int(detected[pair[1]])))
    partner, taken = np.full(len(annotated), -1), np.zeros(len(detected), dtype=bool)
    for beat, found in pairs:
        if partner[beat] < 0 and not taken[found]:
            partner[beat], taken[found] = found, True
    return partner


def pieces(n_samples: int, fs: float, seconds: float = PIECE_S) -> list[tuple[slice, slice]]:
    """Pieces of a record that overlap a little, and the part of each that it answers for.

    Parameters
    ----------
    n_samples : int
    fs : float
        Hz.
    seconds : float
        Length of a piece.

    Returns
    -------
    list of (slice, slice)
        The piece, and its core, in samples of the record; the cores follow one another without a gap.
    """
    length, margin = int(seconds * fs), int(MARGIN_S * fs)
    starts = list(range(0, max(n_samples - 2 * margin, 1), length - 2 * margin))
    found = []
    for number, start in enumerate(starts):
        stop = min(start + length, n_samples)
        # The last piece is as long as the others, so that no scrap of a strip is left.
        start_drawn = max(0, stop - length) if number == len(starts) - 1 else start
        core = slice(0 if number == 0 else start + margin, n_samples if number == len(starts) - 1 else stop - margin)
        found.append((slice(start_drawn, stop), core))
    return found


def detected_in(values: np.ndarray, fs: float) -> np.ndarray:
    """R peaks of a strip as the worker finds them: those whose complex lies inside."""
    return complete_complexes(values, detect_r_peaks(values, fs), fs)


def one_for_each(peaks: np.ndarray, fs: float) -> np.ndarray:
    """Which peaks to keep, so that a beat seen from both sides of a seam counts once; shape (n,), bool."""
    return np.diff(peaks, prepend=-np.inf) >= ONE_BEAT_S * fs
