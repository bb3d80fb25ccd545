"""Beats unlike those that a network was fitted to: how far its features and its logits are from what it knows.

Mahalanobis distance to the nearest class in the space of the last features (Lee et al. 2018, arXiv 1807.03888), and
the free energy of the logits (Liu et al. 2020, arXiv 2010.03759).  No class beyond those of training is needed.
"""

from dataclasses import dataclass
from typing import Final

import keras
import numpy as np
from scipy.stats import rankdata

FEWEST_BEATS: Final = 20  # of a class, for a mean of its own
SHRINKAGE: Final = 1e-2  # of the mean variance, added to each direction's own


def energy(logits: np.ndarray) -> np.ndarray:
    """Free energy, higher for what no class explains; ``[n, n_classes]`` to ``[n]``."""
    highest = logits.max(axis=1)
    return -(highest + np.log(np.exp(logits - highest[:, None]).sum(axis=1)))


def auroc(lower: np.ndarray, higher: np.ndarray) -> float:
    """Probability that a score of ``higher`` lies above one of ``lower``, ties counted half (Mann and Whitney 1947)."""
    ranks = rankdata(np.concatenate([lower, higher]))[len(lower) :]
    return float((ranks.mean() - (len(higher) + 1) / 2) / len(lower))


@dataclass(frozen=True, slots=True, eq=False)
class KnownBeats:
    """What features of the classes of training look like.

    Parameters
    ----------
    means : ndarray, shape (n_classes, n_features)
        Of each class that has enough beats.
    whitening : ndarray, shape (n_features, n_features)
        Lower triangular; with its transpose it makes the inverse of the covariance that the classes share.
    """

    means: np.ndarray
    whitening: np.ndarray

    def distances(self, features: np.ndarray) -> np.ndarray:
        """Squared Mahalanobis distance to the nearest class, per feature: about 1 for known beats; ``[n]``."""
        known = self.means @ self.whitening.T
        here = features @ self.whitening.T
        squared = ((here[:, None] - known[None]) ** 2).sum(axis=2)
        return squared.min(axis=1) / features.shape[1]


def known_beats_fit(features: np.ndarray, labels: np.ndarray) -> KnownBeats:
    """Means of the classes and the covariance that they share, every class weighing the same.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
    labels : ndarray of int, shape (n,)

    Raises
    ------
    ValueError
        If no class has ``FEWEST_BEATS``.
    """
    found, counts = np.unique(labels, return_counts=True)
    classes = found[counts >= FEWEST_BEATS]
    if classes.size == 0:
        raise ValueError(f"labels: expected {FEWEST_BEATS} beats of a class. Received: {counts.tolist()}")
    means = np.stack([features[labels == label].mean(axis=0) for label in classes])
    spread = [np.cov(features[labels == label], rowvar=False, bias=True) for label in classes]
    covariance = np.mean(spread, axis=0)
    covariance += SHRINKAGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    return KnownBeats(means, np.linalg.inv(np.linalg.cholesky(covariance)))


def with_features(network: keras.Model) -> keras.Model:
    """A network that answers with its logits ``[n, 5]`` and with what its last layer sees, ``[n, n_features]``.

    Of several members the logits are averaged and the features stand side by side.
    """
    members = [layer for layer in network.layers if isinstance(layer, keras.Model)]
    if not members:
        return keras.Model(network.input, [network.output, network.get_layer("logits").input])
    halves = [with_features(member)(network.input[:, : member.input_shape[1]]) for member in members]
    logits, features = zip(*halves, strict=True)
    if len(members) == 1:
        return keras.Model(network.input, [logits[0], features[0]])
    return keras.Model(network.input, [keras.layers.average(list(logits)), keras.layers.concatenate(list(features))])
