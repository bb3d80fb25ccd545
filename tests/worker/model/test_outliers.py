"""Telling beats apart that are unlike those of training."""

import numpy as np
import pytest

from worker.model.architectures import build_network, members_averaged
from worker.model.outliers import auroc, energy, known_beats_fit, with_features


@pytest.fixture(scope="module")
def known():
    """Three classes whose features differ in place and share a slanted spread."""
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 3, 900)
    centres = rng.normal(0, 6, (3, 8))
    slant = rng.normal(0, 1, (8, 8))
    return centres[labels] + rng.normal(0, 1, (900, 8)) @ slant, labels, centres, slant


def small_network(seed, channels=2):
    return build_network((channels, 32, 2), height_px=16, stem=(4, 4), stages=(4,), dense=6, dropout=0.1, seed=seed)


def test_known_beats_lie_at_a_distance_of_about_one(known):
    features, labels, _, _ = known
    assert known_beats_fit(features, labels).distances(features).mean() == pytest.approx(1, abs=0.15)


def test_what_no_class_explains_is_far_away_whatever_its_direction(known):
    features, labels, centres, slant = known
    gate = known_beats_fit(features, labels)
    between = centres.mean(axis=0) + np.random.default_rng(4).normal(0, 1, (50, 8)) @ slant
    assert np.median(gate.distances(between + 40)) > 5 * np.median(gate.distances(features))


def test_rare_classes_shape_the_spread_as_much_as_frequent_ones(known):
    features, labels, _, _ = known
    frequent = np.concatenate([features, np.repeat(features[labels == 0], 9, axis=0)])
    gate = known_beats_fit(frequent, np.concatenate([labels, np.zeros(9 * (labels == 0).sum(), int)]))
    assert gate.distances(features) == pytest.approx(known_beats_fit(features, labels).distances(features), rel=1e-6)


def test_a_class_with_too_few_beats_has_no_mean(known):
    features, labels, _, _ = known
    few = np.where(np.arange(len(labels)) < 5, 4, labels)
    assert len(known_beats_fit(features, few).means) == 3
    with pytest.raises(ValueError, match="expected 20 beats"):
        known_beats_fit(features[:10], labels[:10])


def test_energy_is_low_where_one_class_is_sure_and_high_where_none_speaks():
    scores = energy(np.array([[9.0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [2.0, 0, 0, 0, 0]]))
    assert scores[0] < scores[2] < scores[1]
    assert scores[1] == pytest.approx(-np.log(5))


def test_features_and_logits_come_from_one_network():
    network = small_network(1)
    columns = np.random.default_rng(0).uniform(-1, 1, (7, 2, 32, 2)).astype(np.float32)
    logits, features = with_features(network).predict_on_batch(columns)
    assert features.shape == (7, 6)
    kernel, bias = network.get_layer("logits").get_weights()
    assert logits == pytest.approx(features @ kernel + bias, abs=1e-5)


def test_members_average_their_logits_and_lay_their_features_side_by_side():
    network = members_averaged([small_network(1), small_network(2)])
    columns = np.random.default_rng(0).uniform(-1, 1, (7, 2, 32, 2)).astype(np.float32)
    logits, features = with_features(network).predict_on_batch(columns)
    assert logits == pytest.approx(np.asarray(network.predict_on_batch(columns)), abs=1e-5)
    assert features.shape == (7, 12)


def test_members_that_read_fewer_channels_get_the_first_ones():
    network = members_averaged([small_network(1), small_network(2, channels=1)])
    columns = np.random.default_rng(0).uniform(-1, 1, (7, 2, 32, 2)).astype(np.float32)
    logits, features = with_features(network).predict_on_batch(columns)
    assert logits == pytest.approx(np.asarray(network.predict_on_batch(columns)), abs=1e-5)
    assert features.shape == (7, 12)


def test_scores_that_are_apart_have_an_auroc_of_one_and_mixed_ones_of_a_half():
    assert auroc(np.array([1.0, 2, 3]), np.array([4.0, 5])) == 1.0
    assert auroc(np.array([4.0, 5]), np.array([1.0, 2, 3])) == 0.0
    assert auroc(np.array([1.0, 1, 1]), np.array([1.0, 1])) == 0.5
    assert auroc(np.array([0.0, 2]), np.array([1.0, 3])) == 0.75
