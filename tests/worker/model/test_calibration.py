import numpy as np
import pytest

from worker.model.calibration import (
    brier_score,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
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


def test_bins_of_equal_mass_say_how_often_a_confidence_is_right():
    logits, labels = overconfident(3.0)
    bins = reliability_bins(softmax(logits), labels)
    assert [part.count for part in bins] == [267] * 10 + [266] * 5
    assert [part.confidence for part in bins] == sorted(part.confidence for part in bins)
    assert bins[-1].confidence > 0.99 > bins[-1].accuracy
    correct = sum(part.accuracy * part.count for part in bins)
    assert correct == pytest.approx((softmax(logits).argmax(axis=1) == labels).sum())


def test_few_answers_make_few_bins_and_none_is_empty():
    assert [part.count for part in reliability_bins(np.eye(5)[[0, 1, 2]], np.array([0, 1, 3]))] == [1, 1, 1]


def test_the_calibration_error_is_the_mean_distance_of_its_bins():
    logits, labels = overconfident(3.0)
    probabilities = softmax(logits)
    bins = reliability_bins(probabilities, labels)
    distance = sum(abs(part.confidence - part.accuracy) * part.count for part in bins) / len(labels)
    assert expected_calibration_error(probabilities, labels) == pytest.approx(distance)


def test_the_risk_falls_where_fewer_answers_are_given():
    logits, labels = overconfident(1.0)
    probabilities = softmax(logits)
    curve = risk_coverage(probabilities, labels)
    assert len(curve.points) == 100
    assert [point.coverage for point in curve.points] == sorted({point.coverage for point in curve.points})
    everything = curve.points[-1]
    assert everything.coverage == 1.0
    assert everything.risk == pytest.approx((probabilities.argmax(axis=1) != labels).mean())
    assert curve.points[9].risk < 0.5 * everything.risk
    assert curve.area < everything.risk


def test_a_point_of_the_curve_is_what_its_threshold_gives():
    logits, labels = overconfident(1.0)
    probabilities = softmax(logits)
    point = risk_coverage(probabilities, labels).points[41]
    sure = probabilities.max(axis=1) >= point.threshold
    assert sure.mean() == pytest.approx(point.coverage)
    assert (probabilities.argmax(axis=1) != labels)[sure].mean() == pytest.approx(point.risk)


def test_beats_of_one_confidence_are_answered_together():
    curve = risk_coverage(np.full((8, 5), 0.2), np.array([0, 0, 1, 1, 2, 2, 3, 3]))
    assert [(point.coverage, point.risk) for point in curve.points] == [(1.0, 0.75)]


def test_the_threshold_counts_all_beats_of_its_confidence():
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.8, 0.2], [0.8, 0.2]])
    assert unsure_threshold(probabilities, np.array([0, 0, 1, 1]), 0.3) == (0.9, 0.25)
