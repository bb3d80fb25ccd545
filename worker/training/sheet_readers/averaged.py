"""The weighted mean of two networks of one kind, of which one went on from the other: it keeps what the first could.

Wortsman et al. 2022, arXiv 2109.01903.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper


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
        If their weights have other shapes.
    """
    model, other = onnx.load(network), onnx.load(earlier)
    for stored, before in zip(_as_used(model.graph), _as_used(other.graph), strict=True):
        one, two = numpy_helper.to_array(stored), numpy_helper.to_array(before)
        if one.shape != two.shape or one.dtype != two.dtype:
            raise ValueError(f"earlier: expected {one.dtype} {one.shape}. Received: {two.dtype} {two.shape}")
        if one.dtype == np.float32:
            stored.CopyFrom(numpy_helper.from_array(one + np.float32(share) * (two - one), stored.name))
    onnx.save(model, network)


def _as_used(graph: onnx.GraphProto) -> list[onnx.TensorProto]:
    """A graph's constants in the order in which its steps use them: their names differ from export to export."""
    stored = {one.name: one for one in graph.initializer}
    names = dict.fromkeys(name for node in graph.node for name in node.input if name in stored)
    return [stored[name] for name in names]
