"""The sanity check on made-up beats and the shipped networks; its figures on DS1 are in docs/science/explain.json."""

import keras
import numpy as np
import pytest

from tests.worker import drawings
from worker.ecg.beats import Strip
from worker.ecg.drawing import CONTEXT_CHANNELS, context_columns
from worker.ecg.rr import mean_rr_s
from worker.model.occlusion import context_parts
from worker.training.evaluation.explain_check import (
    Beats,
    _along_columns,
    _highest,
    _mean_correlation,
    _stretches,
    explain_check,
    losses,
    maps_of,
    rank_correlations,
    weights_shuffle,
)
from worker.training.records import RecordsMissing, data_folder


@pytest.fixture(scope="module")
def beats(models) -> Beats:
    ecg = drawings.made_up_ecg(np.random.default_rng(11), seconds=8.0, ventricular=True)
    r_peaks = np.round(ecg.r_s * ecg.fs).astype(int)
    strip = Strip(ecg.mv, ecg.fs, r_peaks)
    channels = CONTEXT_CHANNELS[: models.context.network.input_shape[1]]
    part = next(p for p in context_parts(channels, mean_rr_s(ecg.r_s), has_time=True) if p.name == "beat")
    columns = context_columns(strip)[1:6, : len(channels)]
    return Beats(columns, models.context.probabilities(columns).argmax(axis=1), [part] * len(columns))


@pytest.fixture(scope="module")
def maps(models, beats):
    return maps_of(models.context.network, beats, models.context.temperature)


def test_maps_follow_the_weights(models, beats, maps):
    before = [weight.copy() for weight in models.context.network.get_weights()]
    found = rank_correlations(models.context, beats, maps, np.random.default_rng(0))
    assert set(found) == {"class_map", "occlusion"}
    for by_depth in found.values():
        assert set(by_depth) == {"top_layer", "dense_layers", "all_layers"}
        assert by_depth["all_layers"] < 0.5
    after = models.context.network.get_weights()
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_covering_what_is_highlighted_costs_more_than_covering_anything(models, beats, maps):
    found = losses(models.context, beats, maps, np.random.default_rng(0))
    assert found["class_map"]["all"] > found["random"]["all"]
    assert found["occlusion"]["all"] >= found["random_in_the_part"]["all"]


def test_shuffling_keeps_the_sizes_of_the_weights_and_goes_as_deep_as_asked():
    columns = keras.Input((4, 4, 1))
    x = keras.layers.Conv2D(3, 2, name="below")(columns)
    x = keras.layers.Dense(6, name="middle")(keras.layers.Flatten()(x))
    network = keras.Model(columns, keras.layers.Dense(5, name="top")(x))
    trained = {layer.name: layer.kernel.numpy() for layer in network.layers if hasattr(layer, "kernel")}
    for depth, expected in (("top_layer", {"top"}), ("dense_layers", {"top", "middle"}), ("all_layers", set(trained))):
        weights = network.get_weights()
        weights_shuffle(network, depth, np.random.default_rng(1))
        changed = {name for name, kernel in trained.items() if (network.get_layer(name).kernel.numpy() != kernel).any()}
        assert changed == expected
        for name, kernel in trained.items():
            assert np.allclose(np.sort(network.get_layer(name).kernel.numpy().ravel()), np.sort(kernel.ravel()))
        network.set_weights(weights)


def test_a_map_without_differences_agrees_with_nothing():
    rising = np.arange(6.0).reshape(2, 3)
    assert _mean_correlation([rising], [rising * 2]) == pytest.approx(1)
    assert _mean_correlation([rising, rising], [-rising, np.zeros((2, 3))]) == pytest.approx(-0.5)


def test_a_quarter_is_covered_wherever_it_is_highest_or_anywhere():
    strips = np.tile(np.arange(8.0), (2, 1))
    assert np.flatnonzero(_highest(strips)[0]).tolist() == [6, 7]
    mask = _stretches(50, 8, np.random.default_rng(0))
    assert (mask.sum(axis=1) == 2).all()
    assert mask.any(axis=0).all()


def test_cells_are_laid_along_the_columns():
    assert np.allclose(_along_columns(np.array([0.0, 1.0]), 4), [0, 0.25, 0.75, 1])


@pytest.mark.data
def test_the_figures_on_ds1_have_every_key(models):
    try:
        data = data_folder(None)
    except RecordsMissing as missing:
        pytest.skip(str(missing))
    figures = explain_check(models.beat, data, records=["223"], per_class=1)
    assert sum(figures["beats"].values()) == 4
    assert set(figures["loss"]) >= {"class_map", "occlusion", "random", "random_in_the_part"}
    assert figures["sha256"] == models.beat.identity.sha256
