"""Fit a network to what was drawn; resumes at the epoch that was interrupted."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np

_WEIGHT_DECAY: Final = 1e-3


@dataclass(frozen=True, slots=True)
class FitSettings:
    """``steps`` batches are an epoch."""

    seed: int = 20261126
    epochs: int = 24
    steps: int = 60
    rate: float = 3e-3
    batch: int = 8


class VariedSequence(keras.utils.PyDataset):
    """Batches drawn by their epoch and number, so that they may be made side by side."""

    def __init__(self, settings: FitSettings) -> None:
        super().__init__(workers=os.cpu_count() or 1)
        self._settings, self._epoch = settings, 0

    def __len__(self) -> int:
        return self._settings.steps

    def on_epoch_end(self) -> None:
        self._epoch += 1

    def drawn(self, index: int, of: int) -> tuple[np.ndarray, np.random.Generator]:
        """Which of so many examples make a batch, and what varies them."""
        rng = np.random.default_rng([self._settings.seed, self._epoch, index])
        return rng.integers(0, of, self._settings.batch), rng


def network_fit(
    model: keras.Model,
    loss: Callable[..., keras.KerasTensor],
    metrics: list[Callable[..., keras.KerasTensor]],
    batches: keras.utils.PyDataset,
    settings: FitSettings,
    folder: Path,
) -> keras.Model:
    """Train with a rate that rises, then falls as a cosine; ``folder`` gets ``network.keras`` and ``epochs.csv``."""
    folder.mkdir(parents=True, exist_ok=True)
    steps = settings.epochs * settings.steps
    schedule = keras.optimizers.schedules.CosineDecay(
        settings.rate / 30, decay_steps=steps, warmup_target=settings.rate, warmup_steps=max(10, steps // 20)
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=_WEIGHT_DECAY, clipnorm=1.0)
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics)
    model.fit(
        batches,
        epochs=settings.epochs,
        callbacks=[
            keras.callbacks.BackupAndRestore(str(folder / "state"), delete_checkpoint=False),
            keras.callbacks.CSVLogger(str(folder / "epochs.csv"), append=True),
        ],
        shuffle=False,
        verbose=2,
    )
    model.save(folder / "network.keras")
    return model
