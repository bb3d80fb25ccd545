"""From a published model and confirmed labels to a candidate for its place.

The labels are mixed with a replay of DS1, at a small learning rate and with the batch statistics held still, so that
what the model knew stays. It is then compared with its base on the held-out DS1 records (the base saw them in its first
training: they show what was forgotten) and on the patients of the labels that were held out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Final

import keras
import numpy as np

from worker.ecg.annotations import AAMI_CLASSES, SCORED_CLASSES
from worker.model.classifier import Classifier
from worker.model.registry import NETWORK_NAME, Manifest, read_manifest
from worker.training.config import Config, TrainingSettings
from worker.training.data.bank import Bank, bank_load
from worker.training.data.views import READINGS_OF_KIND, View
from worker.training.evaluation.answers import answers_collect
from worker.training.fitting.fit import prior_folded_in
from worker.training.fitting.runs import EPOCHS_NAME, RunRecord
from worker.training.fitting.sampling import BeatSequence, beat_weights, sampled_prior
from worker.training.fitting.selection import natural_prior
from worker.training.labels.fine_tune_config import FineTuneConfig, config_of_base
from worker.training.labels.fine_tune_figures import (
    HeldOut,
    LabelledLogits,
    compared,
    prior_strength,
    provenance,
    require_remembered,
    selection_strictest,
)
from worker.training.labels.labels import Labels, label_bank, labels_required, labels_split
from worker.training.publishing.publish import artifact_publish, manifest_write
from worker.training.records import DS1, PACED_TRAINING, record_load

SCORED: Final = tuple(AAMI_CLASSES.index(name) for name in SCORED_CLASSES)


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """DS1 for a fine-tuning: drawings, the classes' natural shares, and what a network answers on held-out records."""

    bank: Bank
    natural: np.ndarray
    held_out: Callable[[Classifier], LabelledLogits]


def replay_load(config: Config, data: Path, runs: Path) -> Replay:
    """The drawings that ``prepare`` made, and the records.

    Raises
    ------
    FileNotFoundError
        If there are no drawings; the message says how to make them.
    """
    kind = config.artifact.kind
    view = View(READINGS_OF_KIND[kind][0])

    def held_out(classifier: Classifier) -> LabelledLogits:
        answers = answers_collect(classifier, data, config.selection.held_out_records, view)
        shown = np.isfinite(answers.logits).all(axis=1)  # the paper's crops leave out a record's first and last beat
        scored = shown & np.isin(answers.labels, SCORED)
        return LabelledLogits(answers.logits[scored], answers.labels[scored])

    bank = bank_load(runs / kind / "bank")
    return Replay(bank, natural_prior([record_load(data, name) for name in DS1 + PACED_TRAINING]), held_out)


def fine_tune(
    config: FineTuneConfig,
    labels: Labels,
    base: Path,
    replay: Callable[[Config], Replay],
    artifacts: Path,
    *,
    runs: Path,
    on: date,
) -> Path:
    """Fine-tune a base model on confirmed labels and publish the candidate.

    Parameters
    ----------
    config : FineTuneConfig
    labels : Labels
        Of the config's kind.
    base : Path
        Folder of the base model.
    replay : callable
        Gives DS1 for the base's settings; asked only once the labels are enough.
    artifacts : Path
        The candidate goes to ``<kind>/<version>`` below it.
    runs : Path
        Settings, machine, speed and course go to ``<kind>/<version>`` below it.
    on : date
        Stands in the version.

    Returns
    -------
    Path
        The candidate's folder.

    Raises
    ------
    TooFewLabels, Forgotten, ValueError
        If the labels are too few, the base is of another kind, the version exists, the drawings are of another
        network, or too much was forgotten.
    """
    manifest = read_manifest(base)
    settings = config_of_base(manifest.document, config, version_next(manifest.identity.version, on))
    folder = artifacts / config.fine_tune.kind / settings.artifact.version
    _check(config, manifest, folder)
    learned, held_out = labels_split(labels, config.labels.held_out_share)
    labels_required(learned, config.labels)
    ds1 = replay(settings)
    model = keras.saving.load_model(base / NETWORK_NAME, compile=False, safe_mode=True)
    _check_drawings(ds1.bank, model)

    kind, channels = config.fine_tune.kind, model.input_shape[1]
    judged = HeldOut(ds1.held_out, label_bank(held_out, kind, channels) if held_out.rows else None)
    before = judged.answers(_answering(model, manifest))
    run = runs / kind / settings.artifact.version
    tuned, log_prior = _fitted(base, config, settings, ds1, label_bank(learned, kind, channels), run)
    after = judged.answers(_answering(tuned, manifest))
    require_remembered(before["ds1"], after["ds1"], config.fine_tune.most_forgotten)
    selection = selection_strictest(
        after,
        manifest,
        log_prior,
        error=settings.selection.unsure_beat_error,
        least_beats=config.labels.least_held_out_beats,
    )
    artifact_publish(tuned, settings, selection, folder)
    document = read_manifest(folder).document
    document |= provenance(manifest, labels, learned, held_out)
    document["config"]["fine_tune"] = config.as_document()
    document["metrics"]["fine_tune"] = compared(before, after)
    manifest_write(document, folder)
    return folder


def _answering(model: keras.Model, manifest: Manifest) -> Classifier:
    """A classifier of a network whose temperature is not chosen yet."""
    return Classifier(model, replace(manifest, temperature=1.0, threshold=0.0))


def version_next(version: str, on: date) -> str:
    """The next minor version, marked with the labels' date: ``1.0.0`` becomes ``1.1.0+labels-2026-11-24``."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None:
        raise ValueError(f"version: expected one like 1.0.0. Received: {version!r}")
    return f"{numbers[1]}.{int(numbers[2]) + 1}.0+labels-{on.isoformat()}"


def _check(config: FineTuneConfig, manifest: Manifest, folder: Path) -> None:
    if manifest.kind != config.fine_tune.kind:
        raise ValueError(f"base: expected a {config.fine_tune.kind!r} model. Received: {manifest.kind!r}")
    if folder.exists():
        raise ValueError(f"{folder} exists already: remove it, or give another --artifacts folder")


def _check_drawings(bank: Bank, model: keras.Model) -> None:
    if bank.columns.shape[1:] != model.input_shape[1:]:
        raise ValueError(
            f"the drawings of DS1 are of shape {bank.columns.shape[1:]}, the base model's input is "
            f"{model.input_shape[1:]}: run prepare again for this model, or name another --base"
        )


# --- Fitting ----------------------------------------------------------------------------------------------------------
def _fitted(
    base: Path, config: FineTuneConfig, settings: Config, ds1: Replay, learned: Bank, run: Path
) -> tuple[keras.Model, np.ndarray]:
    """The fine-tuned network, and the log prior ``[5]`` that is folded into it with the base's strength."""
    strength = prior_strength(read_manifest(base))
    model, tuned = (keras.saving.load_model(base / NETWORK_NAME, compile=False, safe_mode=True) for _ in range(2))
    first = sampled_prior(ds1.bank, beat_weights(ds1.bank, settings.training))
    prior_folded_in(model, -strength * _log_shift(ds1.natural, first))
    replayed = ds1.bank.without(settings.selection.held_out_records)
    bank = banks_joined(replayed, learned)
    weights = weights_mixed(replayed, learned, settings.training, config.fine_tune.label_share)
    _fit(model, settings, BeatSequence(bank, settings.training, weights=weights), run)
    # Into a network that was never compiled: the optimizer's moments would triple the size of what is published.
    tuned.set_weights(model.get_weights())
    log_prior = strength * _log_shift(ds1.natural, sampled_prior(bank, weights))
    prior_folded_in(tuned, log_prior)
    return tuned, log_prior


def _fit(model: keras.Model, settings: Config, batches: BeatSequence, run: Path) -> None:
    """In place; it takes minutes, so that it begins anew where it was interrupted."""
    run.mkdir(parents=True, exist_ok=True)
    _compile(model, settings.training)
    statistics_hold(model)
    model.fit(
        batches,
        epochs=settings.training.epochs,
        callbacks=[
            keras.callbacks.CSVLogger(str(run / EPOCHS_NAME)),
            RunRecord(run, settings.as_document(), settings.training.batch_size, progress=True),
        ],
        shuffle=False,
        verbose=0,  # the record shows a bar for all epochs
    )


def _compile(model: keras.Model, settings: TrainingSettings) -> None:
    steps = settings.epochs * max(settings.epoch_beats // settings.batch_size, 1)
    model.compile(
        optimizer=keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(settings.learning_rate, decay_steps=steps),
            weight_decay=settings.weight_decay,
            clipnorm=1.0,
        ),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=settings.label_smoothing),
        metrics=["accuracy"],
        jit_compile=False,  # XLA is slower on a CPU
    )


def statistics_hold(model: keras.Model) -> None:
    """Batch normalisation as in serving: its statistics are those of all of DS1, not of these few patients."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            statistics_hold(layer)
        elif isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False


def banks_joined(first: Bank, second: Bank) -> Bank:
    return Bank(*(np.concatenate([getattr(first, f.name), getattr(second, f.name)]) for f in fields(Bank)))


def weights_mixed(replayed: Bank, learned: Bank, settings: TrainingSettings, label_share: float) -> np.ndarray:
    """Probability of each drawing of the joined banks; the labels together have ``label_share``."""
    parts = [(1 - label_share) * beat_weights(replayed, settings), label_share * beat_weights(learned, settings)]
    return np.concatenate(parts)


def _log_shift(natural: np.ndarray, sampled: np.ndarray) -> np.ndarray:
    """Log of natural over sampled share; 0 for a class that is in neither."""
    both = (natural > 0) & (sampled > 0)
    return np.log(np.where(both, natural, 1.0) / np.where(both, sampled, 1.0))
