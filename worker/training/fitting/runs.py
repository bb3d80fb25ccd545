"""What every fit leaves behind, in one folder: its settings, where it ran, how fast, and how it went.

``config.json``, ``environment.json``, ``metrics.json``, ``epochs.csv`` and ``plots/epochs.svg``.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

import keras
from tqdm import tqdm

from worker.training.evaluation.plots import epochs_plot
from worker.training.fitting.environment import accelerator_utilisation, cores, environment

EPOCHS_NAME: Final = "epochs.csv"
METRICS_NAME: Final = "metrics.json"
_ASKED_EVERY_S: Final = 5.0
_LOG_FILE_EVERY_S: Final = 30.0


class RunRecord(keras.callbacks.Callback):
    """Writes the run's files and shows one bar, with the time left, for all of its epochs.

    A fit that was interrupted and goes on adds a part to ``metrics.json``; the totals are of all parts.

    Parameters
    ----------
    folder : Path
    config : dict
        The settings, as they go into ``config.json``.
    batch_size : int
    progress : bool
        Whether to show the bar.
    """

    def __init__(self, folder: Path, config: dict[str, Any], batch_size: int, *, progress: bool) -> None:
        super().__init__()
        self.folder = folder
        self.config = config
        self.batch_size = batch_size
        self.progress = progress
        self.earlier: list[dict[str, Any]] = []
        self.batches = 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / "config.json", self.config)
        _write(self.folder / "environment.json", environment())
        stored = self.folder / METRICS_NAME
        self.earlier = json.loads(stored.read_text())["parts"] if stored.is_file() else []
        self.accelerator = AcceleratorWatch()
        self.started, self.cpu_before = time.monotonic(), cpu_seconds()
        self.bar: tqdm | None = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.progress and self.bar is None:
            steps = self.params["steps"]
            self.bar = tqdm(
                total=self.params["epochs"] * steps,
                initial=epoch * steps,
                desc=f"{self.folder.parent.name}/{self.folder.name}",
                unit="batch",
                mininterval=0.5 if sys.stderr.isatty() else _LOG_FILE_EVERY_S,
            )

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.batches += 1
        if self.bar is not None:
            self.bar.update()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.last = {key: float(value) for key, value in (logs or {}).items()}
        if self.bar is not None:
            self.bar.set_postfix(epoch=f"{epoch + 1}/{self.params['epochs']}", **self.last, refresh=False)
        _write(self.folder / METRICS_NAME, {**totals([*self.earlier, self._part()]), "epochs": epoch + 1, **self.last})

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        self.accelerator.stop()
        if self.bar is not None:
            self.bar.close()
        if (self.folder / EPOCHS_NAME).is_file():
            epochs_plot(self.folder / EPOCHS_NAME, self.folder / "plots" / "epochs.svg")

    def _part(self) -> dict[str, Any]:
        return {
            "wall_s": round(time.monotonic() - self.started, 2),
            "cpu_s": round(cpu_seconds() - self.cpu_before, 2),
            "cores": cores(),
            "images": self.batches * self.batch_size,
            "accelerator_utilisation": self.accelerator.mean(),
        }


class AcceleratorWatch:
    """Asks the GPU now and then how busy it is; without one, it does not even begin."""

    def __init__(self) -> None:
        self._seen: list[float] = []
        self._stopped = threading.Event()
        if accelerator_utilisation() is not None:
            threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._stopped.wait(_ASKED_EVERY_S):
            share = accelerator_utilisation()
            if share is not None:
                self._seen.append(share)

    def stop(self) -> None:
        self._stopped.set()

    def mean(self) -> float | None:
        return round(sum(self._seen) / len(self._seen), 3) if self._seen else None


def totals(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Speed and utilisation of a run from its parts.

    ``cpu_utilisation`` is processor time over wall time times cores: 1.0 keeps every core busy.
    """
    wall_s, images = sum(part["wall_s"] for part in parts), sum(part["images"] for part in parts)
    core_s = sum(part["wall_s"] * part["cores"] for part in parts)
    return {
        "wall_s": round(wall_s, 2),
        "images": images,
        "images_per_s": round(images / wall_s, 1) if wall_s else None,
        "cpu_utilisation": round(sum(part["cpu_s"] for part in parts) / core_s, 3) if core_s else None,
        "parts": parts,
    }


def cpu_seconds() -> float:
    """Processor time of this process and its children so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, indent=1) + "\n")
