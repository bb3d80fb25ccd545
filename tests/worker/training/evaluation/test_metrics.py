import numpy as np

from worker.training.evaluation.metrics import NO_BEAT, confusion_matrix, patient_intervals, scores, spread


def test_an_answer_q_is_an_error_and_an_annotated_q_is_not_scored():
    labels, answers = np.array([0, 0, 1, 2, 3, 4]), np.array([0, 4, 1, 2, 3, 0])
    figures = scores(labels, answers)
    assert figures["beats"] == 5
    assert figures["accuracy"] == 0.8
    assert figures["per_class"]["N"]["sensitivity"] == 0.5
    assert figures["per_class"]["N"]["positive_predictivity"] == 1.0


def test_a_missed_beat_is_an_error_of_its_class_and_a_false_one_of_the_class_it_was_answered_with():
    labels, answers = np.array([0, 2, 2, NO_BEAT]), np.array([0, 2, NO_BEAT, 0])
    figures = scores(labels, answers)
    assert figures["beats"] == 3
    assert figures["accuracy"] == 2 / 3
    assert figures["per_class"]["V"]["sensitivity"] == 0.5
    assert figures["per_class"]["V"]["positive_predictivity"] == 1.0
    assert figures["per_class"]["N"]["positive_predictivity"] == 0.5


def test_the_interval_of_like_patients_is_narrow_and_of_unlike_ones_wide():
    labels = np.repeat([0, 1, 2, 3], [90, 5, 5, 1])
    right, wrong = confusion_matrix(labels, labels), confusion_matrix(labels, (labels + 1) % 4)
    low, high = patient_intervals(np.stack([right] * 10))["accuracy"]
    assert (low, high) == (1.0, 1.0)
    low, high = patient_intervals(np.stack([right, wrong] * 5))["accuracy"]
    assert low < 0.3
    assert high > 0.7


def test_a_spread_has_mean_and_sample_standard_deviation():
    figures = spread([{"accuracy": 0.8}, {"accuracy": 0.9}, {"accuracy": 1.0}])["accuracy"]
    assert abs(figures["mean"] - 0.9) < 1e-12
    assert abs(figures["sd"] - 0.1) < 1e-12
