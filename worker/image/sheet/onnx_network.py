"""A shipped network, run on one core: a worker has as many processes as it may use."""

from pathlib import Path

import numpy as np
import onnxruntime


class OnnxNetwork:
    """One input, one output, the first axis of both a batch."""

    def __init__(self, onnx: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep what the largest picture took
        self._session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
        (self._input,) = self._session.get_inputs()

    def scores(self, batch: np.ndarray) -> np.ndarray:
        (scores,) = self._session.run(None, {self._input.name: np.ascontiguousarray(batch, np.float32)})
        return np.asarray(scores)
