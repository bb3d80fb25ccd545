import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from worker.training.data.matching import matched_beats, one_for_each, pieces


def test_a_beat_has_the_nearest_detection_and_no_other_beat_has_it():
    annotated, detected = np.array([100, 150, 400, 900]), np.array([110, 148, 410, 700])
    assert matched_beats(annotated, detected, 54).tolist() == [0, 1, 2, -1]


def test_one_detection_between_two_beats_leaves_one_of_them_missed():
    assert matched_beats(np.array([100, 150]), np.array([130]), 54).tolist() == [-1, 0]


def test_a_detection_just_outside_the_window_is_no_match():
    assert matched_beats(np.array([100]), np.array([154]), 54).tolist() == [0]
    assert matched_beats(np.array([100]), np.array([155]), 54).tolist() == [-1]


def test_nothing_detected_is_everything_missed():
    assert matched_beats(np.array([100, 500]), np.array([], dtype=int), 54).tolist() == [-1, -1]


@given(st.integers(1, 30_000), st.sampled_from([2.5, 10.0]))
def test_the_cores_of_pieces_cover_a_record_once(n_samples, seconds):
    found = pieces(n_samples, 360.0, seconds)
    covered = np.concatenate([np.arange(core.start, core.stop) for _, core in found])
    assert np.array_equal(covered, np.arange(n_samples))
    for piece, core in found:
        assert 0 <= piece.start <= core.start < core.stop <= piece.stop <= n_samples
        assert piece.stop - piece.start == min(n_samples, int(seconds * 360))


def test_a_beat_seen_from_both_sides_of_a_seam_counts_once():
    assert one_for_each(np.array([100, 400, 410, 800]), 360.0).tolist() == [True, True, False, True]
