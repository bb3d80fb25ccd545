"""An exported U-Net made lighter: each enlargement in one step, and pictures of any width.

The export writes Keras' ``UpSampling2D`` as copies along one axis after the other with transpositions in between, which
takes a seventh of the time, and it cannot leave the width open where something is enlarged by interpolation.
"""

from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import helper, numpy_helper

from worker.training.sheet_readers.graphs import replace_nodes

_COPIES: Final = ("Transpose", "Reshape", "Tile", "Unsqueeze")
_TWICE: Final = "twice"
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


def _of_any_width(graph: onnx.GraphProto) -> None:
    """Shapes "any batch, …, this width" become "the same batch, …, any width"."""
    shapes = {node.input[1] for node in graph.node if node.op_type == "Reshape"}
    for constant in [one for one in graph.initializer if one.name in shapes]:
        shape = numpy_helper.to_array(constant)
        constant.CopyFrom(numpy_helper.from_array(np.array([0, *shape[1:-1], -1], np.int64), constant.name))
    for tensor in (graph.input[0], graph.output[0]):
        tensor.type.tensor_type.shape.dim[2].dim_param = _WIDTH
