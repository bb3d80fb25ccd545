"""Leave groups of DS1 records out in turn, and choose on the answers to all that were left out."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import keras
import numpy as np

from worker.ecg.annotations import SCORED_CLASSES
from worker.model.recording_prior import RecordingPrior
from worker.training.config import Config
from worker.training.data.bank import SUPRAVENTRICULAR, Bank, donors_for
from worker.training.data.views import READINGS_OF_KIND, Reading, View
from worker.training.evaluation.answers import (
    Answers,
    answers_joined,
    network_answers,
    record_answers,
    with_members,
)
from worker.training.fitting.fit import members_fit
from worker.training.fitting.sampling import beat_weights, sampled_prior
from worker.training.fitting.selection import Selection, natural_prior, selection_choose
from worker.training.records import DS1, PACED_TRAINING, class_counts, record_load
from worker.training.simulation.exam import exam_records
from worker.training.simulation.waves import ventricular_waves

SIMULATED: Final = "simulated-"  # before a reading: of rhythms simulated from the records' beats


def left_out_selection(config: Config, bank: Bank, data: Path, run: Path, *, verbose: int | str = "auto") -> Selection:
    """Fit once without each group of records, then choose prior, temperature and threshold on their answers."""
    stored = run / "selection.json"
    if stored.is_file():
        return Selection(**json.loads(stored.read_text()))
    groups = range(len(config.selection.left_out))
    parts = [group_answers(config, bank, data, run, group, verbose=verbose) for group in groups]
    answers = {name: answers_joined([part[name] for part in parts]) for name in parts[0]}
    readings: Mapping[str, Answers] = {name: answers[name] for name in READINGS_OF_KIND[config.artifact.kind]}
    simulated = {name: answers[SIMULATED + name] for name in readings if SIMULATED + name in answers}
    shift = log_prior_shift(config, bank, data)
    prior = RecordingPrior(ectopic_share(data)) if config.artifact.kind == "context" else None
    selection = selection_choose(readings, shift, config.selection.unsure_beat_error, simulated, prior)
    stored.write_text(json.dumps(asdict(selection), indent=1))
    return selection


def group_answers(
    config: Config, bank: Bank, data: Path, run: Path, group: int, *, verbose: int | str = "auto"
) -> dict[str, Answers]:
    """Answers to a group of records by networks that were fitted without it; kept in the run's folder.

    By reading: of the records themselves, and for context networks of rhythms simulated from their beats.  Groups do
    not wait for each other: several processes may each take one.
    """
    folder, records = run / f"left_out_{group}", config.selection.left_out[group]
    readings = READINGS_OF_KIND[config.artifact.kind]
    asked = [*readings, *(SIMULATED + reading for reading in readings if config.artifact.kind == "context")]
    files = {name: folder / f"{name}.npz" for name in asked}
    if not all(file.is_file() for file in files.values()):
        network = with_members(members_fit(config, bank.without(records), folder, verbose=verbose))
        for reading in readings:
            if not files[reading].is_file():
                _answers_save(network_answers(network, data, records, View(reading)), files[reading])
            simulated = files.get(SIMULATED + reading)
            if simulated and not simulated.is_file():
                _answers_save(_simulated_answers(network, config, data, group, reading), simulated)
    return {name: _answers_load(file) for name, file in files.items()}


def _simulated_answers(network: keras.Model, config: Config, data: Path, group: int, reading: Reading) -> Answers:
    """Without the strips in which every beat is S: nothing in a regular run tells S from N, as in training."""
    parts = []
    for name in config.selection.left_out[group]:
        donors = donors_for(name, config.selection.left_out)
        lent = ventricular_waves(record_load(data, donors[0])) if donors else None
        for rhythm in exam_records(record_load(data, name), lent):
            parts.append(record_answers(network, rhythm, View(reading)).of_strips_without_only(SUPRAVENTRICULAR))
    return answers_joined(parts)


def ectopic_share(data: Path) -> float:
    """Of the scored beats of DS1, those that are S."""
    counts = class_counts(record_load(data, name) for name in DS1)
    return counts["S"] / sum(counts[name] for name in SCORED_CLASSES)


def log_prior_shift(config: Config, bank: Bank, data: Path) -> np.ndarray:
    """Log of the classes' natural shares over those in training, shape (5,)."""
    natural = natural_prior([record_load(data, name) for name in DS1 + PACED_TRAINING])
    return np.asarray(np.log(natural / sampled_prior(bank, beat_weights(bank, config.training))))


def _answers_save(answers: Answers, file: Path) -> None:
    unfinished = file.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **{name: getattr(answers, name) for name in Answers.__slots__})
    unfinished.rename(file)


def _answers_load(file: Path) -> Answers:
    with np.load(file) as stored:
        return Answers(**{name: stored[name] for name in Answers.__slots__})
