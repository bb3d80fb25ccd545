import numpy as np
import pytest

from worker.training.paper.classes import PAPER_SYMBOLS
from worker.training.paper.figures import area_under_curve, paper_figures
from worker.training.paper.predictions import BeatAnswers

N, V, P, R = (PAPER_SYMBOLS.index(symbol) for symbol in "NV/R")


def answers_of(pairs, confidence=0.9):
    labels = np.array([label for label, _ in pairs])
    probabilities = np.full((len(pairs), 8), (1 - confidence) / 7)
    probabilities[np.arange(len(pairs)), [answer for _, answer in pairs]] = confidence
    return BeatAnswers(np.full(len(pairs), "900"), labels, probabilities)


def test_figures_by_hand():
    figures = paper_figures(answers_of([(N, N)] * 6 + [(N, V)] * 2 + [(V, V)] * 3 + [(V, R)] + [(R, R)] * 3 + [(R, N)]))
    assert figures.accuracy == pytest.approx(13 / 16)
    assert figures.specificity == pytest.approx(6 / 8)
    assert figures.sensitivity == pytest.approx(7 / 8)
    assert figures.positive_predictivity == pytest.approx(7 / 9)
    assert figures.accuracy_8 == pytest.approx(12 / 16)
    assert figures.macro_sensitivity == pytest.approx(np.mean([6 / 8, 3 / 4, 3 / 4]))
    assert figures.macro_positive_predictivity == pytest.approx(np.mean([6 / 7, 3 / 5, 3 / 4]))


def test_an_abnormal_beat_taken_for_another_abnormal_one_is_no_binary_error():
    figures = paper_figures(answers_of([(N, N), (V, R), (R, V)]))
    assert figures.accuracy == figures.sensitivity == 1
    assert figures.accuracy_8 == pytest.approx(1 / 3)


def test_a_class_that_is_never_answered_counts_as_zero():
    figures = paper_figures(answers_of([(N, N), (V, V), (P, V)]))
    assert figures.macro_positive_predictivity == pytest.approx(np.mean([1, 1 / 2, 0]))


def test_the_area_under_the_curve_counts_ties_as_half():
    positive = np.array([True, True, False, False])
    assert area_under_curve(positive, np.array([0.9, 0.8, 0.2, 0.1])) == 1
    assert area_under_curve(positive, np.array([0.1, 0.2, 0.8, 0.9])) == 0
    assert area_under_curve(positive, np.array([0.9, 0.5, 0.5, 0.1])) == pytest.approx(7 / 8)
    assert np.isnan(area_under_curve(np.array([True]), np.array([1.0])))
