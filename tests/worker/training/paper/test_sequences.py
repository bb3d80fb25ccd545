import numpy as np
import pytest

from worker.ecg.drawing import BLANK, pictures_and_series
from worker.training.paper.classes import EIGHT_CLASSES, NORMAL, PAPER_SYMBOLS
from worker.training.paper.images import WHOLE
from worker.training.paper.sequences import (
    DrawingSequence,
    ImageSequence,
    drawings_varied,
    drawn_evenly,
    whole_and_crops,
)
from worker.training.paper.settings import OursSettings, Row, ZooSettings

ZOO = ZooSettings(size_px=32, epochs=3, batch_size=8, learning_rate=1e-3)
OURS = OursSettings(
    epochs=3, batch_size=8, learning_rate=1e-3, weight_decay=0.0, label_smoothing=0.0, class_exponent=1.0
)
V = PAPER_SYMBOLS.index("V")


@pytest.fixture
def labels():
    return np.repeat([NORMAL, V], (90, 10))


@pytest.fixture
def columns():
    heights = np.random.default_rng(0).uniform(-0.8, 0.8, (100, 1, 128, 1))
    return np.concatenate([heights, heights + 0.1], axis=3).astype(np.float16)


def row(augmentation, network="jun2018", epoch_images=0):
    return Row("row", network, augmentation, epoch_images)


def test_only_abnormal_beats_have_crops(labels):
    beats, crops = whole_and_crops(labels, "nine_crops")
    assert (crops == WHOLE).sum() == 100
    assert len(beats) == 100 + 9 * 10
    assert (labels[beats[crops != WHOLE]] == V).all()
    assert sorted(crops[beats == 95]) == [WHOLE, *range(9)]
    assert len(whole_and_crops(labels, "none")[0]) == 100


def test_an_epoch_holds_its_budget_of_images(columns, labels):
    sequence = ImageSequence(
        columns, labels, EIGHT_CLASSES, np.arange(100), row("nine_crops", epoch_images=48), ZOO, seed=1, first_epoch=0
    )
    assert len(sequence) == 6
    images, targets = sequence[0]
    assert images.shape == (8, 32, 32, 1)
    assert targets.shape == (8, 8)
    assert len(set(sequence.chosen)) == 48


def test_the_same_seed_and_epoch_give_the_same_batches(columns, labels):
    first = ImageSequence(
        columns, labels, EIGHT_CLASSES, np.arange(100), row("shear_zoom_flip"), ZOO, seed=1, first_epoch=0
    )
    first.on_epoch_end()
    resumed = ImageSequence(
        columns, labels, EIGHT_CLASSES, np.arange(100), row("shear_zoom_flip"), ZOO, seed=1, first_epoch=1
    )
    assert np.array_equal(first[3][0], resumed[3][0])
    resumed.on_epoch_end()
    assert not np.array_equal(first[3][0], resumed[3][0])


def test_our_last_epoch_shows_every_beat_once(columns, labels):
    early = DrawingSequence(
        columns, labels, EIGHT_CLASSES, np.arange(100), row("none", "beat"), OURS, seed=1, first_epoch=0
    )
    late = DrawingSequence(
        columns, labels, EIGHT_CLASSES, np.arange(100), row("none", "beat"), OURS, seed=1, first_epoch=2
    )
    assert np.bincount(labels[early.chosen], minlength=2)[V] == pytest.approx(50, abs=5)
    assert np.array_equal(np.sort(late.chosen), np.arange(100))
    assert np.array_equal(late[0][0], columns[late.chosen[:8]].astype(np.float32))


def test_only_training_beats_are_shown(columns, labels):
    training = np.arange(0, 100, 3)
    images = ImageSequence(columns, labels, EIGHT_CLASSES, training, row("nine_crops"), ZOO, seed=1, first_epoch=0)
    assert set(images.beats) == set(training)
    drawings = DrawingSequence(
        columns, labels, EIGHT_CLASSES, training, row("none", "beat"), OURS, seed=1, first_epoch=2
    )
    shown = np.concatenate([drawings[index][0] for index in range(len(drawings))])
    known = {drawing.tobytes() for drawing in columns[training].astype(np.float32)}
    assert {drawing.tobytes() for drawing in shown} <= known


def test_draws_follow_their_weights():
    drawn = drawn_evenly(np.array([1.0, 3.0]), 400, np.random.default_rng(0))
    assert np.bincount(drawn).tolist() == [100, 300]


def test_varied_drawings_keep_their_blank_columns_and_their_series():
    columns = np.full((40, 10, 96, 2), BLANK, np.float32)
    columns[:, :, 30:60] = 0.2
    every = drawings_varied(columns, np.random.default_rng(0))
    assert every.shape == columns.shape
    pictures, series = pictures_and_series(10)
    varied = every[:, pictures]
    assert np.array_equal(every[:, series], columns[:, series])
    assert (varied[:, :, :28] == BLANK).all()
    assert (varied[:, :, 62:] == BLANK).all()
    starts = {(drawing[..., 0] != BLANK).any(axis=0).argmax() for drawing in varied}
    assert starts == {28, 29, 30, 31, 32}
