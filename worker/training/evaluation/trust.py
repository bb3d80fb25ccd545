"""How well beats are told apart that a network was never shown: a class held out in turn, and curves of no heart.

Everything is drawn from DS1 and the paced training records; DS2 takes no part.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from tqdm import tqdm

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.beats import Strip
from worker.ecg.drawing import context_columns, crop_columns
from worker.ecg.r_peaks import detect_r_peaks
from worker.model.architectures import build_network
from worker.model.calibration import softmax
from worker.model.classifier import Classifier
from worker.model.outliers import KnownBeats, auroc, energy, known_beats_fit, with_features
from worker.model.registry import ArtifactKind
from worker.training.data.views import READINGS_OF_KIND, View, shown
from worker.training.pictures.outliers import SEED
from worker.training.pictures.outliers.curves import CURVES
from worker.training.records import record_load

HELD_OUT: Final = ("106", "114", "118", "124", "201", "220", "223")
FALSE_ALARM: Final = 0.02  # of known beats, at the distance that counts as far
MOST_OF_CLASS: Final = 200  # beats of one class and record
EPOCHS: Final = 5
BATCH: Final = 64
METHODS: Final = ("max_softmax", "energy", "mahalanobis")


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Drawings ``[n, channels, columns, 2]`` as float16, labels and records."""

    columns: np.ndarray
    labels: np.ndarray
    records: np.ndarray

    def taken(self, chosen: np.ndarray) -> "Beats":
        return Beats(self.columns[chosen], self.labels[chosen], self.records[chosen])


def beats_drawn(data: Path, names: tuple[str, ...], kind: ArtifactKind = "context") -> Beats:
    """Up to ``MOST_OF_CLASS`` beats of each class and record, drawn as the worker draws them."""
    parts = []
    for name in tqdm(names, desc="drawing", unit="record"):
        record = record_load(data, name)
        seen = shown(record, View(READINGS_OF_KIND[kind][0]))
        labels = record.labels[seen.annotations]
        rng = np.random.default_rng([SEED, int(name)])
        chosen = np.concatenate(
            [rng.permutation(np.flatnonzero(labels == label))[:MOST_OF_CLASS] for label in np.unique(labels)]
        )
        parts.append((seen.columns[chosen].astype(np.float16), labels[chosen], np.full(len(chosen), name)))
    return Beats(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def curves_drawn(each: int, kind: ArtifactKind = "context") -> np.ndarray:
    """Beats that the detector finds on curves of no heart: respiration, spectra, seismograms and the like."""
    drawn = []
    for curve in tqdm(CURVES, desc="curves", unit="kind"):
        for number in range(each):
            values = curve(np.random.default_rng([SEED, number, *curve.__name__.encode()]))
            fs = len(values) / 10.0
            r_peaks = detect_r_peaks(values, fs)
            if len(r_peaks) >= 3:
                drawn.append(_beats_of(Strip(values, fs, r_peaks), kind))
    return np.concatenate(drawn).astype(np.float16)


def _beats_of(strip: Strip, kind: ArtifactKind) -> np.ndarray:
    if kind == "context":
        return context_columns(strip)
    middles = (strip.r_peaks[:-1] + strip.r_peaks[1:]) // 2
    return np.stack([crop_columns(strip.values[first : last + 1]) for first, last in pairwise(middles)])


def answers_with_features(network: keras.Model, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits ``[n, 5]`` and features ``[n, n_features]`` of a network from ``with_features``; float64.

    Drawings may have more channels than the network reads.
    """
    seen = columns[:, : network.input_shape[1]].astype(np.float32)
    logits, features = network.predict(seen, batch_size=256, verbose=0)
    return np.asarray(logits, np.float64), np.asarray(features, np.float64)


def outlier_scores(known_beats: KnownBeats, logits: np.ndarray, features: np.ndarray) -> dict[str, np.ndarray]:
    """Higher is stranger, by method."""
    return {
        "max_softmax": -softmax(logits).max(axis=1),
        "energy": energy(logits),
        "mahalanobis": known_beats.distances(features),
    }


def artifact_figures(classifier: Classifier, fitted: Beats, others: Beats, curves: np.ndarray) -> dict[str, Any]:
    """What an artifact makes of curves of no heart, beside beats of other patients than the Gaussians were fitted to.

    ``unsure`` is by the artifact's own threshold; ``unsure_or_far`` adds what lies farther than all but ``FALSE_ALARM``
    of the known beats.  An artifact that was fitted to the other patients as well flatters every method alike.
    """
    network = with_features(classifier.network)
    known_beats = known_beats_fit(answers_with_features(network, fitted.columns)[1], fitted.labels)
    answers = {
        "known": answers_with_features(network, others.columns),
        "curves": answers_with_features(network, curves),
    }
    scores = {name: outlier_scores(known_beats, *answer) for name, answer in answers.items()}
    farthest = np.quantile(scores["known"]["mahalanobis"], 1 - FALSE_ALARM)
    figures: dict[str, Any] = {
        "auroc": {method: auroc(scores["known"][method], scores["curves"][method]) for method in METHODS}
    }
    for name, (logits, _) in answers.items():
        unsure = softmax(logits / classifier.temperature).max(axis=1) < classifier.threshold
        far = scores[name]["mahalanobis"] > farthest
        either = float((unsure | far).mean())
        figures[name] = {"beats": len(unsure), "unsure": float(unsure.mean()), "unsure_or_far": either}
    return figures


def blind_network(beats: Beats, label: int) -> keras.Model:
    """A small context network that has never seen one class."""
    kept = beats.taken(beats.labels != label)
    network = build_network(
        kept.columns.shape[1:], height_px=48, stem=(12, 16), stages=(24, 32, 48), dense=48, dropout=0.3, seed=SEED
    )
    steps = EPOCHS * (len(kept.labels) // BATCH)
    network.compile(
        optimizer=keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(2e-3, steps), weight_decay=1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        weighted_metrics=[],
        jit_compile=False,
    )
    counts = np.bincount(kept.labels, minlength=len(AAMI_CLASSES))
    weights = (len(kept.labels) / np.maximum(counts, 1)) ** 0.5
    network.fit(
        kept.columns.astype(np.float32),
        kept.labels,
        sample_weight=(weights / np.average(weights, weights=counts))[kept.labels],
        batch_size=BATCH,
        epochs=EPOCHS,
        verbose=2,
    )
    return network


def near_figures(training: Beats, held_out: Beats) -> dict[str, Any]:
    """AUROC by method for each class held out in turn, on records that no network here was fitted to.

    Q stands in the paced training records alone: a network that is blind to it knows their other beats.
    """
    figures = {}
    for name in ("S", "V", "F", "Q"):
        label = AAMI_CLASSES.index(name)
        blind = with_features(blind_network(training, label))
        fitted = training.taken(training.labels != label)
        known_beats = known_beats_fit(answers_with_features(blind, fitted.columns)[1], fitted.labels)
        source = training if name == "Q" else held_out
        known = outlier_scores(known_beats, *answers_with_features(blind, held_out.columns[held_out.labels != label]))
        unlike = outlier_scores(known_beats, *answers_with_features(blind, source.columns[source.labels == label]))
        figures[name] = {
            "known_beats": len(known["energy"]),
            "unlike_beats": len(unlike["energy"]),
            "auroc": {method: auroc(known[method], unlike[method]) for method in METHODS},
        }
    return figures
