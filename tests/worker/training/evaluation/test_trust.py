"""Outlier scores of networks: classes held out in turn, and curves of no heart."""

import numpy as np
import pytest

from worker.model.classifier import Classifier
from worker.model.outliers import known_beats_fit, with_features
from worker.model.registry import Manifest
from worker.results import ModelIdentity
from worker.training.evaluation import trust
from worker.training.evaluation.trust import (
    METHODS,
    Beats,
    answers_with_features,
    artifact_figures,
    blind_network,
    curves_drawn,
    near_figures,
    outlier_scores,
)

CLASSES = 5


def made_up_beats(seed: int, each: int = 40) -> Beats:
    """Lines at a height of their class, with some wander."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(CLASSES), each)
    heights = (labels - 2) / 2.6 + rng.normal(0, 0.03, len(labels))
    line = np.broadcast_to(heights[:, None, None], (len(labels), 1, 32))
    columns = np.stack([line - 0.05, line + 0.05], axis=3) + rng.normal(0, 0.01, (len(labels), 1, 32, 2))
    return Beats(columns.astype(np.float16), labels, np.full(len(labels), str(seed)))


@pytest.fixture(scope="module")
def blind():
    return with_features(blind_network(made_up_beats(1), CLASSES - 1))


def test_a_network_reads_the_first_channels_of_drawings_that_have_more(blind):
    beats = made_up_beats(3)
    more = np.concatenate([beats.columns, np.ones_like(beats.columns)], axis=1)
    assert np.array_equal(answers_with_features(blind, more)[0], answers_with_features(blind, beats.columns)[0])


def test_every_method_scores_every_beat(blind):
    beats = made_up_beats(4)
    logits, features = answers_with_features(blind, beats.columns)
    scores = outlier_scores(known_beats_fit(features, beats.labels), logits, features)
    assert tuple(scores) == METHODS
    assert all(len(values) == len(beats.labels) and np.isfinite(values).all() for values in scores.values())


def test_each_class_is_held_out_in_turn(monkeypatch):
    monkeypatch.setattr(trust, "EPOCHS", 1)
    figures = near_figures(made_up_beats(1), made_up_beats(2, each=10))
    assert list(figures) == ["S", "V", "F", "Q"]
    assert [row["unlike_beats"] for row in figures.values()] == [10, 10, 10, 40]  # Q: of the training records
    for row in figures.values():
        assert row["known_beats"] == 40
        assert all(0 <= row["auroc"][method] <= 1 for method in METHODS)


@pytest.mark.parametrize("kind", ["context", "beat"])
def test_curves_of_no_heart_are_drawn_as_beats(kind):
    drawn = curves_drawn(1, kind)
    assert drawn.ndim == 4
    assert len(drawn) > 20
    assert np.array_equal(drawn, curves_drawn(1, kind))


def test_an_artifact_is_measured_on_curves_beside_known_beats():
    network = blind_network(made_up_beats(1), CLASSES - 1)
    manifest = Manifest("context", ModelIdentity("made-up", "1.0.0", ""), threshold=0.9, temperature=1.0, document={})
    noise = np.random.default_rng(5).uniform(-1, 1, (30, 1, 32, 2)).astype(np.float16)
    figures = artifact_figures(Classifier(network, manifest), made_up_beats(1), made_up_beats(2), noise)
    assert (figures["known"]["beats"], figures["curves"]["beats"]) == (200, 30)
    assert figures["auroc"]["mahalanobis"] > 0.9
    for row in (figures["known"], figures["curves"]):
        assert 0 <= row["unsure"] <= row["unsure_or_far"] <= 1
    assert figures["known"]["unsure_or_far"] - figures["known"]["unsure"] <= 0.021
