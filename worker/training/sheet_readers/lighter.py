"""An exported U-Net made lighter: each enlargement in one step, nothing copied to be joined, and pictures of any width.

The export writes Keras' ``UpSampling2D`` as copies along one axis after the other with transpositions in between, which
takes a seventh of the time, and it cannot leave the width open where something is enlarged by interpolation.  What is
joined is copied, which takes a fifth: a convolution of the whole is the sum of convolutions of its parts.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import helper, numpy_helper

from worker.training.sheet_readers.graphs import replace_nodes

_COPIES: Final = ("Transpose", "Reshape", "Tile", "Unsqueeze")
_TWICE: Final = "twice"
_CHANNELS: Final = 1  # axis
PART: Final = "/of_part_"  # in the name of a kernel, before the part's number
_WIDTH: Final = "width"


def lighter_network(path: Path) -> None:
    """Rewrite an ONNX file.

    Parameters
    ----------
    path : Path
        Of a U-Net whose levels halve in size, from [n, height, width, channels] to [n, height, width].
    """
    model = onnx.load(path)
    _enlarged_at_once(model.graph)
    _convolved_apart(model.graph)
    _of_any_width(model.graph)
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _enlarged_at_once(graph: onnx.GraphProto) -> None:
    """What is only copied and moved before it is joined is resized."""
    made_by = {output: node for node in graph.node for output in node.output}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        source, copied = _before_copies(node.input[0], made_by) if node.op_type == "Concat" else ("", False)
        if copied:
            nodes.append(_resize(source))
            node.input[0] = nodes[-1].output[0]
        nodes.append(node)
    graph.initializer.append(numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), _TWICE))
    replace_nodes(graph, nodes)


def _before_copies(name: str, made_by: dict[str, onnx.NodeProto]) -> tuple[str, bool]:
    """What a tensor was before it was copied and moved, and whether it was copied at all."""
    copied = False
    while name in made_by and made_by[name].op_type in _COPIES:
        copied = copied or made_by[name].op_type == "Tile"
        name = made_by[name].input[0]
    return name, copied


def _resize(source: str) -> onnx.NodeProto:
    return helper.make_node(
        "Resize",
        [source, "", _TWICE],
        [f"{source}/{_TWICE}"],
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def _convolved_apart(graph: onnx.GraphProto) -> None:
    """Convolutions of what is joined become sums of convolutions, the last one with what is added to all."""
    made_by = {output: node for node in graph.node for output in node.output}
    kernels = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        joined = made_by.get(node.input[0]) if node.op_type == "Conv" else None
        if joined is None or joined.op_type != "Concat" or joined.attribute[0].i != _CHANNELS:
            nodes.append(node)
            continue
        counts = [_channels(source, made_by, kernels) for source in joined.input]
        of_parts = np.split(kernels[node.input[1]], np.cumsum(counts)[:-1], axis=_CHANNELS)
        parts = [_of_part(node, number, source) for number, source in enumerate(joined.input)]
        parts[-1].input.append(node.input[2])
        for part, kernel in zip(parts, of_parts, strict=True):
            graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(kernel), part.input[1]))
        sums = helper.make_node("Add", [part.output[0] for part in parts], [node.output[0]])
        nodes += [*parts, sums]
    replace_nodes(graph, nodes)


def _channels(name: str, made_by: Mapping[str, onnx.NodeProto], kernels: Mapping[str, np.ndarray]) -> int:
    """Of a tensor: as many as filters of the convolution, or sum of convolutions, that it comes from."""
    while made_by[name].op_type != "Conv":
        name = made_by[name].input[0]
    return len(kernels[made_by[name].input[1]])


def _of_part(convolution: onnx.NodeProto, number: int, source: str) -> onnx.NodeProto:
    part = onnx.NodeProto()
    part.CopyFrom(convolution)
    part.name = f"{convolution.name}{PART}{number}"
    part.input[:] = [source, f"{convolution.input[1]}{PART}{number}"]
    part.output[:] = [f"{convolution.output[0]}{PART}{number}"]
    return part


def _of_any_width(graph: onnx.GraphProto) -> None:
    """Shapes "any batch, …, this width" become "the same batch, …, any width"."""
    shapes = {node.input[1] for node in graph.node if node.op_type == "Reshape"}
    for constant in [one for one in graph.initializer if one.name in shapes]:
        shape = numpy_helper.to_array(constant)
        constant.CopyFrom(numpy_helper.from_array(np.array([0, *shape[1:-1], -1], np.int64), constant.name))
    for tensor in (graph.input[0], graph.output[0]):
        tensor.type.tensor_type.shape.dim[2].dim_param = _WIDTH
