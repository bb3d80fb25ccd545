"""Fit a network to what was drawn; resumes at the epoch that was interrupted."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras

_WEIGHT_DECAY: Final = 1e-3


@dataclass(frozen=True, slots=True)
class FitSettings:
    seed: int = 20261126
    epochs: int = 24
    steps: int = 60
    rate: float = 3e-3


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
