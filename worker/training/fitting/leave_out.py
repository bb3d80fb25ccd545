"""Leave groups of DS1 records out in turn, and choose on the answers to all that were left out."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np

from worker.model.classifier import Classifier
from worker.model.registry import Manifest
from worker.results import ModelIdentity
from worker.training.config import Config
from worker.training.data.bank import Bank
from worker.training.data.views import READINGS_OF_KIND, Reading, View
from worker.training.evaluation.answers import Answers, answers_collect, answers_joined
from worker.training.fitting.fit import members_fit
from worker.training.fitting.sampling import beat_weights, sampled_prior
from worker.training.fitting.selection import Selection, natural_prior, selection_choose
from worker.training.records import DS1, PACED_TRAINING, record_load


def left_out_selection(config: Config, bank: Bank, data: Path, run: Path, *, verbose: int | str = "auto") -> Selection:
    """Fit once without each group of records, then choose prior, temperature and threshold on their answers."""
    stored = run / "selection.json"
    if stored.is_file():
        return Selection(**json.loads(stored.read_text()))
    groups = range(len(config.selection.left_out))
    parts = [group_answers(config, bank, data, run, group, verbose=verbose) for group in groups]
    answers: Mapping[str, Answers] = {
        reading: answers_joined([part[reading] for part in parts]) for reading in READINGS_OF_KIND[config.artifact.kind]
    }
    selection = selection_choose(answers, log_prior_shift(config, bank, data), config.selection.unsure_beat_error)
    stored.write_text(json.dumps(asdict(selection), indent=1))
    return selection


def group_answers(
    config: Config, bank: Bank, data: Path, run: Path, group: int, *, verbose: int | str = "auto"
) -> dict[Reading, Answers]:
    """Answers to a group of records by networks that were fitted without it; kept in the run's folder.

    Groups do not wait for each other: several processes may each take one.
    """
    folder, records = run / f"left_out_{group}", config.selection.left_out[group]
    readings = READINGS_OF_KIND[config.artifact.kind]
    files = {reading: folder / f"{reading}.npz" for reading in readings}
    if not all(file.is_file() for file in files.values()):
        classifier = bare_classifier(members_fit(config, bank.without(records), folder, verbose=verbose), config)
        for reading, file in files.items():
            _answers_save(answers_collect(classifier, data, records, View(reading)), file)
    return {reading: _answers_load(file) for reading, file in files.items()}


def log_prior_shift(config: Config, bank: Bank, data: Path) -> np.ndarray:
    """Log of the classes' natural shares over those in training, shape (5,)."""
    natural = natural_prior([record_load(data, name) for name in DS1 + PACED_TRAINING])
    return np.asarray(np.log(natural / sampled_prior(bank, beat_weights(bank, config.training))))


def bare_classifier(model: keras.Model, config: Config) -> Classifier:
    """A classifier of a network that is not published yet: temperature 1."""
    identity = ModelIdentity(config.artifact.name, config.artifact.version, "")
    return Classifier(model, Manifest(config.artifact.kind, identity, 0.0, 1.0, {}))


def _answers_save(answers: Answers, file: Path) -> None:
    unfinished = file.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **{name: getattr(answers, name) for name in Answers.__slots__})
    unfinished.rename(file)


def _answers_load(file: Path) -> Answers:
    with np.load(file) as stored:
        return Answers(**{name: stored[name] for name in Answers.__slots__})
