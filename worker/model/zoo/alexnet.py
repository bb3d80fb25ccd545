"""``alexnet``: the first baseline of the paper."""

from typing import Any

import keras
from keras import layers

DENSE = 4096


def build(
    input_shape: tuple[int, int, int] = (128, 128, 1), classes: int = 8, *, width: float = 1.0, seed: int = 0
) -> keras.Model:
    """Five convolutions and two dense layers.

    Source: Krizhevsky, Sutskever & Hinton, NIPS 2012.  Jun et al. 2018 (arXiv 1804.06812) name it as a baseline on
    their images; their table of its layers was not at hand, so the following is assumed: the layers of 2012 in
    one tower, "same" padding (so that 64x64 images still fit), and batch normalisation in place of the local
    response normalisation, after every convolution.  Glorot initialisation as in jun2018.

    =========== ============== ================
    layer       kernel, stride output (128x128)
    =========== ============== ================
    convolution 11x11, 4       32x32x96
    max-pool    3x3, 2         16x16x96
    convolution 5x5, 1         16x16x256
    max-pool    3x3, 2         8x8x256
    convolution 3x3, 1         8x8x384
    convolution 3x3, 1         8x8x384
    convolution 3x3, 1         8x8x256
    max-pool    3x3, 2         4x4x256
    dense                      4096
    dense                      4096
    logits                     classes
    =========== ============== ================

    Parameters
    ----------
    input_shape : tuple of int
        Height and width in pixels, channels.
    classes : int
    width : float
        Factor on every layer's filters or units.
    seed : int

    Returns
    -------
    keras.Model
        Output: logits ``[n, classes]``.
    """
    keras.utils.set_random_seed(seed)
    image = keras.Input(input_shape, name="image")
    x = _pooled(_convolution(image, round(96 * width), kernel=11, strides=4))
    x = _pooled(_convolution(x, round(256 * width), kernel=5))
    for filters in (384, 384, 256):
        x = _convolution(x, round(filters * width), kernel=3)
    x = layers.Flatten()(_pooled(x))
    for number in range(2):
        x = layers.Dense(round(DENSE * width), activation="relu")(x)
        x = layers.Dropout(0.5, seed=seed + number)(x)
    return keras.Model(image, layers.Dense(classes, dtype="float32", name="logits")(x), name="alexnet")


def _convolution(x: Any, filters: int, *, kernel: int, strides: int = 1) -> Any:
    x = layers.Conv2D(filters, kernel, strides=strides, padding="same", activation="relu")(x)
    return layers.BatchNormalization()(x)


def _pooled(x: Any) -> Any:
    return layers.MaxPooling2D(3, strides=2, padding="same")(x)
