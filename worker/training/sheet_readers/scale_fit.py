"""Fit the scale reader to close looks at printed words."""

from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import layers

from worker.image.sheet.scale_reader import LOOK_PX, SCALES
from worker.training.sheet_readers.fit import FitSettings, VariedSequence, network_fit
from worker.training.sheet_readers.scale_looks import Looks
from worker.training.sheet_readers.sign_network import convolved

_FILTERS: Final = (12, 24, 40, 56)


def build_scale_network() -> keras.Model:
    """Scores of none and of each of ``SCALES``: float32 ``[n, *LOOK_PX, 1]`` to ``[n, 1 + scales]``."""
    look = keras.Input((*LOOK_PX, 1))
    x = convolved(look, _FILTERS[0], strides=2)
    for filters in _FILTERS[1:3]:
        x = convolved(x, filters)
        x = convolved(x, filters, strides=2)
    x = convolved(x, _FILTERS[3])
    x = layers.AveragePooling2D((LOOK_PX[0] // 8, 1))(convolved(x, _FILTERS[3]))
    x = layers.Dropout(0.3)(layers.Flatten()(x))
    return keras.Model(look, layers.Dense(1 + len(SCALES))(x))


def scale_network_fit(looks: Looks, settings: FitSettings, folder: Path) -> keras.Model:
    """Train from the beginning; the result lies in ``folder`` as ``network.keras``."""
    keras.utils.set_random_seed(settings.seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return network_fit(
        build_scale_network(),
        loss,
        [keras.metrics.sparse_categorical_accuracy],
        LookSequence(looks, settings),
        settings,
        folder,
    )


class LookSequence(VariedSequence):
    """Batches of looks, each paler or darker and noisy."""

    def __init__(self, looks: Looks, settings: FitSettings) -> None:
        super().__init__(settings)
        self._looks = looks

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen, rng = self.drawn(index, len(self._looks.labels))
        pixels = self._looks.pixels[chosen].astype(np.float32)[..., None] / 255
        strength = rng.uniform(0.6, 1.3, (len(pixels), 1, 1, 1))
        varied = np.clip(pixels * strength + rng.normal(0, 0.03, pixels.shape), 0, 1)
        return varied.astype(np.float32), self._looks.labels[chosen]
