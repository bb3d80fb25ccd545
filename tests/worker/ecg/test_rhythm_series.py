import numpy as np

from worker.ecg.rhythm_series import BEATS_BEFORE, SERIES, rhythm_series

INTERVALS, PROFILE, LATE = (SERIES.index(name) for name in ("intervals", "interval_profile", "late_p_waves"))


def series_of(r_s):
    return rhythm_series(np.asarray(r_s), np.tile([0.9, 0.8, 0.5, 0.1, 0.7, 0.2], (len(r_s), 1)))


def test_a_regular_rhythm_is_flat_and_known_where_there_are_beats():
    series = series_of(np.arange(20) * 0.8)
    assert np.allclose(series[:, INTERVALS, :, 0], 0, atol=1e-6)
    assert series[5, INTERVALS, :, 1].sum() == 19  # as many intervals as there are
    assert series[5, INTERVALS, BEATS_BEFORE, 1] == 1
    assert series[0, INTERVALS, BEATS_BEFORE, 1] == 0  # no interval ends at the first beat


def test_an_early_beat_is_below_the_others_at_its_own_place():
    r_s = np.cumsum([0.8] * 10 + [0.5, 1.1] + [0.8] * 10)
    octaves = series_of(r_s)[10, INTERVALS, :, 0]
    assert octaves.argmin() == BEATS_BEFORE
    assert octaves[BEATS_BEFORE] < -0.5


def test_in_a_long_run_the_profile_still_shows_the_pauses():
    r_s = np.cumsum(([0.7] * 12 + [1.9]) * 5)
    within = series_of(r_s)[30, PROFILE, :, 0]
    assert (np.diff(within) >= 0).all()
    assert within[0] == 0.0
    assert within[-1] > 1.3  # the longest interval against the beat's own, in octaves


def test_the_likeness_of_each_beat_stands_at_its_place():
    r_s = np.arange(10) * 0.8
    likeness = np.zeros((10, 6))
    likeness[4] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    series = rhythm_series(r_s, likeness)
    assert np.allclose(series[4, 1:3, BEATS_BEFORE].ravel(), [0.1, 0.2, 0.3, 0.4])
    assert np.allclose(series[6, 1:3, BEATS_BEFORE - 2].ravel(), [0.1, 0.2, 0.3, 0.4])
    assert np.allclose(series[6, LATE, BEATS_BEFORE - 2], [0.5, 0.6])


def test_one_beat_and_none_have_a_series():
    assert series_of([]).shape == (0, len(SERIES), 96, 2)
    assert np.isfinite(series_of([1.0])).all()
