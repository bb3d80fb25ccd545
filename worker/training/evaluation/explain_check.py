"""Whether explanations follow the network: Adebayo et al. 2018 (arXiv 1810.03292), and covering what they highlight.

A map that stays the same when the weights are shuffled shows the picture, not the network.  A part that is highlighted
but whose loss changes nothing was not what the answer rested on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from scipy.stats import spearmanr

from worker.ecg.annotations import AAMI_CLASSES, SCORED_CLASSES
from worker.ecg.beats import Strip, paper_window
from worker.ecg.drawing import BLANK, CONTEXT_CHANNELS, context_columns, crop_columns, pictures_and_series
from worker.ecg.rr import mean_rr_s
from worker.model.calibration import softmax
from worker.model.classifier import Classifier
from worker.model.explain import class_activation_maps, class_strip
from worker.model.occlusion import Part, context_parts, crop_parts, time_occlusion
from worker.training.records import Record, record_load

# DS1 records on which choices are made; the shipped networks were fitted to all of DS1 afterwards.
RECORDS: Final = ("106", "114", "118", "124", "201", "220", "223")
STRIP_S: Final = 10.0
COVERED: Final = 0.25
RANDOM_DRAWS: Final = 4
DEPTHS: Final = ("top_layer", "dense_layers", "all_layers")

Maps = dict[str, list[np.ndarray]]


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Drawings ``[n, channels, columns, 2]``, the class that the network answered, and the part to slide along."""

    columns: np.ndarray
    classes: np.ndarray
    parts: list[Part]


def explain_check(
    classifier: Classifier, data: Path, *, records: Iterable[str] = RECORDS, per_class: int = 6, seed: int = 0
) -> dict[str, Any]:
    """Both checks on beats of DS1.

    Parameters
    ----------
    classifier : Classifier
    data : Path
    records : iterable of str
    per_class : int
        Beats of each of N, S, V and F from each record, at random.
    seed : int

    Returns
    -------
    dict
        ``rank_correlation``: of the shuffled network's map with the trained network's, mean over beats, -1 to 1.
        ``loss``: of the answered class's probability when a quarter of the drawing is covered, mean over beats.
    """
    names, rng = list(records), np.random.default_rng(seed)
    beats = beats_collect(classifier, data, names, per_class, rng)
    maps = maps_of(classifier.network, beats, classifier.temperature)
    return {
        "model": {"name": classifier.identity.name, "version": classifier.identity.version},
        "sha256": classifier.identity.sha256,
        "records": names,
        "seed": seed,
        "beats": {name: int((beats.classes == at).sum()) for at, name in enumerate(AAMI_CLASSES)},
        "rank_correlation": rank_correlations(classifier, beats, maps, rng),
        "loss": losses(classifier, beats, maps, rng),
    }


# --- Beats ------------------------------------------------------------------------------------------------------------
def beats_collect(
    classifier: Classifier, data: Path, records: Iterable[str], per_class: int, rng: np.random.Generator
) -> Beats:
    """Beats of some records, as this classifier sees them."""
    channels = CONTEXT_CHANNELS[: classifier.network.input_shape[1]]
    drawn = []
    for name in records:
        record = record_load(data, name)
        for index in _indices(record, per_class, rng):
            drawn.append(_crop(record, index) if classifier.kind == "beat" else _strip_beat(record, index, channels))
    columns = np.stack([column for column, _ in drawn])
    return Beats(columns, classifier.probabilities(columns).argmax(axis=1), [part for _, part in drawn])


def _indices(record: Record, per_class: int, rng: np.random.Generator) -> Iterator[int]:
    """Some beats of each class by the annotators, away from the record's ends."""
    inner = np.arange(1, len(record.samples) - 1)
    for name in SCORED_CLASSES:
        of_class = inner[record.labels[inner] == AAMI_CLASSES.index(name)]
        yield from rng.permutation(of_class)[:per_class]


def _crop(record: Record, index: int) -> tuple[np.ndarray, Part]:
    first, last = paper_window(int(record.samples[index - 1]), int(record.samples[index + 1]), record.fs)
    return crop_columns(record.signal()[first:last]), crop_parts()[0]


def _strip_beat(record: Record, index: int, channels: Sequence[str]) -> tuple[np.ndarray, Part]:
    length = int(STRIP_S * record.fs)
    first = int(np.clip(record.samples[index] - length // 2, 0, len(record.signal()) - length))
    inside = np.flatnonzero((record.samples >= first) & (record.samples < first + length))
    strip = Strip(record.signal()[first : first + length], record.fs, record.samples[inside] - first)
    parts = context_parts(channels, mean_rr_s(strip.r_peaks / record.fs), has_time=True)
    shape = next(part for part in parts if part.name == "beat")
    return context_columns(strip)[int(np.flatnonzero(inside == index)[0]), : len(channels)], shape


# --- Do the maps follow the weights? ----------------------------------------------------------------------------------
def rank_correlations(
    classifier: Classifier, beats: Beats, before: Maps, rng: np.random.Generator
) -> dict[str, dict[str, float]]:
    """Spearman's correlation with the trained network's maps, after shuffling the top layer, all dense, all layers."""
    network = classifier.network
    trained = network.get_weights()
    found: dict[str, dict[str, float]] = {name: {} for name in before}
    for depth in DEPTHS:
        weights_shuffle(network, depth, rng)
        for name, maps in maps_of(network, beats, classifier.temperature).items():
            found[name][depth] = _mean_correlation(before[name], maps)
        network.set_weights(trained)
    return found


def maps_of(network: keras.Model, beats: Beats, temperature: float) -> Maps:
    """Class maps ``[height, columns]`` and drops along the part ``[cells]``, one of each for every beat."""

    def probabilities(columns: np.ndarray) -> np.ndarray:
        return softmax(network.predict(columns, batch_size=64, verbose=0) / temperature)

    slides = [
        time_occlusion(probabilities, columns, int(asked), [part])[0].drop
        for columns, asked, part in zip(beats.columns, beats.classes, beats.parts, strict=True)
    ]
    return {"class_map": list(class_activation_maps(network, beats.columns, beats.classes)), "occlusion": slides}


def _mean_correlation(before: list[np.ndarray], after: list[np.ndarray]) -> float:
    """A map without any difference in it agrees with nothing: 0."""
    pairs = [(a.ravel(), b.ravel()) for a, b in zip(before, after, strict=True)]
    return float(np.mean([spearmanr(a, b).statistic if np.ptp(a) and np.ptp(b) else 0.0 for a, b in pairs]))


# --- Shuffled weights -------------------------------------------------------------------------------------------------
def weights_shuffle(network: keras.Model, depth: str, rng: np.random.Generator) -> None:
    """Permute the weights within each kernel, so that their sizes stay and what was learned goes.

    Parameters
    ----------
    network : keras.Model
    depth : {"top_layer", "dense_layers", "all_layers"}
        The layer that answers, the dense layers, or every layer with a kernel; in each member of an average.
    rng : Generator
    """
    for member in [layer for layer in network.layers if isinstance(layer, keras.Model)] or [network]:
        layers = [layer for layer in member.layers if hasattr(layer, "kernel")]
        dense = [layer for layer in layers if isinstance(layer, keras.layers.Dense)]
        for layer in {"top_layer": dense[-1:], "dense_layers": dense, "all_layers": layers}[depth]:
            kernel = keras.ops.convert_to_numpy(layer.kernel)
            layer.kernel.assign(rng.permutation(kernel.ravel()).reshape(kernel.shape))


# --- Does the answer rest on what they highlight? ---------------------------------------------------------------------
def losses(classifier: Classifier, beats: Beats, maps: Maps, rng: np.random.Generator) -> dict[str, Any]:
    """Loss of probability when the highlighted quarter of the columns is covered, and when random quarters are.

    A class map highlights columns of all pictures; the occlusion was made along one part and is tried in its channels.
    """
    every, _ = pictures_and_series(beats.columns.shape[1])
    shape = [axis.channel for axis in beats.parts[0].axes]
    last = class_activation_maps(classifier.network, beats.columns, beats.classes, least_cells=0.0)
    width = beats.columns.shape[2]
    slides = np.stack([_along_columns(drop, width) for drop in maps["occlusion"]])
    strips = {
        "class_map": (class_strip(np.stack(maps["class_map"])), every),
        "class_map_of_the_last_picture": (class_strip(last), every),
        "occlusion": (slides, shape),
    }
    rows = {name: _loss(classifier, beats, _highest(strip), where) for name, (strip, where) in strips.items()}
    draws = [_stretches(len(beats.columns), width, rng) for _ in range(RANDOM_DRAWS)]
    rows["random"] = np.mean([_loss(classifier, beats, mask, every) for mask in draws], axis=0)
    rows["random_in_the_part"] = np.mean([_loss(classifier, beats, mask, shape) for mask in draws], axis=0)
    return {name: _by_class(row, beats.classes) for name, row in rows.items()} | {
        "class_map_above_random": float((rows["class_map"] > rows["random"]).mean()),
        "occlusion_above_random": float((rows["occlusion"] > rows["random_in_the_part"]).mean()),
    }


def _along_columns(drop: np.ndarray, width: int) -> np.ndarray:
    return np.interp((np.arange(width) + 0.5) / width, (np.arange(drop.size) + 0.5) / drop.size, drop)


def _highest(strips: np.ndarray) -> np.ndarray:
    count = round(COVERED * strips.shape[1])
    mask = np.zeros(strips.shape, dtype=bool)
    np.put_along_axis(mask, np.argsort(-strips, axis=1, kind="stable")[:, :count], True, axis=1)
    return mask


def _stretches(beats: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """One stretch each, anywhere: harder to beat than scattered columns, which leave every wave visible."""
    count = round(COVERED * width)
    starts = rng.integers(0, width - count + 1, (beats, 1))
    at = np.arange(width)
    return (at >= starts) & (at < starts + count)


def _loss(classifier: Classifier, beats: Beats, mask: np.ndarray, channels: list[int]) -> np.ndarray:
    covered = beats.columns.copy()
    covered[:, channels] = np.where(mask[:, None, :, None], np.float32(BLANK), covered[:, channels])
    rows = np.arange(len(beats.columns))
    whole, part = (classifier.probabilities(columns)[rows, beats.classes] for columns in (beats.columns, covered))
    return whole - part


def _by_class(loss: np.ndarray, classes: np.ndarray) -> dict[str, float]:
    found = {"all": float(loss.mean())}
    for at, name in enumerate(AAMI_CLASSES):
        if (classes == at).any():
            found[name] = float(loss[classes == at].mean())
    return found
