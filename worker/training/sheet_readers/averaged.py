"""The weighted mean of two networks of one kind, of which one went on from the other: it keeps what the first could.

Wortsman et al. 2022, arXiv 2109.01903.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from worker.training.sheet_readers.taken_over import convolutions_in_order


def average_with(network: Path, earlier: Path, share: float) -> None:
    """Rewrite a network's file with the weighted mean of its weights and those of an earlier one.

    Parameters
    ----------
    network, earlier : Path
        ONNX files of one architecture, exported alike.
    share : float
        Of the earlier one, 0 to 1.

    Raises
    ------
    ValueError
        If they have other weights.
    """
    model, other = onnx.load(network), onnx.load(earlier)
    before = {one.name: numpy_helper.to_array(one) for one in other.graph.initializer}
    stored = {one.name: one for one in model.graph.initializer}
    for name, earlier_name in zip(weights_in_order(model.graph), weights_in_order(other.graph), strict=True):
        one, two = numpy_helper.to_array(stored[name]), before[earlier_name]
        if one.shape != two.shape:
            raise ValueError(f"earlier: expected {one.shape}. Received: {two.shape}")
        stored[name].CopyFrom(numpy_helper.from_array(one + np.float32(share) * (two - one), name))
    onnx.save(model, network)


def weights_in_order(graph: onnx.GraphProto) -> list[str]:
    """The names of a graph's kernels and of what is added, in the order in which the layers were made.

    Steps side by side are written in any order, and names differ from export to export.
    """
    return [name for inputs in convolutions_in_order(graph) for name in inputs[1:]]
