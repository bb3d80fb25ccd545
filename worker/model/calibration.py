"""How far a confidence can be believed: temperature, reliability, and when to say "unsure"."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar

RELIABILITY_BINS: Final = 15
RISK_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Beats of like confidence: their mean confidence, the fraction answered rightly, and how many they are."""

    confidence: float
    accuracy: float
    count: int


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """If answers at or above ``threshold`` are given: the fraction that is given, and how much of it is wrong."""

    coverage: float
    risk: float
    threshold: float


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """The curve from few sure answers to all of them, and the area under it: the mean risk over all coverages."""

    points: tuple[RiskPoint, ...]
    area: float


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def temperature_fit(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature that makes held-out labels likeliest (Guo et al. 2017, arXiv 1706.04599).

    Parameters
    ----------
    logits : ndarray, shape (n, n_classes)
    labels : ndarray of int, shape (n,)
    """

    def negative_log_likelihood(log_temperature: float) -> float:
        probabilities = softmax(logits / np.exp(log_temperature))
        return float(-np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)).mean())

    return float(np.exp(minimize_scalar(negative_log_likelihood, bounds=(-2.0, 2.5), method="bounded").x))


def reliability_bins(
    probabilities: np.ndarray, labels: np.ndarray, bins: int = RELIABILITY_BINS
) -> tuple[ReliabilityBin, ...]:
    """How often answers of a confidence are right, over bins of equal mass (Nguyen and O'Connor 2015, 1508.05154).

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_classes)
    labels : ndarray of int, shape (n,)
    bins : int
        At most so many: each holds the same number of beats, give or take one, and none is empty.

    Returns
    -------
    tuple of ReliabilityBin
        By confidence, ascending.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    return tuple(
        ReliabilityBin(float(confidence[part].mean()), float(correct[part].mean()), len(part))
        for part in parts
        if len(part)
    )


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = RELIABILITY_BINS) -> float:
    """Mean distance between confidence and accuracy over bins of equal mass."""
    found = reliability_bins(probabilities, labels, bins)
    return float(sum(abs(part.confidence - part.accuracy) * part.count for part in found) / len(labels))


def brier_score(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean squared distance between the probabilities and the one-hot label, summed over classes."""
    return float(((probabilities - np.eye(probabilities.shape[1])[labels]) ** 2).sum(axis=1).mean())


def unsure_threshold(probabilities: np.ndarray, labels: np.ndarray, beat_error: float) -> tuple[float, float]:
    """The lowest confidence above which no more than ``beat_error`` of the answers are wrong.

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_classes)
    labels : ndarray of int, shape (n,)
    beat_error : float
        Fraction of wrong answers that is accepted among the sure ones.

    Returns
    -------
    threshold, coverage : float
        Confidence at or above which an answer is sure, and the fraction of beats that are.
    """
    confidence, risk = _risk_by_confidence(probabilities, labels)
    accepted = np.flatnonzero((risk <= beat_error) & _last_of_equal(confidence))
    if accepted.size == 0:
        return 1.0, 0.0
    return float(confidence[accepted[-1]]), float((accepted[-1] + 1) / len(risk))


def risk_coverage(probabilities: np.ndarray, labels: np.ndarray, points: int = RISK_POINTS) -> RiskCoverage:
    """What abstaining buys (El-Yaniv and Wiener, JMLR 11, 2010; area: Geifman et al. 2019, arXiv 1805.08206).

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_classes)
    labels : ndarray of int, shape (n,)
    points : int
        At most so many, evenly spread over the coverage; the last one answers every beat.

    Returns
    -------
    RiskCoverage
        By coverage, ascending; ``area`` is taken over all beats, not over the points.
    """
    confidence, risk = _risk_by_confidence(probabilities, labels)
    last_of_equal = np.flatnonzero(_last_of_equal(confidence))
    wanted = np.ceil(np.linspace(0, len(risk), points + 1)[1:]).astype(int) - 1
    ends = np.unique(last_of_equal[np.searchsorted(last_of_equal, wanted)])
    return RiskCoverage(
        points=tuple(RiskPoint(float((at + 1) / len(risk)), float(risk[at]), float(confidence[at])) for at in ends),
        area=float(risk.mean()),
    )


def _risk_by_confidence(probabilities: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Confidences, descending, and the fraction of wrong answers down to each."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    wrong = (probabilities.argmax(axis=1) != labels)[order]
    return confidence[order], np.cumsum(wrong) / np.arange(1, len(wrong) + 1)


def _last_of_equal(confidence: np.ndarray) -> np.ndarray:
    """Where a threshold can lie: beats of one confidence are answered together or not at all."""
    return np.append(np.diff(confidence) != 0, True)
