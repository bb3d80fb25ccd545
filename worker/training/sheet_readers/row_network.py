"""The row reader's network: a U-Net (Ronneberger et al. 2015) whose answer is a height for every column."""

from typing import Final

import keras
from keras import layers

from worker.image.sheet.row_reader import BAND_PX

WIDTHS: Final = (8, 16, 24, 40, 64)  # at full size, a half, a quarter …


def build_row_network(width: int | None, widths: tuple[int, ...] = WIDTHS) -> keras.Model:
    """Scores of each height and, last, of there being no curve.

    Parameters
    ----------
    width : int or None
        Columns of a band, a multiple of 16; None for any.
    widths : tuple of int
        Filters of each level.

    Returns
    -------
    keras.Model
        From float32 ``[n, BAND_PX, width, 3]`` to ``[n, BAND_PX + 1, width]``.
    """
    band = keras.Input((BAND_PX, width, 3))
    levels = [_convolved(band, widths[0])]
    for filters in widths[1:]:
        levels.append(_convolved(_convolved(levels[-1], filters, strides=2), filters))
    x = _convolved(levels.pop(), widths[-1], size=(3, 5))
    x = _convolved(x, widths[-1], dilation=(1, 2))
    quarter = x
    for depth, filters in zip(reversed(range(len(levels))), reversed(widths[:-1]), strict=True):
        x = _convolved(layers.Concatenate()([layers.UpSampling2D(2)(x), levels[depth]]), filters)
        if depth:
            x = _convolved(x, filters)
        if depth == 2:
            quarter = x
    heights = layers.Conv2D(1, 1)(x)
    nothing = layers.UpSampling2D((1, 4), interpolation="bilinear")(_columns_without(quarter))
    scores = layers.Concatenate(axis=1)([heights, nothing])
    return keras.Model(band, layers.Reshape((BAND_PX + 1, width or -1))(scores))


def _convolved(
    x: keras.KerasTensor,
    filters: int,
    *,
    size: int | tuple[int, int] = 3,
    strides: int = 1,
    dilation: tuple[int, int] = (1, 1),
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False, dilation_rate=dilation)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def _columns_without(quarter: keras.KerasTensor) -> keras.KerasTensor:
    """Of each fourth column, from the strongest of its rows and its neighbours."""
    pooled = layers.MaxPooling2D((BAND_PX // 4, 1))(quarter)
    return layers.Conv2D(1, 1)(_convolved(pooled, 16, size=(1, 7)))
