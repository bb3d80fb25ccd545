import numpy as np
import pytest

from worker.model.calibration import (
    brier_score,
    expected_calibration_error,
    softmax,
    temperature_fit,
    unsure_threshold,
)


def overconfident(factor, n=4000):
    rng = np.random.default_rng(1)
    true_logits = rng.normal(0, 1.5, (n, 5))
    labels = np.array([rng.choice(5, p=row) for row in softmax(true_logits)])
    return true_logits * factor, labels


def test_the_temperature_undoes_overconfidence():
    logits, labels = overconfident(3.0)
    temperature = temperature_fit(logits, labels)
    assert temperature == pytest.approx(3.0, rel=0.1)
    before, after = softmax(logits), softmax(logits / temperature)
    assert expected_calibration_error(after, labels) < 0.03 < expected_calibration_error(before, labels)
    assert brier_score(after, labels) < brier_score(before, labels)


def test_sure_answers_are_wrong_no_more_often_than_accepted():
    logits, labels = overconfident(1.0)
    probabilities = softmax(logits)
    threshold, sure_share = unsure_threshold(probabilities, labels, 0.10)
    sure = probabilities.max(axis=1) >= threshold
    assert sure.mean() == pytest.approx(sure_share)
    assert (probabilities.argmax(axis=1) != labels)[sure].mean() <= 0.10
    assert 0 < sure_share < 1


def test_where_no_confidence_is_enough_nothing_is_sure():
    assert unsure_threshold(np.full((4, 5), 0.2), np.full(4, 3), 0.01) == (1.0, 0.0)
