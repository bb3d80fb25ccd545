"""Fit the sign reader to tiles of generated pages."""

from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import ops

from worker.image.sheet.sign_reader import NETWORK, SIGNS
from worker.training.sheet_readers.fit import FitSettings, VariedSequence, network_fit
from worker.training.sheet_readers.sign_network import build_sign_network
from worker.training.sheet_readers.taken_over import take_over
from worker.training.sheet_readers.tiles import NO_SIGN, SIDE_PX, UNDECIDED, Tiles
from worker.training.sheet_readers.tint import tinted

_SIGN_WEIGHT: Final = 12.0  # of a cell with a sign: few have one
_TURNED: Final = 0.12  # of the batches
_SAME_ON_ITS_HEAD: Final = tuple(1 + SIGNS.index(name) for name in ("I", "II", "III"))
_LIKE_ALL: Final = 48  # tiles that stand for all
_FOCUS: Final = 1.0  # exponent of Lin et al. 2017: cells that are told already weigh less


def sign_network_fit(tiles: Tiles, settings: FitSettings, folder: Path, *, go_on: bool = False) -> keras.Model:
    """Train, from the beginning or from the shipped network on; the result lies in ``folder`` as ``network.keras``.

    Returns
    -------
    keras.Model
        For tiles of ``SIDE_PX``.
    """
    keras.utils.set_random_seed(settings.seed)
    model = build_sign_network(SIDE_PX)
    if go_on:
        take_over(model, NETWORK, tiles.pixels[:: max(1, len(tiles.pixels) // _LIKE_ALL)].astype(np.float32) / 255)
    return network_fit(model, sign_loss, [signs_told], TileSequence(tiles, settings), settings, folder)


def sign_loss(cells: keras.KerasTensor, scores: keras.KerasTensor) -> keras.KerasTensor:
    """Focal cross-entropy, mean over the cells that are decided."""
    decided, labels = _decided(cells), _labels(cells)
    likely = ops.log_softmax(scores, axis=-1)
    right = ops.sum(likely * ops.one_hot(labels, scores.shape[-1]), axis=-1)
    weight = 1 + (_SIGN_WEIGHT - 1) * ops.cast(labels != NO_SIGN, "float32")
    return ops.mean(-right * (1 - ops.exp(right)) ** _FOCUS * weight * decided, axis=(1, 2))


def signs_told(cells: keras.KerasTensor, scores: keras.KerasTensor) -> keras.KerasTensor:
    """Share of the cells with a sign that are answered rightly."""
    labels = _labels(cells)
    shown = ops.cast(labels != NO_SIGN, "float32") * _decided(cells)
    right = ops.cast(ops.cast(ops.argmax(scores, axis=-1), "int32") == labels, "float32")
    return ops.sum(right * shown) / ops.maximum(ops.sum(shown), 1.0)


def _decided(cells: keras.KerasTensor) -> keras.KerasTensor:
    return ops.cast(ops.cast(cells, "int32") != UNDECIDED, "float32")


def _labels(cells: keras.KerasTensor) -> keras.KerasTensor:
    """Labels of cells, ``NO_SIGN`` where they are undecided."""
    return ops.cast(ops.cast(cells, "float32") * _decided(cells), "int32")


class TileSequence(VariedSequence):
    """Batches of tiles, each made paler or darker, noisy, gray, in other colours; some do not stand upright."""

    def __init__(self, tiles: Tiles, settings: FitSettings) -> None:
        super().__init__(settings)
        self._tiles = tiles

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen, rng = self.drawn(index, len(self._tiles.pixels))
        pixels = tinted(self._tiles.pixels[chosen].astype(np.float32) / 255, rng)
        if rng.random() < _TURNED:
            return turned(pixels, self._tiles.cells[chosen], int(rng.integers(1, 4)))
        return pixels, self._tiles.cells[chosen]


def turned(pixels: np.ndarray, cells: np.ndarray, quarter_turns: int) -> tuple[np.ndarray, np.ndarray]:
    """Tiles that do not stand upright: nothing in them is a sign, but what looks the same on its head is undecided."""
    alike = np.isin(cells, _SAME_ON_ITS_HEAD) if quarter_turns == 2 else np.zeros_like(cells, bool)
    cells = np.where(alike | (cells == UNDECIDED), UNDECIDED, NO_SIGN).astype(np.uint8)
    pixels, cells = (np.ascontiguousarray(np.rot90(a, -quarter_turns, axes=(1, 2))) for a in (pixels, cells))
    return pixels, cells
