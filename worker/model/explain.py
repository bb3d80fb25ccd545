"""Class activation maps: where in its picture a network found evidence for a class.

They say what this network's answer rests on, not why a heart did something.  Sources: Zhou et al. 2016 (class
activation maps), Selvaraju et al. 2017, arXiv 1610.02391 (Grad-CAM), Draelos & Carin 2020, arXiv 2011.08891 (gradients
kept in their place).  Whether the maps follow the weights at all is checked as Adebayo et al. 2018, arXiv 1810.03292,
asks for: ``worker.training.evaluation.explain_check``.  ``worker.model.occlusion`` asks the same question by covering.
"""

from collections.abc import Iterator
from typing import Any, Final

import keras
import numpy as np
from keras import ops

from worker.model.layers import LineDrawing

# Of the drawn columns: deeper pictures have too few cells to point anywhere (docs/science/explain.json compares them).
LEAST_CELLS: Final = 0.25


def class_activation_maps(
    model: keras.Model, columns: np.ndarray, classes: np.ndarray, *, least_cells: float = LEAST_CELLS
) -> np.ndarray:
    """Evidence for one class in each drawing, as large as the picture that the network draws.

    Each member's last picture that still has ``least_cells`` of the drawn columns is multiplied, place by place, with
    the gradient of the class's logit and summed over filters (Draelos & Carin 2020).  Taken at the last picture of a
    network that pools it globally before one dense layer, this is the exact class activation map of Zhou et al. 2016,
    and the same as Grad-CAM (Selvaraju et al. 2017, section 3.1).  For a mean of members the members' evidence is
    averaged before what speaks against the class is dropped.  Branches that draw nothing leave no trace here;
    ``worker.model.occlusion`` sees them.

    All channels of a drawing lie on top of each other in a map: read it along x, and beside the occlusion.

    Parameters
    ----------
    model : keras.Model
        Logits of drawings; it, or each of the nested models that it averages, starts by drawing a picture.
    columns : ndarray, shape (n, channels, columns, 2)
    classes : ndarray of int, shape (n,)
        Index into ``AAMI_CLASSES`` of the class that is asked about.
    least_cells : float
        Fraction of the drawn columns; 0 takes the very last picture.

    Returns
    -------
    ndarray of float32, shape (n, height_px, columns)
        0 to 1, the highest of each map; all zero where nothing speaks for the class.

    Raises
    ------
    ValueError
        If the network holds no such picture.
    RuntimeError
        If Keras does not run on TensorFlow.
    """
    members = [layer for layer in model.layers if isinstance(layer, keras.Model)] or [model]
    read = [columns[:, : member.input_shape[1]] for member in members]
    of_members = [_member_evidence(*pair, classes, least_cells) for pair in zip(members, read, strict=True)]
    evidence = np.mean(of_members, axis=0)
    positive = np.maximum(evidence, 0.0)
    highest = positive.max(axis=(1, 2), keepdims=True)
    return (positive / np.where(highest > 0, highest, 1.0)).astype(np.float32)


def class_strip(maps: np.ndarray) -> np.ndarray:
    """Maps ``[n, height, columns]`` along x only: their mean over the height, scaled to a highest value of 1."""
    strips = maps.mean(axis=1)
    highest = strips.max(axis=1, keepdims=True)
    return strips / np.where(highest > 0, highest, 1.0)


def _member_evidence(member: keras.Model, columns: np.ndarray, classes: np.ndarray, least_cells: float) -> np.ndarray:
    height, width = _drawn_size(member)
    pictures = _last_pictures(member, least_cells * width)
    probe = keras.Model(member.inputs, [*pictures, member.outputs[0]])
    evidence = np.zeros((len(columns), height, width))
    for activations, gradients in _activations_and_gradients(probe, columns, classes):
        placed = (activations * gradients).sum(axis=3, keepdims=True)
        evidence += ops.convert_to_numpy(ops.image.resize(placed, (height, width)))[..., 0]
    return evidence


def _drawn_size(member: keras.Model) -> tuple[int, int]:
    """Height and columns of the picture that the network draws."""
    for layer in member.layers:
        if isinstance(layer, LineDrawing):
            return layer.output.shape[1], layer.output.shape[2]
    raise ValueError(f"model: expected a network that draws a picture. Received: {member.name}")


def _last_pictures(member: keras.Model, least_columns: float) -> list[Any]:
    """Tensors ``[n, height, columns, filters]`` that a layer turns into something with fewer columns, or without any.

    Each branch of the drawing has one; what was never drawn has none.
    """
    drawn: set[int] = set()
    found: dict[int, Any] = {}
    for layer in member.layers:  # in the order of the computation
        inputs = [] if isinstance(layer, keras.layers.InputLayer) else list(_inputs(layer))
        of_drawing = [tensor for tensor in inputs if id(tensor) in drawn]
        if of_drawing or isinstance(layer, LineDrawing):
            drawn.add(id(layer.output))
        if not _is_picture(layer.output, least_columns):
            found |= {id(tensor): tensor for tensor in of_drawing if _is_picture(tensor, least_columns)}
    if not found:
        raise ValueError(f"model: expected a network that flattens or pools its picture. Received: {member.name}")
    return list(found.values())


def _inputs(layer: keras.layers.Layer) -> Iterator[Any]:
    yield from layer.input if isinstance(layer.input, list) else [layer.input]


def _is_picture(tensor: Any, least_columns: float) -> bool:
    return len(tensor.shape) == 4 and tensor.shape[2] >= least_columns


def _activations_and_gradients(
    probe: keras.Model, columns: np.ndarray, classes: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pictures, and the gradient of each drawing's own logit with respect to them.

    TensorFlow only, since Keras 3 has no gradient that runs on every backend.  Serving runs on TensorFlow; training
    may run on another and does not need this.
    """
    if keras.backend.backend() != "tensorflow":
        raise RuntimeError(f"expected Keras on tensorflow. Received: {keras.backend.backend()}")
    import tensorflow as tf

    with tf.GradientTape() as tape:
        *pictures, logits = probe([tf.constant(columns, tf.float32)], training=False)
        asked = tf.reduce_sum(tf.gather(logits, tf.constant(classes, tf.int32), axis=1, batch_dims=1))
    gradients = tape.gradient(asked, pictures)
    return [(a.numpy(), g.numpy()) for a, g in zip(pictures, gradients, strict=True)]
