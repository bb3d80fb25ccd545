"""The sign reader's network: convolutions alone, so that it runs over tiles of any size."""

from typing import Final

import keras
from keras import layers

from worker.image.sheet.sign_reader import SIGNS

_FILTERS: Final = 48
_DILATIONS: Final = (1, 2, 4, 1)


def build_sign_network(side: int | None) -> keras.Model:
    """Scores of none and of each of ``SIGNS``.

    Parameters
    ----------
    side : int or None
        Of a tile in pixels, a multiple of 4; None for any.  Once exported it runs at any size.

    Returns
    -------
    keras.Model
        From float32 ``[n, side, side, 3]`` to ``[n, side / 4, side / 4, 1 + signs]``.
    """
    tile = keras.Input((side, side, 3))
    x = convolved(tile, 12, strides=2)
    x = convolved(x, 24)
    x = convolved(x, _FILTERS, strides=2)
    for dilation in _DILATIONS:
        x = convolved(x, _FILTERS, dilation=dilation)
    return keras.Model(tile, layers.Conv2D(1 + len(SIGNS), 1)(x))


def convolved(x: keras.KerasTensor, filters: int, *, strides: int = 1, dilation: int = 1) -> keras.KerasTensor:
    """A convolution, normalised and rectified."""
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False, dilation_rate=dilation)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
