"""Fit the row reader to bands of generated pages."""

from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import ops

from worker.image.sheet.row_reader import BAND_PX, NETWORK
from worker.training.sheet_readers.bands import BAND_WIDTH_PX, NO_CURVE, Bands
from worker.training.sheet_readers.fit import FitSettings, VariedSequence, network_fit
from worker.training.sheet_readers.row_network import build_row_network
from worker.training.sheet_readers.taken_over import take_over
from worker.training.sheet_readers.tint import tinted

_HEIGHT_WEIGHT: Final = 0.2  # of the distance in pixels beside the cross-entropy
_NEAR_PX: Final = 4
_FAR_PX: Final = 10.0
_STEEP_PX: Final = 10.0  # from one column to the next
_STEEP_WEIGHT: Final = 3.0
_HALF_WIDTH_PX: Final = 1.2  # of the target around the true height
_SHIFT_PX: Final = 14
_WRONG_PX: Final = 2.0
_LIKE_ALL: Final = 48  # bands that stand for all


def row_network_fit(bands: Bands, settings: FitSettings, folder: Path, *, go_on: bool = False) -> keras.Model:
    """Train, from the beginning or from the shipped network on; the result lies in ``folder`` as ``network.keras``.

    Returns
    -------
    keras.Model
        For bands of ``BAND_WIDTH_PX`` columns.
    """
    keras.utils.set_random_seed(settings.seed)
    model = build_row_network(BAND_WIDTH_PX)
    if go_on:
        take_over(model, NETWORK, bands.pixels[:: max(1, len(bands.pixels) // _LIKE_ALL)].astype(np.float32) / 255)
    return network_fit(model, row_loss, [wrong_columns], BandSequence(bands, settings), settings, folder)


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
    return ops.mean(_weight(heights) * (entropy + _HEIGHT_WEIGHT * off), axis=1)


def _weight(heights: keras.KerasTensor) -> keras.KerasTensor:
    """1 where the curve runs level, more where it is steep or turns: few columns hold all of a QRS complex."""
    step = ops.minimum(ops.abs(heights[:, 1:] - heights[:, :-1]), _STEEP_PX)
    step = step * ops.cast(ops.minimum(heights[:, 1:], heights[:, :-1]) >= 0, "float32")
    beside = ops.maximum(ops.pad(step, ((0, 0), (1, 0))), ops.pad(step, ((0, 0), (0, 1))))
    return 1 + _STEEP_WEIGHT * beside / _STEEP_PX


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


class BandSequence(VariedSequence):
    """Batches of bands, each made paler or darker, noisy, gray, mirrored and moved."""

    def __init__(self, bands: Bands, settings: FitSettings) -> None:
        super().__init__(settings)
        self._bands = bands

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen, rng = self.drawn(index, len(self._bands.pixels))
        pixels = self._bands.pixels[chosen].astype(np.float32) / 255
        return varied(pixels, self._bands.heights[chosen].astype(np.float32), rng)


def varied(pixels: np.ndarray, heights: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Bands and their heights, varied in what does not change what is true."""
    pixels = tinted(pixels, rng)
    if rng.random() < 0.5:
        pixels, heights = pixels[:, ::-1], np.where(heights >= 0, BAND_PX - 1 - heights, NO_CURVE)
    return moved(pixels, heights, int(rng.integers(-_SHIFT_PX, _SHIFT_PX + 1)))


def moved(pixels: np.ndarray, heights: np.ndarray, down_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Bands that begin ``down_px`` higher; what comes in is empty."""
    pixels = np.roll(pixels, down_px, axis=1)
    if down_px > 0:
        pixels[:, :down_px] = 0
    elif down_px < 0:
        pixels[:, down_px:] = 0
    heights = np.where(heights >= 0, heights + down_px, NO_CURVE)
    return np.ascontiguousarray(pixels), np.where((heights < 0) | (heights > BAND_PX - 1), NO_CURVE, heights)
