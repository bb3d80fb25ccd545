"""Ten folds over beats, each with every class in its share."""

import numpy as np


def fold_of_beats(labels: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Assign every beat to a fold, class by class.

    Classes are dealt out one after the other like cards, so that the folds differ by one beat at most, in each
    class and in all.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    folds : int
    seed : int

    Returns
    -------
    ndarray of int, shape (n,)
        0 to ``folds`` - 1; the same seed gives the same folds.
    """
    if not 2 <= folds <= len(labels):
        raise ValueError(f"folds: expected 2 to {len(labels)}. Received: {folds}")
    rng = np.random.default_rng(seed)
    dealt = np.concatenate([rng.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)])
    assigned = np.empty(len(labels), dtype=np.int64)
    assigned[dealt] = np.arange(len(labels)) % folds
    return assigned


def stratified_part(labels: np.ndarray, indices: np.ndarray, most: int, seed: int) -> np.ndarray:
    """At most ``most`` of some beats, each class in its share.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        Of all beats.
    indices : ndarray of int
        The beats to choose from.
    most : int
        0 for all of them.
    seed : int

    Returns
    -------
    ndarray of int
        Ascending.
    """
    if not 0 < most < len(indices):
        return np.sort(indices)
    rng = np.random.default_rng(seed)
    dealt = np.concatenate([rng.permutation(indices[labels[indices] == label]) for label in np.unique(labels[indices])])
    # Every k-th card of the sorted pack: a class of n beats gives n / k, rounded up or down.
    at = np.floor((np.arange(most) + rng.random()) * len(dealt) / most).astype(np.int64)
    return np.sort(dealt[at])
