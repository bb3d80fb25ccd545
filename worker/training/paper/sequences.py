"""Batches of the beats that a network learns from, for the published networks and for ours."""

import keras
import numpy as np

from worker.ecg.drawing import pictures_and_series
from worker.training.paper.classes import NORMAL, BeatClasses
from worker.training.paper.images import CROP_OFFSETS, WHOLE, images_drawn, images_sheared, images_sized
from worker.training.paper.settings import Augmentation, OursSettings, Row, ZooSettings

MOST_COLUMNS_ASIDE = 2
HIGHEST_INK = 2.0  # columns above are blank


class EpochSequence(keras.utils.PyDataset):
    """Batches freshly chosen for each epoch; the same seed gives the same batches, also after an interruption."""

    def __init__(
        self,
        labels: np.ndarray,
        classes: BeatClasses,
        batch_size: int,
        epoch_images: int,
        seed: int,
        first_epoch: int,
    ) -> None:
        super().__init__(workers=1)
        self.labels = labels
        self.classes = classes
        self.batch_size = batch_size
        self.epoch_images = epoch_images
        self.seed = seed
        self.epoch = first_epoch
        self.chosen = self.choose(np.random.default_rng([seed, first_epoch]))

    def choose(self, rng: np.random.Generator) -> np.ndarray:
        """Positions of an epoch's images."""
        raise NotImplementedError

    def inputs(self, positions: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        raise NotImplementedError

    def __len__(self) -> int:
        return max(self.epoch_images // self.batch_size, 1)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng([self.seed, self.epoch, index])
        positions = self.chosen[index * self.batch_size : (index + 1) * self.batch_size]
        targets = np.eye(len(self.classes), dtype=np.float32)[self.labels[positions]]
        return self.inputs(positions, rng), targets

    def on_epoch_end(self) -> None:
        self.epoch += 1
        self.chosen = self.choose(np.random.default_rng([self.seed, self.epoch]))


class ImageSequence(EpochSequence):
    """Images of the paper's beats; with nine crops, an epoch is drawn from whole images and crops alike."""

    def __init__(
        self,
        columns: np.ndarray,
        labels: np.ndarray,
        classes: BeatClasses,
        training: np.ndarray,
        row: Row,
        settings: ZooSettings,
        *,
        seed: int,
        first_epoch: int,
    ) -> None:
        beats, self.crops = whole_and_crops(labels[training], row.augmentation)
        self.columns, self.beats = columns, training[beats]
        self.row, self.size_px = row, settings.size_px
        images = min(row.epoch_images or len(beats), len(beats))
        super().__init__(labels[self.beats], classes, settings.batch_size, images, seed, first_epoch)

    def choose(self, rng: np.random.Generator) -> np.ndarray:
        return rng.permutation(len(self.beats))[: self.epoch_images]

    def inputs(self, positions: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        drawn = images_drawn(self.columns[self.beats[positions]])
        images = images_sized(drawn, self.crops[positions], self.size_px)
        return images_sheared(images, rng) if self.row.augmentation == "shear_zoom_flip" else images


class DrawingSequence(EpochSequence):
    """Our drawings: rare classes more often at first, every class as often as it occurs in the last epoch."""

    def __init__(
        self,
        columns: np.ndarray,
        labels: np.ndarray,
        classes: BeatClasses,
        training: np.ndarray,
        row: Row,
        settings: OursSettings,
        *,
        seed: int,
        first_epoch: int,
    ) -> None:
        self.columns, self.training, self.row, self.settings = columns, training, row, settings
        images = row.epoch_images or len(training)
        super().__init__(labels[training], classes, settings.batch_size, images, seed, first_epoch)

    def choose(self, rng: np.random.Generator) -> np.ndarray:
        progress = min(self.epoch / max(self.settings.epochs - 1, 1), 1.0)
        counts = np.bincount(self.labels, minlength=len(self.classes))
        weights = counts[self.labels] ** (-self.settings.class_exponent * (1 - progress))
        return drawn_evenly(weights, self.epoch_images, rng)

    def inputs(self, positions: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        columns = self.columns[self.training[positions]].astype(np.float32)
        return drawings_varied(columns, rng) if self.row.augmentation == "drawings" else columns


def whole_and_crops(labels: np.ndarray, augmentation: Augmentation) -> tuple[np.ndarray, np.ndarray]:
    """Beat and crop of every training image: each beat whole, and nine crops of every abnormal one.

    Returns
    -------
    beats, crops : ndarray of int, shape (n_images,)
        Positions in ``labels``; indices into ``CROP_OFFSETS``, or ``WHOLE``.
    """
    beats = np.arange(len(labels))
    crops = np.full(len(labels), WHOLE)
    if augmentation != "nine_crops":
        return beats, crops
    abnormal = np.flatnonzero(labels != NORMAL)
    nine = np.arange(len(CROP_OFFSETS))
    return (
        np.concatenate([beats, np.repeat(abnormal, len(nine))]),
        np.concatenate([crops, np.tile(nine, len(abnormal))]),
    )


def drawn_evenly(weights: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """``draws`` positions in proportion to their weights, in random order.

    Drawn at even steps through a shuffled pack: with equal weights and as many draws as beats, each comes once.
    """
    order = rng.permutation(len(weights))
    cumulated = np.cumsum(weights[order])
    steps = (np.arange(draws) + rng.random()) * (cumulated[-1] / draws)
    at = np.minimum(np.searchsorted(cumulated, steps), len(weights) - 1)
    return rng.permutation(order[at])


def drawings_varied(columns: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures of another height, position and pen, moved a column or two aside; blank columns stay blank.

    The rhythm's series are left as they are.

    Parameters
    ----------
    columns : ndarray, shape (n, channels, columns, 2)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float32, shape (n, channels, columns, 2)
    """
    drawn, _ = pictures_and_series(columns.shape[1])
    pictures = columns[:, drawn]
    n, channels, width, _ = pictures.shape
    varied: np.ndarray = pictures * rng.uniform(0.9, 1.1, (n, 1, 1, 1)) + rng.normal(0, 0.02, (n, channels, 1, 1))
    pen = np.maximum(rng.normal(0, 0.01, (n, 1, 1)), -0.005)
    varied[..., 0] -= pen
    varied[..., 1] += pen
    varied = np.where(pictures > HIGHEST_INK, pictures, varied)
    aside = rng.integers(-MOST_COLUMNS_ASIDE, MOST_COLUMNS_ASIDE + 1, (n, 1))
    at = np.clip(np.arange(width) + aside, 0, width - 1)
    moved = columns.astype(np.float32)
    moved[:, drawn] = np.take_along_axis(varied, at[:, None, :, None], axis=2)
    return moved
