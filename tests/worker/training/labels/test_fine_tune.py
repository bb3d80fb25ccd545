import json
from dataclasses import replace
from datetime import date

import keras
import numpy as np
import pytest

from tests.worker.training.label_packages import write_package
from worker.model.architectures import build_network
from worker.model.classifier import Classifier
from worker.model.promotion import reasons_against
from worker.model.registry import read_manifest
from worker.training.config import CONFIGS, config_load
from worker.training.data.bank import Bank
from worker.training.evaluation.metrics import scores
from worker.training.fitting.sampling import beat_weights
from worker.training.fitting.selection import Selection
from worker.training.labels.fine_tune import Replay, banks_joined, fine_tune, version_next, weights_mixed
from worker.training.labels.fine_tune_config import FINE_TUNE_CONFIGS, fine_tune_config_load
from worker.training.labels.fine_tune_figures import Forgotten, LabelledLogits, require_remembered, selection_strictest
from worker.training.labels.labels import TooFewLabels, label_bank, labels_load
from worker.training.publishing.publish import artifact_publish

TODAY = date(2026, 11, 24)
CHANNELS = config_load(CONFIGS / "context.toml").input_shape[0]
NATURAL = np.array([0.8, 0.05, 0.1, 0.03, 0.02])


@pytest.fixture(scope="module")
def config():
    shipped = fine_tune_config_load(FINE_TUNE_CONFIGS / "context.toml")
    return replace(
        shipped,
        fine_tune=replace(shipped.fine_tune, epochs=1, epoch_beats=128, batch_size=32, most_forgotten=1.0),
        labels=replace(shipped.labels, least_beats=50, least_patients=4, least_beats_of_class=8),
    )


@pytest.fixture(scope="module")
def settings():
    shipped = config_load(CONFIGS / "context.toml")
    return replace(
        shipped,
        artifact=replace(shipped.artifact, name="tiny", version="1.0.0"),
        network=replace(shipped.network, height_px=16, stem=(4, 4), stages=(4,), dense=8, members=1),
    )


@pytest.fixture(scope="module")
def base(settings, tmp_path_factory):
    """A small network, as published as any."""
    network = settings.network
    model = build_network(
        settings.input_shape,
        height_px=network.height_px,
        stem=network.stem,
        stages=network.stages,
        dense=network.dense,
        dropout=network.dropout,
        seed=1,
    )
    figures = scores(np.arange(4), np.arange(4))
    folder = tmp_path_factory.mktemp("base") / "context" / "1.0.0"
    artifact_publish(model, settings, Selection(0.25, 1.2, 0.6, 0.9, (0.0,) * 5, figures), folder)
    return folder


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    return labels_load(write_package(tmp_path_factory.mktemp("labels") / "one"), "context")


@pytest.fixture(scope="module")
def replay(labels, settings):
    """DS1's part played by other made-up drawings."""
    drawn = label_bank(labels, "context", CHANNELS)
    rng = np.random.default_rng(0)
    bank = replace(
        drawn,
        records=rng.choice(["101", "106", "207"], len(drawn.labels)),
        labels=rng.choice(5, len(drawn.labels), p=NATURAL).astype(np.uint8),
        simulated=rng.random(len(drawn.labels)) < 0.2,
    )

    def held_out(classifier):
        return LabelledLogits(classifier.logits(bank.columns.astype(np.float32)), bank.labels.astype(int))

    return Replay(bank, NATURAL, held_out)


@pytest.fixture(scope="module")
def candidate(config, labels, base, replay, tmp_path_factory):
    models, runs = tmp_path_factory.mktemp("models"), tmp_path_factory.mktemp("runs")
    folder = fine_tune(config, labels, base, lambda _: replay, models, runs=runs, on=TODAY)
    assert (runs / "context" / folder.name / "metrics.json").is_file()
    return folder


def test_a_candidate_is_a_whole_artifact_under_the_next_version(candidate):
    assert candidate.parts[-2:] == ("context", "1.1.0+labels-2026-11-24")
    classifier = Classifier.load(candidate)
    assert (classifier.identity.name, classifier.identity.version) == ("tiny", "1.1.0+labels-2026-11-24")
    assert (candidate / "model_card.md").is_file()


def test_the_manifest_says_from_what_it_came(candidate, base, labels):
    document = read_manifest(candidate).document
    before = read_manifest(base).document
    assert document["base"] == {"name": "tiny", "version": "1.0.0", "sha256": before["sha256"]}
    (package,) = document["labels"]["packages"]
    assert package["checksum"] == next(iter(labels.packages.values())).manifest["checksum"]
    used, kept = document["labels"]["trained_on"], document["labels"]["held_out"]
    assert used["beats"] + kept["beats"] == len(labels.rows)
    assert used["patients"] + kept["patients"] == len(labels.patients)
    assert kept["patients"] > 0
    assert document["config"]["fine_tune"]["fine_tune"]["label_share"] == 0.3
    assert set(document["metrics"]["fine_tune"]["labels"]) == {"before", "after"}


def test_the_card_says_from_what_it_came_and_what_its_base_had_seen(candidate):
    card = (candidate / "model_card.md").read_text()
    assert "Fine-tuned from tiny 1.0.0" in card
    assert "DS1, which the base model saw" in card
    assert "left out of the fit" not in card


def test_the_network_has_learned_and_is_not_its_base(candidate, base, labels):
    columns = label_bank(labels, "context", CHANNELS).columns[:8].astype(np.float32)
    answers = [Classifier.load(folder).logits(columns) for folder in (base, candidate)]
    assert not np.allclose(*answers, atol=1e-4)


def test_without_a_step_only_the_prior_moves_by_what_the_mixture_changed(config, labels, base, replay, tmp_path):
    still = replace(config, fine_tune=replace(config.fine_tune, learning_rate=0.0))
    folder = fine_tune(still, labels, base, lambda _: replay, tmp_path, runs=tmp_path, on=TODAY)
    columns = label_bank(labels, "context", CHANNELS).columns[:8].astype(np.float32)
    moved = Classifier.load(folder).logits(columns) - Classifier.load(base).logits(columns)
    np.testing.assert_allclose(moved, np.broadcast_to(moved[0], moved.shape), atol=1e-5)
    assert not np.allclose(moved[0], 0, atol=1e-3)


def test_nothing_of_the_optimizer_is_published(candidate, base):
    assert (candidate / "network.keras").stat().st_size < 1.2 * (base / "network.keras").stat().st_size


def test_the_statistics_of_the_batches_stay_those_of_the_first_training(candidate, base):
    before, after = (moving_means(folder) for folder in (base, candidate))
    assert len(before) > 1
    for mean_before, mean_after in zip(before, after, strict=True):
        np.testing.assert_array_equal(mean_before, mean_after)


def moving_means(folder):
    model = keras.saving.load_model(folder / "network.keras", compile=False)
    return [layer.moving_mean for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]


def test_a_candidate_is_never_surer_than_its_base(candidate, base):
    before, after = read_manifest(base), read_manifest(candidate)
    assert after.temperature >= before.temperature
    assert after.threshold >= before.threshold


def test_the_gate_refuses_a_candidate_that_was_not_measured(candidate, base):
    reasons = reasons_against(read_manifest(candidate).document, read_manifest(base).document)
    assert any("not measured on DS2" in reason for reason in reasons)


def test_an_existing_version_is_not_overwritten(config, labels, base, replay, candidate, tmp_path):
    with pytest.raises(ValueError, match="exists already"):
        fine_tune(config, labels, base, lambda _: replay, candidate.parents[1], runs=tmp_path, on=TODAY)


def test_too_few_labels_are_said_before_anything_is_loaded(config, base, tmp_path):
    few = labels_load(write_package(tmp_path / "few", patients=range(3)), "context")
    with pytest.raises(TooFewLabels):
        fine_tune(
            config, few, base, lambda _: pytest.fail("DS1 was asked for"), tmp_path / "models", runs=tmp_path, on=TODAY
        )
    assert not (tmp_path / "models").exists()


def test_a_base_of_another_kind_is_refused(config, labels, replay, tmp_path):
    from worker.model.registry import artifact_folder

    with pytest.raises(ValueError, match="expected a 'context' model"):
        fine_tune(config, labels, artifact_folder("beat"), lambda _: replay, tmp_path, runs=tmp_path, on=TODAY)


def test_drawings_of_another_network_are_refused(config, labels, base, replay, tmp_path):
    other = replace(replay, bank=replace(replay.bank, columns=replay.bank.columns[:, :1]))
    with pytest.raises(ValueError, match="run prepare again"):
        fine_tune(config, labels, base, lambda _: other, tmp_path, runs=tmp_path, on=TODAY)


def test_labels_have_their_share_of_an_epoch_and_held_out_records_none(replay, labels, settings):
    replayed, learned = replay.bank.without(("106",)), label_bank(labels, "context", CHANNELS)
    joined = banks_joined(replayed, learned)
    weights = weights_mixed(replayed, learned, settings.training, 0.3)
    assert weights.sum() == pytest.approx(1)
    assert weights[len(replayed.labels) :].sum() == pytest.approx(0.3)
    assert "106" not in set(joined.records)
    np.testing.assert_allclose(weights[: len(replayed.labels)], 0.7 * beat_weights(replayed, settings.training))


@pytest.mark.parametrize(
    ("version", "following"),
    [
        ("1.0.0", "1.1.0+labels-2026-11-24"),
        ("2.4.1", "2.5.0+labels-2026-11-24"),
        ("1.1.0+labels-2026-11-24", "1.2.0+labels-2026-11-24"),
    ],
)
def test_the_next_version_is_a_minor_one(version, following):
    assert version_next(version, TODAY) == following


def answers(*right):
    """Ten N and ten V, each part answered rightly or wrongly."""
    labels = np.repeat([0, 2], 10)
    said = np.where(np.repeat(right, 10), labels, 1)
    return LabelledLogits(np.eye(5)[said] * 4, labels)


def test_a_network_that_forgot_is_not_published():
    with pytest.raises(Forgotten, match="Nothing is published"):
        require_remembered(answers(True, True), answers(True, False), 0.01)
    require_remembered(answers(True, True), answers(True, True), 0.01)


def test_held_out_labels_can_make_a_model_stricter_but_a_few_of_them_cannot(base):
    parts = {"ds1": answers(True, True), "labels": answers(True, False)}
    manifest = read_manifest(base)
    strict, lenient = (
        selection_strictest(parts, manifest, np.zeros(5), error=0.05, least_beats=least) for least in (20, 21)
    )
    assert strict.temperature > manifest.temperature
    assert strict.threshold > lenient.threshold == manifest.threshold


def test_the_manifest_is_plain_json(candidate):
    assert json.loads((candidate / "manifest.json").read_text())["kind"] == "context"


def test_a_bank_keeps_every_field_when_joined(replay):
    joined = banks_joined(replay.bank, replay.bank)
    assert isinstance(joined, Bank)
    assert len(joined.columns) == len(joined.labels) == len(joined.records) == len(joined.simulated)
