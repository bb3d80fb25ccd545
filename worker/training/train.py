"""From a bank of drawings to a published artifact.

The same fit again and again: without each group of DS1 records in turn, to choose prior, temperature and threshold
on the records that were left out; then with all of DS1, to be shipped.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from worker.model.classifier import Classifier
from worker.model.registry import Manifest
from worker.results import ModelIdentity
from worker.training.answers import Answers, answers_collect, answers_joined
from worker.training.bank import Bank, bank_load
from worker.training.config import Config
from worker.training.fit import members_fit, prior_folded_in
from worker.training.publish import artifact_publish
from worker.training.records import DS1, PACED_TRAINING, record_load
from worker.training.sampling import beat_weights, sampled_prior
from worker.training.selection import Selection, natural_prior, selection_choose
from worker.training.views import READINGS_OF_KIND, View


def train(config: Config, data: Path, runs: Path, artifacts: Path, *, verbose: int | str = "auto") -> Path:
    """Choose on held-out records, fit on all of DS1, publish.

    Returns
    -------
    Path
        The artifact's folder.
    """
    run = runs / config.artifact.kind
    require_same_config(config, run)
    bank = bank_load(run / "bank")
    selection = held_out_selection(config, bank, data, run, verbose=verbose)
    model = members_fit(config, bank, run / "all", verbose=verbose)
    prior_folded_in(model, np.array(selection.log_prior))
    folder = artifacts / config.artifact.kind / config.artifact.version
    artifact_publish(model, config, selection, folder)
    return folder


def held_out_selection(config: Config, bank: Bank, data: Path, run: Path, *, verbose: int | str) -> Selection:
    """Leave each group of DS1 records out in turn, and choose on the answers to all that were left out."""
    stored = run / "selection.json"
    if stored.is_file():
        return Selection(**json.loads(stored.read_text()))
    readings = READINGS_OF_KIND[config.artifact.kind]
    parts: dict[str, list[Answers]] = {reading: [] for reading in readings}
    for number, records in enumerate(config.selection.left_out):
        model = members_fit(config, bank.without(records), run / f"left_out_{number}", verbose=verbose)
        classifier = bare_classifier(model, config)
        for reading in readings:
            parts[reading].append(answers_collect(classifier, data, records, View(reading)))
    natural = natural_prior([record_load(data, name) for name in DS1 + PACED_TRAINING])
    log_shift = np.log(natural / sampled_prior(bank, beat_weights(bank, config.training)))
    answers = {reading: answers_joined(of_reading) for reading, of_reading in parts.items()}
    selection = selection_choose(answers, log_shift, config.selection.unsure_beat_error)
    stored.write_text(json.dumps(asdict(selection), indent=1))
    return selection


def bare_classifier(model: keras.Model, config: Config) -> Classifier:
    """A classifier of a network that is not published yet: temperature 1."""
    identity = ModelIdentity(config.artifact.name, config.artifact.version, "")
    return Classifier(model, Manifest(config.artifact.kind, identity, 0.0, 1.0, {}))


def require_same_config(config: Config, run: Path) -> None:
    """A run goes on only with the settings it began with."""
    run.mkdir(parents=True, exist_ok=True)
    stored = run / "config.json"
    document: dict[str, Any] = json.loads(json.dumps(config.as_document()))
    if stored.is_file() and json.loads(stored.read_text()) != document:
        raise ValueError(f"{run} was begun with other settings: give another --runs folder or remove it")
    stored.write_text(json.dumps(document, indent=1))
