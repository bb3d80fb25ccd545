"""The networks: a line drawing, then a small residual CNN with five outputs."""

from math import prod
from typing import Any

import keras
from keras import layers

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.layers import LineDrawing


def build_network(
    input_shape: tuple[int, int, int],
    *,
    height_px: int,
    stem: tuple[int, int],
    stages: tuple[int, ...],
    dense: int,
    dropout: float,
    seed: int,
    classes: int = len(AAMI_CLASSES),
) -> keras.Model:
    """A CNN over drawn columns.

    Parameters
    ----------
    input_shape : tuple of int
        Channels, columns, 2 (see ``worker.ecg.drawing``).
    height_px : int
        Height of the drawing inside the network.
    stem : tuple of int
        Filters of the 5x5 and the 3x3 convolution, both of stride 2.
    stages : tuple of int
        Filters of each stage: a 3x3 convolution of stride 2 and a residual 3x3 convolution.
    dense : int
    dropout : float
    seed : int
    classes : int

    Returns
    -------
    keras.Model
        Output: logits ``[n, classes]``; five are N S V F Q in this order.
    """
    keras.utils.set_random_seed(seed)
    columns = keras.Input(input_shape, name="columns")
    x = LineDrawing(height_px, name="drawing")(columns)
    x = _convolution(x, stem[0], kernel=5, strides=2)
    x = _convolution(x, stem[1], kernel=3, strides=2)
    for filters in stages:
        x = _convolution(x, filters, kernel=3, strides=2)
        x = layers.Add()([x, _convolution(x, filters, kernel=3, strides=1)])
    x = layers.Flatten()(x)
    x = layers.Dropout(dropout, seed=seed)(x)
    x = layers.Dense(dense, activation="relu")(x)
    x = layers.Dropout(dropout / 2, seed=seed + 1)(x)
    return keras.Model(columns, layers.Dense(classes, name="logits")(x))


def _convolution(x: Any, filters: int, *, kernel: int, strides: int) -> Any:
    x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
    return layers.Activation("relu")(layers.BatchNormalization(momentum=0.95)(x))


def members_averaged(members: list[keras.Model]) -> keras.Model:
    """One model that answers with the mean of its members' logits."""
    if len(members) == 1:
        return members[0]
    columns = keras.Input(members[0].input_shape[1:], name="columns")
    for number, member in enumerate(members):
        member.name = f"member_{number}"
    return keras.Model(columns, layers.Average(name="logits")([member(columns) for member in members]))


def multiply_accumulates(model: keras.Model) -> int:
    """Multiply-accumulates of one forward pass for one beat, convolutions and dense layers."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            total += multiply_accumulates(layer)
        elif isinstance(layer, layers.Conv2D):
            total += prod(layer.output.shape[1:3]) * prod(layer.kernel.shape)
        elif isinstance(layer, layers.Dense):
            total += prod(layer.kernel.shape)
    return total
