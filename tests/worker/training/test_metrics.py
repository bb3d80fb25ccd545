import numpy as np

from worker.training.metrics import patient_intervals, scores


def test_an_answer_q_is_an_error_and_an_annotated_q_is_not_scored():
    labels, answers = np.array([0, 0, 1, 2, 3, 4]), np.array([0, 4, 1, 2, 3, 0])
    figures = scores(labels, answers)
    assert figures["beats"] == 5
    assert figures["accuracy"] == 0.8
    assert figures["per_class"]["N"]["sensitivity"] == 0.5
    assert figures["per_class"]["N"]["positive_predictivity"] == 1.0


def test_the_interval_of_like_patients_is_narrow_and_of_unlike_ones_wide():
    right, wrong = np.diag([90, 5, 5, 1, 0]), np.roll(np.diag([90, 5, 5, 1, 0]), 1, axis=1)
    low, high = patient_intervals(np.stack([right] * 10))["accuracy"]
    assert (low, high) == (1.0, 1.0)
    low, high = patient_intervals(np.stack([right, wrong] * 5))["accuracy"]
    assert low < 0.3
    assert high > 0.7
