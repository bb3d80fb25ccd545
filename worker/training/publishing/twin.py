"""The ONNX twin of a network, for whoever has no TensorFlow; the ``.keras`` file stays the model of record."""

from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import onnxruntime

from worker.model import layers as _layers  # noqa: F401  registers the drawing layers for loading
from worker.model.registry import NETWORK_NAME, file_sha256

TWIN_NAME: Final = "network.onnx"
# Both compute in single precision, in another order; logits are of the size of 10.
LARGEST_DIFFERENCE: Final = 1e-4
COMPARED_DRAWINGS: Final = 256


class TwinDiffers(ValueError):
    """The twin's logits are not the network's."""


def twin_written(folder: Path) -> dict[str, Any]:
    """Export ``network.keras`` of a folder to ONNX beside it, and compare the two.

    Returns
    -------
    dict
        ``file``, ``sha256``, ``max_abs_difference`` of the logits and the number of random ``drawings`` compared.

    Raises
    ------
    TwinDiffers
        If a logit differs by more than ``LARGEST_DIFFERENCE``; no twin is left then.
    """
    network = keras.saving.load_model(folder / NETWORK_NAME, compile=False)
    network(np.zeros((1, *network.input_shape[1:]), np.float32))  # Keras exports what has been called
    path = folder / TWIN_NAME
    network.export(str(path), format="onnx", verbose=False)
    difference = twin_difference(network, path)
    if difference > LARGEST_DIFFERENCE:
        path.unlink()
        raise TwinDiffers(f"{TWIN_NAME}: expected logits within {LARGEST_DIFFERENCE}. Received: {difference}")
    return {
        "file": TWIN_NAME,
        "sha256": file_sha256(path),
        "max_abs_difference": difference,
        "drawings": COMPARED_DRAWINGS,
    }


def twin_difference(network: keras.Model, path: Path) -> float:
    """Largest distance of the twin's logits from the network's, over random drawings."""
    rng = np.random.default_rng(0)
    heights = rng.uniform(-1, 1, (COMPARED_DRAWINGS, *network.input_shape[1:])).astype(np.float32)
    drawings = np.sort(heights, axis=-1)  # lowest before highest
    twin = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    logits = twin.run(None, {twin.get_inputs()[0].name: drawings})[0]
    return float(np.abs(logits - np.asarray(network.predict_on_batch(drawings))).max())
