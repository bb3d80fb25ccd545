"""A row's network, compiled as its source trains it, and its answers."""

from collections.abc import Callable
from typing import Final, Protocol

import keras
import numpy as np

from worker.model.architectures import build_network
from worker.model.zoo import alexnet, jun2018, student, vggnet
from worker.training.paper.classes import EIGHT_CLASSES, BeatClasses
from worker.training.paper.settings import PaperConfig, Row, ZooSettings

RATE_DECAY: Final = 0.95
RATE_DECAY_STEPS: Final = 1000
PREDICTION_BATCH: Final = 256


class Builder(Protocol):
    def __call__(self, input_shape: tuple[int, int, int], classes: int, *, width: float, seed: int) -> keras.Model: ...


ZOO: Final[dict[str, Builder]] = {
    "student": student.build,
    "alexnet": alexnet.build,
    "vggnet": vggnet.build,
    "jun2018": jun2018.build,
}


def row_network(
    row: Row, config: PaperConfig, columns_shape: tuple[int, int, int], *, epoch_steps: int, seed: int
) -> keras.Model:
    """Build and compile; logits of the eight classes.

    Parameters
    ----------
    row : Row
    config : PaperConfig
    columns_shape : tuple of int
        Channels, columns, 2 of our drawings.
    epoch_steps : int
        Batches in an epoch, for the learning rate's schedule.
    seed : int
    """
    return (
        _ours(row, config, columns_shape, epoch_steps=epoch_steps, seed=seed)
        if row.is_ours
        else zoo_network(row, config.zoo, EIGHT_CLASSES, seed=seed)
    )


def zoo_network(row: Row, settings: ZooSettings, classes: BeatClasses, *, seed: int) -> keras.Model:
    """A published network, compiled; logits of the classes."""
    shape = (settings.size_px, settings.size_px, 1)
    model = ZOO[row.network](shape, len(classes), width=row.width, seed=seed)
    schedule = keras.optimizers.schedules.ExponentialDecay(
        settings.learning_rate, decay_steps=RATE_DECAY_STEPS, decay_rate=RATE_DECAY, staircase=True
    )
    _compile(model, keras.optimizers.Adam(schedule), label_smoothing=0.0)
    return model


def _ours(
    row: Row, config: PaperConfig, columns_shape: tuple[int, int, int], *, epoch_steps: int, seed: int
) -> keras.Model:
    settings = config.ours
    network = config.beat if row.network == "beat" else config.context
    model = build_network(
        columns_shape,
        height_px=network.height_px,
        stem=network.stem,
        stages=network.stages,
        dense=network.dense,
        dropout=network.dropout,
        seed=seed,
        classes=len(EIGHT_CLASSES),
        lines=network.lines,
        series=network.series,
    )
    steps = settings.epochs * epoch_steps
    warm_up = min(steps // 10, 200)
    schedule = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / 20,
        decay_steps=max(steps - warm_up, 1),
        warmup_target=settings.learning_rate,
        warmup_steps=warm_up,
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=settings.weight_decay, clipnorm=1.0)
    _compile(model, optimizer, label_smoothing=settings.label_smoothing)
    return model


def logits_in_batches(
    model: keras.Model, columns: np.ndarray, asked: np.ndarray, inputs_of: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Logits of some of our drawings.

    Parameters
    ----------
    model : keras.Model
    columns : ndarray, shape (n, channels, columns, 2)
    asked : ndarray of int, shape (n_asked,)
    inputs_of : callable
        From float32 drawings to what the network sees.

    Returns
    -------
    ndarray of float32, shape (n_asked, classes)
    """
    parts = []
    for start in range(0, len(asked), PREDICTION_BATCH):
        drawings = columns[asked[start : start + PREDICTION_BATCH]].astype(np.float32)
        parts.append(np.asarray(model.predict_on_batch(inputs_of(drawings))))
    return np.concatenate(parts)


def _compile(model: keras.Model, optimizer: keras.optimizers.Optimizer, *, label_smoothing: float) -> None:
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=label_smoothing),
        metrics=["accuracy"],
        jit_compile=False,  # XLA is slower on a CPU
    )
