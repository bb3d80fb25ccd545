import numpy as np
import pytest

from worker.ecg.references import late_beat, peers_of_beats

SINUS, ECTOPIC = np.array([0.0, 0.2, 1.0]), np.array([0.0, -0.2, 1.0])


def run_of_ectopic_beats():
    """Eight ectopic beats 0.7 s apart, and two of the sinus node after pauses."""
    beats = np.stack([SINUS, *[ECTOPIC] * 4, SINUS, *[ECTOPIC] * 4])
    rr_s = np.array([np.nan, *[0.7] * 4, 1.9, *[0.7] * 4])
    return beats, rr_s


def test_the_late_beat_is_the_sinus_nodes_where_ectopic_beats_are_the_majority():
    beats, rr_s = run_of_ectopic_beats()
    late = late_beat(beats, np.ones(10), rr_s, np.median(beats, axis=0))
    assert late == pytest.approx(SINUS, abs=0.01)


def test_wide_beats_and_beats_cut_by_the_strip_s_end_are_no_late_beats():
    beats, rr_s = run_of_ectopic_beats()
    beats[5] = 5.0
    cut = np.vstack([beats, [np.nan, 0.0, 0.0]])
    likeness = np.array([*[1.0] * 5, 0.2, *[1.0] * 5])
    late = late_beat(cut, likeness, np.append(rr_s, 9.0), SINUS)
    assert late == pytest.approx(ECTOPIC)


def test_without_an_interval_the_usual_beat_stands_for_the_late_one():
    assert late_beat(SINUS[None], np.ones(1), np.array([np.nan]), SINUS) is SINUS


def test_peers_take_the_noise_out_of_a_run_and_leave_other_intervals_out():
    beats, rr_s = run_of_ectopic_beats()
    noisy = beats + np.random.default_rng(0).normal(0, 0.1, beats.shape)
    peers = peers_of_beats(noisy, np.ones((10, 10)), rr_s)
    assert np.abs(peers[1] - ECTOPIC).max() < np.abs(noisy[1:5] - ECTOPIC).max()
    assert peers[1] == pytest.approx(noisy[[1, 2, 3, 4, 6, 7, 8, 9]].mean(axis=0))
    assert peers[5] == pytest.approx(noisy[5])
    assert peers[0] == pytest.approx(noisy[0])  # no interval ends at it


def test_beats_of_another_shape_are_no_peers_and_blank_stays_blank():
    beats = np.array([[np.nan, 1.0], [2.0, 1.0], [4.0, 3.0], [6.0, 5.0]])
    qrs = np.array([[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1.0]])
    peers = peers_of_beats(beats, qrs, np.full(4, 0.8))
    assert np.isnan(peers[0, 0])
    assert peers[0, 1] == 1.0
    assert peers[1:3] == pytest.approx(np.array([[3.0, 2.0]] * 2))
    assert peers[3] == pytest.approx(beats[3])
