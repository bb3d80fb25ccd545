"""Weights of a shipped network, taken over so that its fit goes on with other pages."""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import keras
import numpy as np
import onnx
from onnx import numpy_helper

from worker.training.sheet_readers.lighter import PART


def take_over(model: keras.Model, shipped: Path, batch: np.ndarray) -> None:
    """Give a network the weights of its exported twin.

    The export folds each normalisation into the convolution before it.  What it did to a batch like those to come is
    what it begins with now.

    Parameters
    ----------
    model : keras.Model
        Built by the function that built the exported one.
    shipped : Path
        Its ONNX file.
    batch : ndarray of float32
        What ``model`` takes.

    Raises
    ------
    ValueError
        If a weight has another shape or name.
    """
    exported = convolutions_of(shipped)
    layers = _in_order(model, keras.layers.Conv2D)
    if len(layers) != len(exported):
        raise ValueError(f"shipped: expected {len(layers)} convolutions. Received: {len(exported)}")
    for layer, (kernel, added) in zip(layers, exported, strict=True):
        layer.set_weights([kernel, added] if layer.use_bias else [kernel])
    normalised = [(layer, added) for layer, (_, added) in zip(layers, exported, strict=True) if not layer.use_bias]
    for (layer, added), normalisation in zip(
        normalised, _in_order(model, keras.layers.BatchNormalization), strict=True
    ):  # from the input on: what reaches a layer depends on those before it
        seen = np.asarray(keras.Model(model.input, layer.output)(batch))
        middle, variance = seen.mean(axis=(0, 1, 2)), seen.var(axis=(0, 1, 2))
        normalisation.set_weights([np.sqrt(variance + normalisation.epsilon), added + middle, middle, variance])


def convolutions_of(shipped: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Kernel and what is added, in the order in which the layers were made; parts of a kernel together."""
    graph = onnx.load(shipped).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = []
    for _, of_layer in groupby(convolutions_in_order(graph), lambda names: _made_as(names[1])):
        parts = list(of_layer)
        kernel = np.concatenate([stored[names[1]] for names in parts], axis=1)
        found.append((kernel.transpose(2, 3, 1, 0), stored[parts[-1][2]]))
    return found


def convolutions_in_order(graph: onnx.GraphProto) -> list[list[str]]:
    """The inputs of a graph's convolutions, in the order in which the layers were made; parts of one in theirs."""
    return sorted((list(node.input) for node in graph.node if node.op_type == "Conv"), key=_layer_and_part)


def _layer_and_part(names: Sequence[str]) -> tuple[int, int]:
    _, _, part = names[1].partition(PART)
    return _made_as(names[1]), int(part or 0)


def _made_as(name: str) -> int:
    """``…/conv2d_7_1/…`` is the eighth layer: exports number its use, too, and of two alike the second is 2."""
    found = re.search(r"conv2d(?:_(\d+))?_\d+/", name)
    if found is None:
        raise ValueError(f"shipped: expected weights named after their layer. Received: {name}")
    return int(found[1] or 0)


def _in_order(model: keras.Model, kind: type) -> list[keras.layers.Layer]:
    """As they were made."""

    def number(layer: keras.layers.Layer) -> int:
        found = re.search(r"_(\d+)$", layer.name)
        return int(found[1]) if found else -1

    return sorted((layer for layer in model.layers if isinstance(layer, kind)), key=number)
