"""Run the missing units of the table: one row fitted to one part of the patients each."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from worker.model.calibration import softmax
from worker.training.evaluation.protocols import ProtocolName
from worker.training.new_patients.patients import beats_taught, patients_of
from worker.training.new_patients.settings import NewPatientsConfig
from worker.training.paper.beats import Beats, beats_of, drawings_load
from worker.training.paper.classes import FIVE_CLASSES
from worker.training.paper.folds import stratified_part
from worker.training.paper.images import images_whole
from worker.training.paper.networks import logits_in_batches, zoo_network
from worker.training.paper.sequences import ImageSequence
from worker.training.paper.settings import Row
from worker.training.paper.state import TrainingState
from worker.training.records import record_load


@dataclass(frozen=True, slots=True, eq=False)
class DrawnBeats:
    """Beats of some records and their drawings, in the same order; ``chosen`` are the positions that count."""

    beats: Beats
    columns: np.ndarray
    chosen: np.ndarray


class NewPatients:
    """The beats of some patients for training, and of others for asking.

    Parameters
    ----------
    config : NewPatientsConfig
    data : Path
        Folder of the records.
    runs : Path
        Working folder: drawings, and the state of interrupted trainings.
    protocol : {"ds2", "ds1-held-out"}
        With ``ds2``, the test patients' records are opened.
    """

    def __init__(self, config: NewPatientsConfig, data: Path, runs: Path, protocol: ProtocolName) -> None:
        self.config, self.data = config, data
        self.drawings, self.runs = runs / "paper-drawings", runs / config.name
        self.protocol: ProtocolName = protocol
        self.patients = patients_of(protocol, config.protocol.held_out_records)
        self.training, self.asked = self._training(), self._asked()

    def answers(self, row: Row, *, verbose: int | str = "auto") -> np.ndarray:
        """Train what is not trained yet; probabilities of every beat asked about, shape (n, 5)."""
        folder = self.runs / f"{row.name}-{self.protocol}"
        kept = folder / "logits.npy"
        if not kept.is_file():
            state = TrainingState(folder, self.config.protocol.seed)
            np.save(kept, self._logits(row, state, verbose=verbose))
            state.forget()
        return softmax(np.load(kept).astype(np.float64))

    def _logits(self, row: Row, state: TrainingState, *, verbose: int | str) -> np.ndarray:
        settings, training, asked = self.config.zoo, self.training, self.asked
        sequence = ImageSequence(
            training.columns,
            training.beats.labels,
            FIVE_CLASSES,
            training.chosen,
            row,
            settings,
            seed=state.seed,
            first_epoch=state.epochs_done,
        )
        model = zoo_network(row, settings, FIVE_CLASSES, seed=state.seed)
        state.fit(model, sequence, epochs=settings.epochs, verbose=verbose)
        images = partial(images_whole, size_px=settings.size_px)
        return logits_in_batches(model, asked.columns, asked.chosen, images)

    def _training(self) -> DrawnBeats:
        beats, columns = self._drawn(self.patients.training)
        settings = self.config.protocol
        chosen = stratified_part(beats.labels, beats_taught(beats), settings.train_beats, settings.seed)
        return DrawnBeats(beats, columns, chosen)

    def _asked(self) -> DrawnBeats:
        beats, columns = self._drawn(self.patients.asked)
        return DrawnBeats(beats, columns, np.arange(len(beats)))

    def _drawn(self, names: tuple[str, ...]) -> tuple[Beats, np.ndarray]:
        columns = drawings_load("crop", self.data, names, FIVE_CLASSES, self.drawings)
        return beats_of((record_load(self.data, name) for name in names), FIVE_CLASSES), columns
