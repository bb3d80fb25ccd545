"""Run the missing units of a comparison: one row on one fold each."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from worker.model.calibration import softmax
from worker.training.paper.beats import Beats, beats_of, drawings_load
from worker.training.paper.classes import EIGHT_CLASSES
from worker.training.paper.folds import fold_of_beats, stratified_part
from worker.training.paper.images import images_whole
from worker.training.paper.networks import logits_in_batches, row_network
from worker.training.paper.sequences import DrawingSequence, EpochSequence, ImageSequence
from worker.training.paper.settings import PaperConfig, Row
from worker.training.paper.state import TrainingState
from worker.training.records import ALL_RECORDS, record_load


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A row and the beats that it learns from and is asked about."""

    row: Row
    seed: int
    training: np.ndarray
    asked: np.ndarray


class Comparison:
    """The beats, their folds, and the drawings as they are needed.

    Parameters
    ----------
    config : PaperConfig
    data : Path
        Folder of the records.
    runs : Path
        Working folder: drawings, and the state of interrupted trainings.
    names : tuple of str
        Records whose beats are shuffled.
    """

    def __init__(self, config: PaperConfig, data: Path, runs: Path, names: tuple[str, ...] = ALL_RECORDS) -> None:
        self.config = config
        self.data, self.names = data, names
        self.drawings, self.runs = runs / "paper-drawings", runs / config.name
        self.beats: Beats = beats_of((record_load(data, name) for name in names), EIGHT_CLASSES)
        self.folds = fold_of_beats(self.beats.labels, config.protocol.folds, config.protocol.seed)

    def columns(self, row: Row) -> np.ndarray:
        if row.network != "context":
            return drawings_load("crop", self.data, self.names, EIGHT_CLASSES, self.drawings)
        drawn = drawings_load("context", self.data, self.names, EIGHT_CLASSES, self.drawings)
        return drawn[:, : self.config.context.channels]

    def unit(self, row: Row, fold: int, *, validate: bool = False) -> Unit:
        """A row on a fold.

        With ``validate``, the fold is not touched: the next one, which belongs to its training part, is asked
        instead and not learnt from.  That is where settings are chosen.
        """
        protocol = self.config.protocol
        asked = (fold + 1) % protocol.folds if validate else fold
        training = np.flatnonzero((self.folds != fold) & (self.folds != asked))
        seed = protocol.seed + fold
        part = stratified_part(self.beats.labels, training, protocol.train_beats, seed)
        return Unit(row, seed, part, np.flatnonzero(self.folds == asked))

    def answers(self, unit: Unit, folder: Path, *, verbose: int | str = "auto") -> np.ndarray:
        """Train what is not trained yet; probabilities of the beats asked about, shape (n, 8)."""
        columns = self.columns(unit.row)
        members = getattr(self.config, unit.row.network).members if unit.row.is_ours else 1
        parts = []
        for number in range(members):
            kept = folder / f"logits-{number}.npy"
            if not kept.is_file():
                logits = self._member_logits(unit, columns, unit.seed + 1000 * number, folder, verbose=verbose)
                np.save(kept, logits)
            parts.append(softmax(np.load(kept).astype(np.float64)))
        return np.mean(parts, axis=0)

    def _member_logits(
        self, unit: Unit, columns: np.ndarray, seed: int, folder: Path, *, verbose: int | str
    ) -> np.ndarray:
        state = TrainingState(folder, seed)
        sequence = self._sequence(unit, columns, seed, first_epoch=state.epochs_done)
        model = row_network(unit.row, self.config, columns.shape[1:], epoch_steps=len(sequence), seed=seed)
        epochs = self.config.ours.epochs if unit.row.is_ours else self.config.zoo.epochs
        state.fit(model, sequence, epochs=epochs, verbose=verbose)
        images = partial(images_whole, size_px=self.config.zoo.size_px)
        logits = logits_in_batches(model, columns, unit.asked, np.asarray if unit.row.is_ours else images)
        state.forget()
        return logits

    def _sequence(self, unit: Unit, columns: np.ndarray, seed: int, *, first_epoch: int) -> EpochSequence:
        beats = (columns, self.beats.labels, EIGHT_CLASSES, unit.training, unit.row)
        if unit.row.is_ours:
            return DrawingSequence(*beats, self.config.ours, seed=seed, first_epoch=first_epoch)
        return ImageSequence(*beats, self.config.zoo, seed=seed, first_epoch=first_epoch)
