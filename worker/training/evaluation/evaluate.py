"""A model's figures on records that it was not fitted to: every row of a manifest, from the data alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import keras

from worker.model.classifier import Classifier
from worker.training.data.noise import NOISE_SNR_DB
from worker.training.data.views import READINGS_OF_KIND, Reading, View
from worker.training.evaluation.answers import Answers, answers_collect, network_answers, with_members
from worker.training.evaluation.figures import (
    calibration_figures,
    members_headlines,
    paced_figures,
    reading_figures,
    row_figures,
    seeds_figures,
)
from worker.training.evaluation.metrics import headline, scores
from worker.training.evaluation.protocols import ROWS, Protocol
from worker.training.evaluation.round_trip import FIGURES_OF_KIND
from worker.training.records import record_load


@dataclass(slots=True)
class Evaluation:
    """A model, the records, and what was found: ``metrics`` as in a manifest, ``answers`` by reading."""

    classifier: Classifier
    data: Path
    protocol: Protocol
    metrics: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=dict)
    network: keras.Model = field(init=False)

    def __post_init__(self) -> None:
        self.network = with_members(self.classifier.network)

    @property
    def readings(self) -> tuple[Reading, ...]:
        return READINGS_OF_KIND[self.classifier.kind]

    @property
    def rows(self) -> dict[str, Any]:
        """The rows of the protocol's records."""
        found: dict[str, Any] = self.metrics.setdefault(self.protocol.key, {})
        return found

    def collect(self, view: View, title: str, records: Sequence[str] = ()) -> Answers:
        """Answers as the worker gives them."""
        return self.collect_alone(view, title, records).adapted(self.classifier.recording_prior)

    def collect_alone(self, view: View, title: str, records: Sequence[str] = ()) -> Answers:
        """Each beat answered without what its strip says of the share of S."""
        return network_answers(self.network, self.data, records or self.protocol.records, view, title=title)


def evaluate(
    classifier: Classifier,
    data: Path,
    protocol: Protocol,
    *,
    rows: Sequence[str] = ROWS,
    seeds: Sequence[Classifier] = (),
) -> Evaluation:
    """Measure a model.

    Parameters
    ----------
    classifier : Classifier
    data : Path
    protocol : Protocol
    rows : sequence of str
        Some of ``ROWS``.
    seeds : sequence of Classifier
        Models that differ from this one by their seed alone, for the spread over seeds.  Without any, the members of
        the network are taken, where it is a mean of several.
    """
    evaluation = Evaluation(classifier, data, protocol)
    if protocol.key != "ds2":
        evaluation.rows["records"] = list(protocol.records)
    for row, add in _ROW_FUNCTIONS.items():
        if row in rows:
            add(evaluation)
    if "main" in rows:
        _add_seeds(evaluation, seeds)
    return evaluation


def _add_main(evaluation: Evaluation) -> None:
    """Each reading, with the annotators' R peaks and with the worker's own; and the calibration."""
    records, classifier = evaluation.protocol.records, evaluation.classifier
    for reading in evaluation.readings:
        alone = evaluation.collect_alone(View(reading), f"{reading} oracle")
        answers = alone.adapted(classifier.recording_prior)
        evaluation.answers[reading] = answers
        detected = evaluation.collect(View(reading, "detected"), f"{reading} detected")
        evaluation.rows[reading] = {
            "oracle": reading_figures(answers, records, "oracle"),
            "detected": reading_figures(detected, records, "detected"),
        }
        if classifier.recording_prior:
            evaluation.rows[reading]["oracle"]["without_recording_prior"] = row_figures(alone)
    reading = evaluation.readings[0]
    figures = calibration_figures(evaluation.answers[reading], classifier.temperature, classifier.threshold)
    place = evaluation.metrics if evaluation.protocol.key == "ds2" else evaluation.rows
    place["calibration"] = {"reading": reading, **figures}


def _add_leads(evaluation: Evaluation) -> None:
    """The records' second leads, one row for each."""
    reading = evaluation.readings[0]
    answers = evaluation.collect(View(reading, other_lead=True), "second leads")
    records_of_lead: dict[str, list[str]] = {}
    for name in evaluation.protocol.records:
        records_of_lead.setdefault(record_load(evaluation.data, name).other_lead, []).append(name)
    evaluation.rows["lead"] = {
        lead: {"reading": reading, "records": names, **row_figures(answers.of(names))}
        for lead, names in sorted(records_of_lead.items())
    }


def _add_short(evaluation: Evaluation) -> None:
    """Pieces of 2.5 s, as a sheet of twelve leads holds them."""
    if evaluation.classifier.kind == "context":
        evaluation.rows["strip2_5"] = row_figures(evaluation.collect(View("strip2_5"), "2.5 s"))


def _add_unknown_lead(evaluation: Evaluation) -> None:
    """Neither the lead (which no model is ever told) nor the time scale is known."""
    reading = evaluation.readings[0]
    answers = evaluation.collect(View(reading, time_known=False), "unknown lead")
    evaluation.rows["unknown_lead"] = {"reading": reading, **row_figures(answers)}


def _add_noise(evaluation: Evaluation) -> None:
    reading = evaluation.readings[0]
    rows = evaluation.rows["noise"] = {}
    for snr_db in NOISE_SNR_DB:
        oracle = evaluation.collect(View(reading, noise_db=snr_db), f"{snr_db} dB oracle")
        detected = evaluation.collect(View(reading, "detected", noise_db=snr_db), f"{snr_db} dB detected")
        found = row_figures(detected, detected=True)
        rows[str(snr_db)] = {"reading": reading, **row_figures(oracle), "detected": found}


def _add_round_trip(evaluation: Evaluation) -> None:
    """Drawn on paper, photographed, read and classified; a sample of the pictures, see ``round_trip``."""
    classifier = evaluation.classifier
    found = FIGURES_OF_KIND[classifier.kind](classifier, evaluation.data, evaluation.protocol.records)
    sample = {key: found[key] for key in ("every", "seed")}
    evaluation.rows["roundtrip"] = {
        level: {**figures.pop("overall"), **figures, "oracle": found["oracle"], **sample}
        for level, figures in found["levels"].items()
    }


def _add_paced(evaluation: Evaluation) -> None:
    """Q on paced records, which no other row holds."""
    paced = evaluation.protocol.paced
    if not paced:
        return
    readings = {
        reading: paced_figures(evaluation.collect(View(reading), f"paced {reading}", paced), paced)
        for reading in evaluation.readings
    }
    first = evaluation.readings[0]
    evaluation.metrics["q"] = {"reading": first, **readings[first], "readings": readings}


def _add_seeds(evaluation: Evaluation, seeds: Sequence[Classifier]) -> None:
    if seeds:
        found = {
            reading: [
                headline(scores(answers.labels, answers.classes))
                for answers in (_of_seed(evaluation, seed, reading) for seed in seeds)
            ]
            for reading in evaluation.readings
        }
        source = "networks of one configuration with a seed each"
    else:
        found = {reading: members_headlines(evaluation.answers[reading]) for reading in evaluation.readings}
        source = f"members of the network, each alone{_inputs(evaluation.classifier.network)}"
    if len(next(iter(found.values()))) > 1:
        place = evaluation.metrics if evaluation.protocol.key == "ds2" else evaluation.rows
        place["seeds"] = seeds_figures(found, source)


def _inputs(network: keras.Model) -> str:
    """In words, where members differ by what they read as well as by their seed."""
    read = [layer.input_shape[1] for layer in network.layers if isinstance(layer, keras.Model)]
    if len(set(read)) < 2:
        return ""
    return "; " + " and ".join(f"{read.count(count)} that read {count} channels" for count in sorted(set(read)))


def _of_seed(evaluation: Evaluation, seed: Classifier, reading: Reading) -> Answers:
    title = f"{reading} {seed.identity.version}"
    return answers_collect(seed, evaluation.data, evaluation.protocol.records, View(reading), title=title)


_ROW_FUNCTIONS: Final = {
    "main": _add_main,
    "leads": _add_leads,
    "short": _add_short,
    "unknown-lead": _add_unknown_lead,
    "noise": _add_noise,
    "roundtrip": _add_round_trip,
    "paced": _add_paced,
}
