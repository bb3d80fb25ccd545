"""A training that goes on where it was interrupted."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import keras

from worker.training.paper.sequences import EpochSequence


@dataclass(frozen=True, slots=True)
class TrainingState:
    """What lies in a folder of the training with a seed: a line for each epoch, and the weights after the last."""

    folder: Path
    seed: int

    @property
    def log(self) -> Path:
        return self.folder / f"epochs-{self.seed}.csv"

    @property
    def weights(self) -> Path:
        return self.folder / f"state-{self.seed}"

    @property
    def epochs_done(self) -> int:
        return max(len(self.log.read_text().splitlines()) - 1, 0) if self.log.is_file() else 0

    def fit(self, model: keras.Model, sequence: EpochSequence, *, epochs: int, verbose: int | str) -> None:
        """Train the epochs that are left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        model.fit(
            sequence,
            epochs=epochs,
            callbacks=[
                keras.callbacks.BackupAndRestore(str(self.weights), delete_checkpoint=False),
                keras.callbacks.CSVLogger(str(self.log), append=True),
            ],
            shuffle=False,
            verbose=verbose,
        )

    def forget(self) -> None:
        """Remove the weights, once the answers are kept."""
        shutil.rmtree(self.weights, ignore_errors=True)
