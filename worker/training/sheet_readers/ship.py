"""What the worker needs of a fitted network: its ONNX file, and what it was made of."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from worker.image.sheet import row_reader, scale_reader, sign_reader
from worker.image.sheet.onnx_network import OnnxNetwork
from worker.image.sheet.row_reader import BAND_PX
from worker.training.ludb import TAUGHT_LUDB
from worker.training.records import DS1
from worker.training.sheet_readers.averaged import average_with
from worker.training.sheet_readers.bands import BAND_WIDTH_PX
from worker.training.sheet_readers.dilated import dilated_at_once
from worker.training.sheet_readers.fit import FitSettings
from worker.training.sheet_readers.lighter import lighter_network
from worker.training.sheet_readers.pages import LEVELS
from worker.training.sheet_readers.sign_network import build_sign_network

_PAGE_PX: Final = 512  # of a page whose scores are compared
LARGEST_DIFFERENCE: Final = 1e-3  # of scores of the size of 10


def row_reader_ship(
    model: keras.Model,
    settings: FitSettings,
    *,
    pages: int,
    earlier_share: float | None = None,
    onnx: Path = row_reader.NETWORK,
) -> None:
    """Write the row reader's network, for bands of any length; see ``_shipped``."""
    shape = (BAND_PX, BAND_WIDTH_PX, 3)
    _shipped(model, shape, settings, _pages(pages), onnx, rewritten=lighter_network, earlier_share=earlier_share)


def _description(onnx: Path) -> dict[str, Any]:
    """Of the network that was shipped before, in so far as another that went on from it has to name it."""
    before: dict[str, Any] = json.loads(onnx.with_suffix(".json").read_text())
    return {
        name: before[name]
        for name in ("sha256", "settings", "pages", "went_on_from", "averaged", "earlier_share")
        if name in before
    }


def sign_reader_ship(
    model: keras.Model,
    settings: FitSettings,
    *,
    pages: int,
    earlier_share: float | None = None,
    onnx: Path = sign_reader.NETWORK,
) -> None:
    """Write the sign reader's network, for pages of any size; see ``_shipped``."""
    served = build_sign_network(None)
    served.set_weights(model.get_weights())
    shape = (_PAGE_PX, _PAGE_PX, 3)
    _shipped(served, shape, settings, _pages(pages), onnx, rewritten=dilated_at_once, earlier_share=earlier_share)


def scale_reader_ship(
    model: keras.Model, settings: FitSettings, *, looks: int, onnx: Path = scale_reader.NETWORK
) -> None:
    """Write the scale reader's network; see ``_shipped``."""
    _shipped(model, (*scale_reader.LOOK_PX, 1), settings, {"looks": looks}, onnx)


def _pages(count: int) -> dict[str, Any]:
    return {
        "pages": count,
        "levels": list(LEVELS),
        "taught_on": {"ludb": list(TAUGHT_LUDB), "mitdb": list(DS1)},
    }


def _shipped(
    served: keras.Model,
    shape: tuple[int, int, int],
    settings: FitSettings,
    drawn: dict[str, Any],
    onnx: Path,
    *,
    rewritten: Callable[[Path], None] | None = None,
    earlier_share: float | None = None,
) -> None:
    """Write a network as the worker runs it, and a description beside it: what was drawn, and what it went on from.

    One that went on from the shipped one keeps ``earlier_share`` of its weights: the later pages are of other kinds
    than the first.

    Raises
    ------
    ValueError
        If the exported network's scores are not the fitted one's.
    """
    batch = np.random.default_rng(0).random((1, *shape)).astype(np.float32)
    scores = np.asarray(served(batch))  # and the export wants a network that was called
    onnx.parent.mkdir(parents=True, exist_ok=True)
    unfinished = onnx.with_suffix(".unfinished.onnx")
    try:
        served.export(str(unfinished), format="onnx", verbose=False)
        if rewritten:
            rewritten(unfinished)
        difference = float(np.abs(OnnxNetwork(unfinished).scores(batch) - scores).max())
        if difference > LARGEST_DIFFERENCE:
            raise ValueError(f"{onnx.name}: expected scores within {LARGEST_DIFFERENCE}. Received: {difference}")
        went_on_from = None
        if earlier_share is not None:
            went_on_from = _description(onnx)
            average_with(unfinished, onnx, earlier_share)
        unfinished.replace(onnx)
    finally:
        unfinished.unlink(missing_ok=True)
    description: dict[str, Any] = {
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
        "parameters": served.count_params(),
        "settings": asdict(settings),
        **drawn,
        "max_abs_difference": difference,
    }
    if went_on_from is not None:
        description |= {"went_on_from": went_on_from, "earlier_share": earlier_share}
    onnx.with_suffix(".json").write_text(json.dumps(description, indent=1) + "\n")
