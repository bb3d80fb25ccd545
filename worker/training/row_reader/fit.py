"""Fit the row reader to bands of generated pages; resumes at the epoch that was interrupted."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import ops

from worker.image.sheet.row_reader import BAND_PX
from worker.training.row_reader.bands import BAND_WIDTH_PX, NO_CURVE, Bands
from worker.training.row_reader.network import build_row_network

BATCH: Final = 8
_RATE: Final = 3e-3
_WEIGHT_DECAY: Final = 1e-3
_HEIGHT_WEIGHT: Final = 0.2  # of the distance in pixels beside the cross-entropy
_NEAR_PX: Final = 4
_FAR_PX: Final = 10.0
_HALF_WIDTH_PX: Final = 1.2  # of the target around the true height
_SHIFT_PX: Final = 14
_WRONG_PX: Final = 2.0


@dataclass(frozen=True, slots=True)
class FitSettings:
    seed: int = 20261125
    epochs: int = 24
    steps: int = 60


def row_network_fit(bands: Bands, settings: FitSettings, folder: Path) -> keras.Model:
    """Train; the finished network lies in ``folder`` as ``network.keras``.

    Returns
    -------
    keras.Model
        For bands of ``BAND_WIDTH_PX`` columns.
    """
    keras.utils.set_random_seed(settings.seed)
    folder.mkdir(parents=True, exist_ok=True)
    model = build_row_network(BAND_WIDTH_PX)
    steps = settings.epochs * settings.steps
    schedule = keras.optimizers.schedules.CosineDecay(
        _RATE / 30, decay_steps=steps, warmup_target=_RATE, warmup_steps=max(10, steps // 20)
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=_WEIGHT_DECAY, clipnorm=1.0),
        loss=row_loss,
        metrics=[wrong_columns],
    )
    model.fit(
        BandSequence(bands, settings),
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


def row_loss(heights: keras.KerasTensor, scores: keras.KerasTensor) -> keras.KerasTensor:
    """Cross-entropy over heights and "no curve", and how far the height between pixels is off, mean over columns."""
    heights = ops.cast(heights, "float32")
    shown = ops.cast(heights >= 0, "float32")
    true = ops.clip(heights, 0, BAND_PX - 1)
    rows = ops.arange(BAND_PX, dtype="float32")[None, :, None]
    target = ops.maximum(0.0, _HALF_WIDTH_PX - ops.abs(rows - true[:, None, :]))
    target = target / ops.sum(target, axis=1, keepdims=True)
    likely = ops.log_softmax(scores, axis=1)
    entropy = -ops.sum(target * likely[:, :BAND_PX], axis=1) * shown - likely[:, BAND_PX] * (1 - shown)
    off = ops.minimum(ops.abs(_height(scores, rows) - true), _FAR_PX) * shown
    return ops.mean(entropy, axis=1) + _HEIGHT_WEIGHT * ops.mean(off, axis=1)


def wrong_columns(heights: keras.KerasTensor, scores: keras.KerasTensor) -> keras.KerasTensor:
    """Share of the columns with a curve that are answered more than 2 px (half a millimetre) off."""
    heights = ops.cast(heights, "float32")
    shown = ops.cast(heights >= 0, "float32")
    best = ops.cast(ops.argmax(scores, axis=1), "float32")
    wrong = ops.cast(ops.abs(best - heights) > _WRONG_PX, "float32") * shown
    return ops.sum(wrong) / ops.maximum(ops.sum(shown), 1.0)


def _height(scores: keras.KerasTensor, rows: keras.KerasTensor) -> keras.KerasTensor:
    likely = ops.softmax(scores[:, :BAND_PX], axis=1)
    best = ops.cast(ops.argmax(scores[:, :BAND_PX], axis=1), "float32")[:, None, :]
    near = likely * ops.cast(ops.abs(rows - best) <= _NEAR_PX, "float32")
    return ops.sum(near * rows, axis=1) / (ops.sum(near, axis=1) + 1e-6)


class BandSequence(keras.utils.PyDataset):
    """Batches of bands, each made paler or darker, noisy, gray, mirrored and moved."""

    def __init__(self, bands: Bands, settings: FitSettings) -> None:
        super().__init__()
        self._bands, self._steps = bands, settings.steps
        self._rng = np.random.default_rng(settings.seed)

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rng = self._rng
        chosen = rng.integers(0, len(self._bands.pixels), BATCH)
        pixels = self._bands.pixels[chosen].astype(np.float32) / 255
        return varied(pixels, self._bands.heights[chosen].astype(np.float32), rng)


def varied(pixels: np.ndarray, heights: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Bands and their heights, varied in what does not change what is true."""
    strength = rng.uniform(0.5, 1.5, (len(pixels), 1, 1, 1))
    pixels = np.clip(pixels * strength + rng.normal(0, 0.02, (len(pixels), 1, 1, 3)), 0, 1)
    if rng.random() < 0.5:
        pixels = pixels[..., rng.permutation(3)]
    if rng.random() < 0.3:
        pixels = np.repeat(pixels.mean(axis=-1, keepdims=True), 3, axis=-1)
    if rng.random() < 0.5:
        pixels, heights = pixels[:, ::-1], np.where(heights >= 0, BAND_PX - 1 - heights, NO_CURVE)
    return moved(pixels.astype(np.float32), heights, int(rng.integers(-_SHIFT_PX, _SHIFT_PX + 1)))


def moved(pixels: np.ndarray, heights: np.ndarray, down_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Bands that begin ``down_px`` higher; what comes in is empty."""
    pixels = np.roll(pixels, down_px, axis=1)
    if down_px > 0:
        pixels[:, :down_px] = 0
    elif down_px < 0:
        pixels[:, down_px:] = 0
    heights = np.where(heights >= 0, heights + down_px, NO_CURVE)
    return np.ascontiguousarray(pixels), np.where((heights < 0) | (heights > BAND_PX - 1), NO_CURVE, heights)
