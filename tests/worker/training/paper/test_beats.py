from collections import Counter

import numpy as np
import pytest

from tests.worker.training.database import database_written
from worker.training.paper.beats import beat_window, beats_of, crops_drawn, drawings_load
from worker.training.paper.classes import EIGHT_CLASSES, FIVE_CLASSES, PAPER_SYMBOLS
from worker.training.paper.folds import fold_of_beats
from worker.training.records import ALL_RECORDS, Record, RecordsMissing, data_folder, record_load


def record_of(samples, symbols, n_samples=2000, fs=360.0):
    rng = np.random.default_rng(0)
    signals = np.cumsum(rng.standard_normal((n_samples, 2)), axis=0).astype(np.float32)
    labels = np.zeros(len(samples), dtype=np.int64)
    return Record("900", fs, ("MLII", "V1"), signals, np.array(samples), tuple(symbols), labels)


def test_a_beat_is_drawn_from_after_its_predecessor_to_before_its_successor():
    assert beat_window(record_of([100, 400, 760], "NNN"), 1) == (120, 740)


def test_the_first_and_the_last_beat_end_where_the_record_does():
    record = record_of([100, 400, 760], "NNN")
    assert beat_window(record, 0) == (0, 380)
    assert beat_window(record, 2) == (420, 2000)


def test_neighbours_too_close_leave_a_window_around_the_beat():
    record = record_of([100, 130, 160], "N!!")
    assert beat_window(record, 1) == (110, 150)


def test_beats_of_other_symbols_are_neighbours_but_not_asked():
    record = record_of([100, 400, 760, 1100], "NFAQ")
    beats = beats_of([record], EIGHT_CLASSES)
    assert beats.symbols.tolist() == ["N", "A"]
    assert beats.samples.tolist() == [100, 760]
    assert beat_window(record, 2) == (420, 1080)
    assert crops_drawn(record, EIGHT_CLASSES).shape == (2, 1, 128, 2)


def test_the_five_classes_leave_flutter_waves_out_and_call_bundle_branch_blocks_normal():
    record = record_of([100, 400, 760, 1100, 1400], "LF!/a")
    beats = beats_of([record], FIVE_CLASSES)
    assert beats.symbols.tolist() == ["L", "F", "/", "a"]
    assert [FIVE_CLASSES.names[label] for label in beats.labels] == ["N", "F", "Q", "S"]
    assert crops_drawn(record, FIVE_CLASSES).shape == (4, 1, 128, 2)


def test_drawings_of_other_records_are_not_taken_for_these(tmp_path):
    data = database_written(tmp_path, names=("106", "114"), seconds=10.0)
    one, both = (
        drawings_load("crop", data, names, FIVE_CLASSES, tmp_path / "drawings") for names in (("106",), ("106", "114"))
    )
    assert len(both) == 2 * len(one)
    assert len(list((tmp_path / "drawings").iterdir())) == 2
    assert np.array_equal(drawings_load("crop", data, ("106",), FIVE_CLASSES, tmp_path / "drawings"), one)


def test_a_record_of_another_frequency_is_refused():
    with pytest.raises(ValueError, match="360"):
        crops_drawn(record_of([100, 400, 760], "NNN", fs=250.0), EIGHT_CLASSES)


@pytest.mark.data
def test_the_beats_are_the_papers_and_so_are_their_shares_in_every_fold():
    try:
        folder = data_folder(None)
    except RecordsMissing as reason:
        pytest.skip(str(reason))
    beats = beats_of((record_load(folder, name) for name in ALL_RECORDS), EIGHT_CLASSES)
    expected = {"N": 75052, "V": 7130, "/": 7028, "R": 7259, "L": 8075, "A": 2546, "!": 472, "E": 106}
    assert Counter(beats.symbols.tolist()) == expected
    assert len(beats) == 107_668
    folds = fold_of_beats(beats.labels, 10, seed=2018)
    assert set(np.bincount(folds)) == {10_766, 10_767}
    rarest = np.bincount(folds[beats.labels == PAPER_SYMBOLS.index("E")], minlength=10)
    assert set(rarest) == {10, 11}
