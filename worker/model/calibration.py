"""How far a confidence can be believed: temperature, reliability, and when to say "unsure"."""

import numpy as np
from scipy.optimize import minimize_scalar


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


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Mean distance between confidence and accuracy over bins of equal mass."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    parts = np.array_split(np.argsort(confidence), bins)
    gaps = [abs(confidence[part].mean() - correct[part].mean()) * len(part) for part in parts if len(part)]
    return float(sum(gaps) / len(labels))


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
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence)
    wrong = (probabilities.argmax(axis=1) != labels)[order]
    risk = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    accepted = np.flatnonzero(risk <= beat_error)
    if accepted.size == 0:
        return 1.0, 0.0
    return float(confidence[order[accepted[-1]]]), float((accepted[-1] + 1) / len(wrong))
