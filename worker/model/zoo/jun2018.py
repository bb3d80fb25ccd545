"""``jun2018``: the paper's network."""

from typing import Any

import keras
from keras import layers

BLOCKS = (64, 128, 256)
DENSE = 2048


def build(
    input_shape: tuple[int, int, int] = (128, 128, 1), classes: int = 8, *, width: float = 1.0, seed: int = 0
) -> keras.Model:
    """Three blocks of two 3x3 convolutions, and one dense layer.

    Source: Jun et al. 2018, arXiv 1804.06812, section 3.2.  ELU, then batch normalisation, after every convolution
    and after the dense layer; dropout 0.5 before the output; Glorot (Xavier) initialisation.

    =========== ============== ================ =======================
    layer       kernel, stride output (128x128) parameters (full width)
    =========== ============== ================ =======================
    convolution 3x3, 1, same   128x128x64       640 + 256
    convolution 3x3, 1, same   128x128x64       36,928 + 256
    max-pool    2x2, 2         64x64x64
    convolution 3x3, 1, same   64x64x128        73,856 + 512
    convolution 3x3, 1, same   64x64x128        147,584 + 512
    max-pool    2x2, 2         32x32x128
    convolution 3x3, 1, same   32x32x256        295,168 + 1,024
    convolution 3x3, 1, same   32x32x256        590,080 + 1,024
    max-pool    2x2, 2         16x16x256
    dense                      2048             134,219,776 + 8,192
    logits                     8                16,392
    =========== ============== ================ =======================

    The second number of a row is its batch normalisation's.  Together 135,392,200.

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
    x = image
    for filters in BLOCKS:
        for _ in range(2):
            x = _activated(layers.Conv2D(round(filters * width), 3, padding="same")(x))
        x = layers.MaxPooling2D(2)(x)
    x = _activated(layers.Dense(round(DENSE * width))(layers.Flatten()(x)))
    x = layers.Dropout(0.5, seed=seed)(x)
    return keras.Model(image, layers.Dense(classes, dtype="float32", name="logits")(x), name="jun2018")


def _activated(x: Any) -> Any:
    return layers.BatchNormalization()(layers.ELU()(x))
