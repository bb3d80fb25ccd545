"""Which beats a training epoch sees, and the small changes each drawing gets on the way."""

from typing import Final

import keras
import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.drawing import BLANK, pictures_and_series
from worker.training.config import TrainingSettings
from worker.training.data.bank import Bank

BLANKED_SHARE: Final = 0.1
SERIES_BLANKED_SHARE: Final = 0.05
SERIES_NOISE: Final = 0.02
_HIGHEST_INK = 2.0  # columns above are blank


def beat_weights(bank: Bank, settings: TrainingSettings) -> np.ndarray:
    """Probability of each drawing to be drawn: rare classes and records with few beats of a class weigh more.

    Returns
    -------
    ndarray, shape (n,)
        Sums to 1; simulated drawings together have ``simulated_share``.
    """
    weights = np.zeros(len(bank.labels))
    for simulated, share in ((False, 1 - settings.simulated_share), (True, settings.simulated_share)):
        group = bank.simulated == simulated
        group_weights = _group_weights(bank.labels[group], bank.records[group], settings)
        if group_weights.size:
            weights[group] = share * group_weights / group_weights.sum()
    return weights / weights.sum()


def _group_weights(labels: np.ndarray, records: np.ndarray, settings: TrainingSettings) -> np.ndarray:
    weights = np.zeros(len(labels))
    for label in np.unique(labels):
        of_class = labels == label
        _, index, counts = np.unique(records[of_class], return_inverse=True, return_counts=True)
        per_beat = counts[index] ** -settings.record_exponent
        mass = of_class.sum() ** (1 - settings.class_exponent)
        weights[of_class] = mass * per_beat / per_beat.sum()
    return weights


def sampled_prior(bank: Bank, weights: np.ndarray) -> np.ndarray:
    """Share of each class among the drawn beats, shape (5,)."""
    return np.array([weights[bank.labels == index].sum() for index in range(len(AAMI_CLASSES))])


class BeatSequence(keras.utils.PyDataset):
    """Batches of drawings, freshly chosen for each epoch; the same seed gives the same batches.

    ``weights`` are each drawing's probability, where they are not to be those of ``beat_weights``.
    """

    def __init__(
        self, bank: Bank, settings: TrainingSettings, first_epoch: int = 0, weights: np.ndarray | None = None
    ) -> None:
        super().__init__(workers=1)
        self.bank = bank
        self.settings = settings
        self.weights = beat_weights(bank, settings) if weights is None else weights
        self.epoch = first_epoch
        self._choose()

    def __len__(self) -> int:
        return self.settings.epoch_beats // self.settings.batch_size

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng([self.settings.seed, self.epoch, index])
        chosen = self.chosen[index * self.settings.batch_size : (index + 1) * self.settings.batch_size]
        labels = np.eye(len(AAMI_CLASSES), dtype=np.float32)[self.bank.labels[chosen]]
        return columns_varied(self.bank.columns[chosen].astype(np.float32), rng), labels

    def on_epoch_end(self) -> None:
        self.epoch += 1
        self._choose()

    def _choose(self) -> None:
        rng = np.random.default_rng([self.settings.seed, self.epoch])
        cumulated = np.cumsum(self.weights)
        draws = rng.random(len(self) * self.settings.batch_size) * cumulated[-1]
        self.chosen = np.searchsorted(cumulated, draws)


def columns_varied(columns: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Drawings with another pen, height and position; blank columns stay blank.

    Now and then a picture of a beat that has several is blanked altogether, so that shape and rhythm each learn
    to speak alone: an early beat is not S for being early.
    """
    pictures, series = pictures_and_series(columns.shape[1])
    varied = np.empty_like(columns)
    varied[:, pictures] = _pictures_varied(columns[:, pictures], rng)
    varied[:, series] = _series_varied(columns[:, series], rng)
    return varied


def _pictures_varied(columns: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n, channels = columns.shape[:2]
    scale = rng.uniform(0.88, 1.12, (n, 1, 1, 1))
    shift = rng.normal(0, 0.02, (n, channels, 1, 1))
    pen = np.maximum(rng.normal(0, 0.012, (n, 1, 1)), -0.005)
    varied = columns * scale + shift
    varied[..., 0] -= pen
    varied[..., 1] += pen
    varied = np.where(columns > _HIGHEST_INK, columns, varied)
    if channels > 1:
        varied[rng.random((n, channels)) < BLANKED_SHARE] = BLANK
    return varied.astype(np.float32)


def _series_varied(series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rhythm series, a little noisy where there are beats, at times one of them missing."""
    n, pairs = series.shape[:2]
    known = series[:, :1, :, 1:] if pairs else series
    varied = series + rng.normal(0, SERIES_NOISE, series.shape) * known
    varied[:, :1, :, 1] = series[:, :1, :, 1]
    varied[rng.random((n, pairs)) < SERIES_BLANKED_SHARE] = 0.0
    return varied.astype(np.float32)
