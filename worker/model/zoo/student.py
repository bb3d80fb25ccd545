"""``student``: the network of the original application."""

import keras
from keras import layers

DENSE = (300, 100, 60)
CHANNELS = 3


def build(
    input_shape: tuple[int, int, int] = (64, 64, 3), classes: int = 5, *, width: float = 1.0, seed: int = 0
) -> keras.Model:
    """One convolution, then dense layers.

    Source: the original application: 64x64 RGB images, Conv2D 32 3x3 ReLU, MaxPool 2, Flatten, Dense 300, 100, 60
    ReLU, Dense 5 softmax.  Its pictures are gray, so that three channels hold the same ink three times.

    =========== ============== ==================
    layer       kernel, stride output (64x64)
    =========== ============== ==================
    convolution 3x3, 1, valid  62x62x32
    max-pool    2x2, 2         31x31x32
    dense                      300
    dense                      100
    dense                      60
    logits                     classes
    =========== ============== ==================

    Parameters
    ----------
    input_shape : tuple of int
        Height and width in pixels, channels; a single channel is repeated.
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
    coloured = image if input_shape[2] == CHANNELS else layers.Concatenate()([image] * CHANNELS)
    x = layers.Conv2D(round(32 * width), 3, activation="relu")(coloured)
    x = layers.Flatten()(layers.MaxPooling2D(2)(x))
    for units in DENSE:
        x = layers.Dense(round(units * width), activation="relu")(x)
    return keras.Model(image, layers.Dense(classes, dtype="float32", name="logits")(x), name="student")
