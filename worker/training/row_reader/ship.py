"""What the worker needs of a fitted row reader: its ONNX file, and what it was made of."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from worker.image.sheet.row_reader import BAND_PX, CHUNK_PX, NETWORK, RowNetwork
from worker.training.records import DS1
from worker.training.row_reader.fit import FitSettings
from worker.training.row_reader.network import build_row_network
from worker.training.row_reader.pages import LEVELS, TAUGHT_LUDB

LARGEST_DIFFERENCE: Final = 1e-3  # of scores of the size of 10


def row_reader_ship(model: keras.Model, settings: FitSettings, *, pages: int, bands: int, onnx: Path = NETWORK) -> None:
    """Write the network as the worker runs it, and a description beside it.

    Raises
    ------
    ValueError
        If the exported network's scores are not the fitted one's.
    """
    served = build_row_network(CHUNK_PX)
    served.set_weights(model.get_weights())
    band = np.random.default_rng(0).random((BAND_PX, CHUNK_PX, 3)).astype(np.float32)
    scores = np.asarray(served(band[None]))[0]
    onnx.parent.mkdir(parents=True, exist_ok=True)
    served.export(str(onnx), format="onnx", verbose=False)
    difference = float(np.abs(RowNetwork(onnx).scores(band) - scores).max())
    if difference > LARGEST_DIFFERENCE:
        onnx.unlink()
        raise ValueError(f"{onnx.name}: expected scores within {LARGEST_DIFFERENCE}. Received: {difference}")
    description: dict[str, Any] = {
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
        "parameters": model.count_params(),
        "settings": asdict(settings),
        "pages": pages,
        "bands": bands,
        "levels": list(LEVELS),
        "taught_on": {"ludb": list(TAUGHT_LUDB), "mitdb": list(DS1)},
        "max_abs_difference": difference,
    }
    onnx.with_suffix(".json").write_text(json.dumps(description, indent=1) + "\n")
