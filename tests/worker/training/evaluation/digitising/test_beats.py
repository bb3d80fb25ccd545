import numpy as np

from worker.training.evaluation.digitising.beats import BeatCounts, beats_counted
from worker.training.evaluation.digitising.drawing import Recording

BEATS_S = np.arange(0.5, 10.0, 1.0)


def counted(found_s, *, scored_s=(0.0, 10.0), others_s=(), shown_s=((0.0, 10.0),), ends_s=(0.0, 10.0)):
    recording = Recording("made up", {}, 500.0, BEATS_S, np.array(others_s), scored_s)
    return beats_counted(np.array(found_s), recording, shown_s, ends_s)


def test_all_beats_found_is_perfect():
    assert counted(BEATS_S + 0.1) == BeatCounts(10, 0, 0)


def test_a_beat_too_far_away_is_missed_and_false():
    assert counted([*BEATS_S[1:], 0.7]) == BeatCounts(9, 1, 1)


def test_a_beat_found_twice_is_false_once():
    assert counted([*BEATS_S, 5.55]) == BeatCounts(10, 0, 1)


def test_nothing_is_demanded_where_a_row_ends():
    assert counted(BEATS_S[1:], ends_s=(0.4, 10.0)) == BeatCounts(9, 0, 0)
    assert counted([*BEATS_S, 0.15], ends_s=(0.0, 10.0)) == BeatCounts(10, 0, 0)


def test_nothing_is_asked_beyond_the_first_and_last_mark():
    assert counted([0.1, *BEATS_S[2:], 9.9], scored_s=(2.5, 8.5)) == BeatCounts(7, 0, 0)


def test_what_the_picture_does_not_show_is_not_missed():
    assert counted(BEATS_S[:5], shown_s=((0.0, 5.0),)) == BeatCounts(5, 0, 0)


def test_a_flutter_wave_is_neither_demanded_nor_false():
    assert counted([*BEATS_S, 4.0], others_s=[4.0]) == BeatCounts(10, 0, 0)
    assert counted(BEATS_S, others_s=[4.0]) == BeatCounts(10, 0, 0)


def test_no_peak_at_all_misses_every_beat():
    assert counted([]) == BeatCounts(0, 10, 0)
