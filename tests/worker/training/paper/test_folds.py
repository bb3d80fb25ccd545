import numpy as np
import pytest

from worker.training.paper.folds import fold_of_beats, stratified_part


@pytest.fixture
def labels():
    rng = np.random.default_rng(0)
    return rng.permutation(np.repeat(np.arange(4), (700, 203, 90, 14)))


def test_every_fold_holds_each_class_in_its_share(labels):
    folds = fold_of_beats(labels, 10, seed=1)
    for label in range(4):
        per_fold = np.bincount(folds[labels == label], minlength=10)
        assert per_fold.max() - per_fold.min() <= 1
    sizes = np.bincount(folds)
    assert len(sizes) == 10
    assert sizes.max() - sizes.min() <= 1


def test_the_same_seed_gives_the_same_folds(labels):
    assert np.array_equal(fold_of_beats(labels, 10, seed=1), fold_of_beats(labels, 10, seed=1))
    assert not np.array_equal(fold_of_beats(labels, 10, seed=1), fold_of_beats(labels, 10, seed=2))


def test_more_folds_than_beats_are_refused():
    with pytest.raises(ValueError, match="folds"):
        fold_of_beats(np.zeros(5, int), 6, seed=0)


def test_a_part_keeps_the_shares_of_the_classes(labels):
    indices = np.flatnonzero(fold_of_beats(labels, 10, seed=1) != 3)
    part = stratified_part(labels, indices, 300, seed=5)
    assert len(part) == len(set(part)) == 300
    assert np.isin(part, indices).all()
    whole, kept = np.bincount(labels[indices]), np.bincount(labels[part])
    assert np.abs(kept - whole * 300 / len(indices)).max() < 1


def test_a_part_that_is_no_smaller_is_everything(labels):
    indices = np.flatnonzero(labels > 0)
    assert np.array_equal(stratified_part(labels, indices, 0, seed=5), indices)
    assert np.array_equal(stratified_part(labels, indices, 10_000, seed=5), indices)
