"""``vggnet``: the second baseline of the paper."""

import keras
from keras import layers

BLOCKS = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
DENSE = 4096


def build(
    input_shape: tuple[int, int, int] = (128, 128, 1), classes: int = 8, *, width: float = 1.0, seed: int = 0
) -> keras.Model:
    """Thirteen 3x3 convolutions and two dense layers: VGG-16.

    Source: Simonyan & Zisserman 2014, arXiv 1409.1556, configuration D.  Jun et al. 2018 (arXiv 1804.06812) name
    "VGGNet" as a baseline on their images; their table of its layers was not at hand, so configuration D is
    assumed, and batch normalisation after every convolution, without which so deep a stack hardly trains from
    scratch.  Glorot initialisation as in jun2018.

    =============== ============== ================
    layer           kernel, stride output (128x128)
    =============== ============== ================
    2 convolutions  3x3, 1         128x128x64
    max-pool        2x2, 2         64x64x64
    2 convolutions  3x3, 1         64x64x128
    max-pool        2x2, 2         32x32x128
    3 convolutions  3x3, 1         32x32x256
    max-pool        2x2, 2         16x16x256
    3 convolutions  3x3, 1         16x16x512
    max-pool        2x2, 2         8x8x512
    3 convolutions  3x3, 1         8x8x512
    max-pool        2x2, 2         4x4x512
    dense                          4096
    dense                          4096
    logits                         classes
    =============== ============== ================

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
    for convolutions, filters in BLOCKS:
        for _ in range(convolutions):
            x = layers.Conv2D(round(filters * width), 3, padding="same", activation="relu")(x)
            x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    for number in range(2):
        x = layers.Dense(round(DENSE * width), activation="relu")(x)
        x = layers.Dropout(0.5, seed=seed + number)(x)
    return keras.Model(image, layers.Dense(classes, dtype="float32", name="logits")(x), name="vggnet")
