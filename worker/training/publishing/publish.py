"""Write an artifact's folder: the network, its manifest and its model card."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import keras

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.drawing import CONTEXT_CHANNELS, pictures_and_series
from worker.model.architectures import multiply_accumulates
from worker.model.registry import MANIFEST_NAME, NETWORK_NAME, file_sha256
from worker.training.config import Config
from worker.training.evaluation.plots import PLOTS_NAME, figures_plotted
from worker.training.fitting.selection import Selection
from worker.training.publishing.model_card import CARD_NAME, model_card
from worker.training.publishing.twin import twin_written
from worker.training.records import DS1, PACED_TRAINING

DATASET: Final = {
    "name": "MIT-BIH Arrhythmia Database 1.0.0",
    "url": "https://physionet.org/content/mitdb/1.0.0/",
    "license": "ODC-By 1.0",
    "cite": [
        "Moody GB, Mark RG. The impact of the MIT-BIH Arrhythmia Database. IEEE Eng in Med and Biol 20(3):45-50, 2001.",
        "Goldberger AL, et al. PhysioBank, PhysioToolkit, and PhysioNet. Circulation 101(23):e215-e220, 2000.",
    ],
}
_DRAWN: Final = "lowest and highest point of the line in each column, drawn inside the network"


def artifact_publish(model: keras.Model, config: Config, selection: Selection, folder: Path) -> None:
    """Write the network, and a manifest with what is known before DS2 is opened."""
    folder.mkdir(parents=True, exist_ok=True)
    network_save(model, folder / NETWORK_NAME)
    document = {
        "name": config.artifact.name,
        "version": config.artifact.version,
        "kind": config.artifact.kind,
        "sha256": file_sha256(folder / NETWORK_NAME),
        "classes": list(AAMI_CLASSES),
        "created": date.today().isoformat(),
        "input": {
            "description": _input_description(config),
            "shape": [None, *config.input_shape],
            "picture": [None, config.network.height_px, config.input_shape[1], _pictures(config)],
        },
        "output": {"description": "logits, natural prior folded in; divide by temperature, then softmax"},
        "parameters": int(model.count_params()),
        "mmac_per_beat": round(multiply_accumulates(model) / 1e6, 1),
        "training_records": {"NSVF": list(DS1), "Q": list(PACED_TRAINING)},
        "seed": config.training.seed,
        "threshold": round(selection.threshold, 4),
        "temperature": round(selection.temperature, 4),
        "prior_strength": selection.prior_strength,
        **({"recording_prior": selection.recording_prior} if selection.recording_prior else {}),
        "config": config.as_document(),
        "metrics": {"held_out": {"records": _left_out(config), **selection.held_out}},
        "dataset": DATASET,
    }
    manifest_write(document, folder)


def network_save(model: keras.Model, path: Path) -> None:
    """Save in Keras's format, whose archive may as well be compressed: a fifth of the size is padding and text."""
    with TemporaryDirectory() as folder:
        saved = Path(folder) / path.name
        model.save(saved)
        with ZipFile(saved) as plain, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=9) as compressed:
            for entry in plain.infolist():
                compressed.writestr(entry, plain.read(entry), ZIP_DEFLATED)


def _input_description(config: Config) -> str:
    if config.artifact.kind == "beat":
        return f"One beat's trace without a time scale, autoscaled in x and y (Jun et al. 2018): {_DRAWN}."
    pictures, series = ([CONTEXT_CHANNELS[i] for i in part] for part in pictures_and_series(config.network.channels))
    beside = f" Beside them pairs of series over the beats around: {', '.join(series)}." if series else ""
    return f"Each beat of a strip as {len(pictures)} pictures: {', '.join(pictures)}; {_DRAWN}.{beside}"


def _pictures(config: Config) -> int:
    """Channels that are drawn."""
    return len(pictures_and_series(config.input_shape[0])[0])


def _left_out(config: Config) -> list[str]:
    return sorted(name for group in config.selection.left_out for name in group)


def metrics_add(folder: Path, metrics: dict[str, Any], *, measured: str) -> None:
    """Add an evaluation's figures to the manifest; write model card and plots anew.

    Rows that were not measured this time stay.  The figures that ``worker.model.promotion`` compares, which come with
    the calibration, are stamped with ``measured``, the sha256 of the network that gave them.
    """
    document = json.loads((folder / MANIFEST_NAME).read_text())
    stored = document["metrics"]
    protocols = {
        key: {**stored.get(key, {}), **metrics[key]} for key in ("ds2", "ds1_held_out", "records") if key in metrics
    }
    stamp = {"evaluated_sha256": measured} if {"ds2", "calibration"} <= set(metrics) else {}
    document["metrics"] = {**stored, **metrics, **protocols, **stamp}
    manifest_write(document, folder)


def paper_metrics_add(folder: Path, metrics: dict[str, Any]) -> None:
    """Add the figures that a model's design reaches in the paper's protocol; card and plots are written anew."""
    document = json.loads((folder / MANIFEST_NAME).read_text())
    document["metrics"]["paper"] = metrics
    manifest_write(document, folder)


def twin_add(folder: Path) -> None:
    """Write the ONNX twin beside the network, and what it is into the manifest."""
    document = json.loads((folder / MANIFEST_NAME).read_text())
    document["onnx"] = twin_written(folder)
    manifest_write(document, folder)


def manifest_write(document: dict[str, Any], folder: Path) -> None:
    (folder / MANIFEST_NAME).write_text(json.dumps(document, indent=1) + "\n")
    (folder / CARD_NAME).write_text(model_card(document))
    figures_plotted(document["metrics"], folder / PLOTS_NAME)
