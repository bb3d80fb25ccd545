"""Dilated convolutions of an exported network written as such.

The export cuts a picture into interleaved smaller ones, convolves these, puts them together again and scales the result
in steps of their own; a convolution knows dilation, and takes scale and bias into its weights.
"""

from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import helper, numpy_helper

from worker.training.sheet_readers.graphs import replace_nodes

_BEFORE: Final = ("Transpose", "SpaceToDepth", "Pad")
_AFTER: Final = ("Transpose", "DepthToSpace", "Slice")


def dilated_at_once(path: Path) -> None:
    """Rewrite an ONNX file whose dilated convolutions are followed by a normalisation.

    Raises
    ------
    ValueError
        If one of them is not of 3 x 3 without a stride, or no normalisation follows.
    """
    model = onnx.load(path)
    graph = model.graph
    interleaved = [node for node in graph.node if node.op_type == "Conv" and len(node.input) == 2]
    for convolution in interleaved:
        _write_at_once(graph, convolution)
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _write_at_once(graph: onnx.GraphProto, convolution: onnx.NodeProto) -> None:
    constants = {one.name: one for one in graph.initializer}
    weight = numpy_helper.to_array(constants[convolution.input[1]])
    strides = [list(one.ints) for one in convolution.attribute if one.name == "strides"]
    if weight.shape[2:] != (3, 3) or strides not in ([], [[1, 1]]):
        raise ValueError(f"graph: expected 3 x 3 without a stride. Received: {weight.shape[2:]}, {strides}")
    source, apart = _source_of(graph, convolution)
    scaled = _user_of(graph, convolution.output[0])
    moved = _user_of(graph, scaled.output[0])
    if (scaled.op_type, moved.op_type) != ("Mul", "Add"):
        raise ValueError(f"graph: expected a normalisation behind a convolution. Received: {scaled.op_type}")
    scale, added = (numpy_helper.to_array(constants[node.input[1]]).reshape(-1) for node in (scaled, moved))
    kernel = weight * scale[:, None, None, None]
    weights = [f"{convolution.input[1]}/scaled", f"{convolution.input[1]}/added"]
    for values, name in zip((kernel, added), weights, strict=True):
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
    at_once = helper.make_node(
        "Conv", [source, *weights], list(moved.output), kernel_shape=[3, 3], dilations=[apart] * 2, pads=[apart] * 4
    )
    replace_nodes(graph, [at_once if node.output == moved.output else node for node in graph.node])


def _source_of(graph: onnx.GraphProto, convolution: onnx.NodeProto) -> tuple[str, int]:
    """What a convolution saw before it was cut, and into how many pieces each way."""
    made_by = {output: node for node in graph.node for output in node.output}
    name, apart = convolution.input[0], 1
    while name in made_by and made_by[name].op_type in _BEFORE:
        if made_by[name].op_type == "SpaceToDepth":
            apart = next(one.i for one in made_by[name].attribute if one.name == "blocksize")
        name = made_by[name].input[0]
    return name, apart


def _user_of(graph: onnx.GraphProto, name: str) -> onnx.NodeProto:
    """What takes a tensor once it is put together again."""
    user = next((node for node in graph.node if node.input and node.input[0] == name), None)
    if user is None:
        raise ValueError(f"graph: expected something that takes {name}. Received: nothing")
    return _user_of(graph, user.output[0]) if user.op_type in _AFTER else user
