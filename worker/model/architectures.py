"""The networks: a line drawing, then a small residual CNN with five outputs."""

from math import prod
from typing import Any

import keras
from keras import layers

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.drawing import pictures_and_series
from worker.model.layers import LineDrawing, LineHeight


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
    lines: tuple[int, ...] = (),
    series: tuple[int, ...] = (),
) -> keras.Model:
    """A CNN over drawn columns, and where asked for two small ones beside it: over the lines' heights and the series.

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
    lines : tuple of int
        Filters of the 1-D convolutions (stride 2) over the height of each picture's line; none without.
    series : tuple of int
        Likewise over the channels of a context drawing that hold series; these are not drawn.

    Returns
    -------
    keras.Model
        Output: logits ``[n, classes]``; five are N S V F Q in this order.

    Raises
    ------
    ValueError
        If series are asked for and the drawing holds none.
    """
    keras.utils.set_random_seed(seed)
    columns = keras.Input(input_shape, name="columns")
    drawn, rhythm = _drawn_and_not(columns) if series else (columns, None)
    branches = [_picture_branch(drawn, height_px, stem, stages)] if stages else []
    if lines:
        branches.append(_sequence_branch(LineHeight(name="heights")(drawn), lines))
    if series:
        branches.append(_sequence_branch(_side_by_side(rhythm), series))
    dropped = [layers.Dropout(dropout, seed=seed + 10 * number)(x) for number, x in enumerate(branches)]
    features = [layers.Dense(dense, activation="relu")(x) for x in dropped]
    if len(features) > 1:
        joined = layers.Dropout(dropout, seed=seed + 2)(layers.Concatenate()(features))
        features = [layers.Dense(dense, activation="relu")(joined)]
    x = layers.Dropout(dropout / 2, seed=seed + 1)(features[0])
    return keras.Model(columns, layers.Dense(classes, name="logits")(x))


def _drawn_and_not(columns: Any) -> tuple[Any, Any]:
    """The channels of a context drawing that are drawn, and those that hold series."""
    pictures, series = pictures_and_series(columns.shape[1])
    if not series:
        raise ValueError(
            f"series: expected channels that hold series. Received: {columns.shape[1]} channels, all pictures"
        )
    return keras.ops.take(columns, pictures, axis=1), keras.ops.take(columns, series, axis=1)


def _picture_branch(columns: Any, height_px: int, stem: tuple[int, int], stages: tuple[int, ...]) -> Any:
    x = LineDrawing(height_px, name="drawing")(columns)
    x = _convolution(x, stem[0], kernel=5, strides=2)
    x = _convolution(x, stem[1], kernel=3, strides=2)
    for filters in stages:
        x = _convolution(x, filters, kernel=3, strides=2)
        x = layers.Add()([x, _convolution(x, filters, kernel=3, strides=1)])
    return layers.Flatten()(x)


def _side_by_side(pairs: Any) -> Any:
    """Pairs of series ``[n, k, columns, 2]`` as ``[n, columns, 2 k]``."""
    _, count, width, _ = pairs.shape
    return layers.Reshape((width, 2 * count))(layers.Permute((2, 1, 3))(pairs))


def _sequence_branch(x: Any, filters: tuple[int, ...]) -> Any:
    for number, count in enumerate(filters):
        x = layers.Conv1D(count, 5 if number < 2 else 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.Activation("relu")(layers.BatchNormalization(momentum=0.95)(x))
    return layers.Flatten()(x)


def _convolution(x: Any, filters: int, *, kernel: int, strides: int) -> Any:
    x = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)(x)
    return layers.Activation("relu")(layers.BatchNormalization(momentum=0.95)(x))


def members_averaged(members: list[keras.Model]) -> keras.Model:
    """One model that answers with the mean of its members' logits; each reads the first channels, as many as it has."""
    if len(members) == 1:
        return members[0]
    columns = keras.Input(max(member.input_shape[1:] for member in members), name="columns")
    for number, member in enumerate(members):
        member.name = f"member_{number}"
    answers = [member(columns[:, : member.input_shape[1]]) for member in members]
    return keras.Model(columns, layers.Average(name="logits")(answers))


def multiply_accumulates(model: keras.Model) -> int:
    """Multiply-accumulates of one forward pass for one beat, convolutions and dense layers."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            total += multiply_accumulates(layer)
        elif isinstance(layer, (layers.Conv1D, layers.Conv2D)):
            total += prod(layer.output.shape[1:-1]) * prod(layer.kernel.shape)
        elif isinstance(layer, layers.Dense):
            total += prod(layer.kernel.shape)
    return total
