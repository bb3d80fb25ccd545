"""Rate, RR statistics, pauses and variability from hand-made beats."""

from itertools import accumulate

import pytest

from worker.ecg.intervals import interval_measures


def measured(rr, classes=None, start=0.4):
    times = list(accumulate(rr, initial=start))
    return interval_measures(times, classes or "N" * len(times))


def test_a_regular_rhythm_has_one_rate_and_no_variability():
    found = measured([0.8] * 11)
    for name in ("rate_bpm", "lowest_rate_bpm", "highest_rate_bpm"):
        assert getattr(found, name) == pytest.approx(75)
    assert (found.rr_mean_s, found.rr_median_s) == pytest.approx((0.8, 0.8))
    for name in ("sdnn_ms", "rmssd_ms", "pnn50_percent", "rr_cv_percent", "nn_rmssd_percent"):
        assert getattr(found, name) == pytest.approx(0, abs=1e-6)
    assert (found.nn_intervals, found.reasons) == (11, {})


def test_lowest_and_highest_rate_are_means_over_four_intervals():
    found = measured([1.0] * 4 + [0.5] * 4)
    assert found.lowest_rate_bpm == pytest.approx(60)
    assert found.highest_rate_bpm == pytest.approx(120)
    assert found.rate_bpm == pytest.approx(80)
    assert measured([1.0] * 3).reasons["lowest_rate_bpm"] == "not_enough_beats"


def test_rr_statistics_count_every_beat():
    found = measured([0.5, 1.1, 0.8], "NVNQ")
    assert (found.rr_shortest_s, found.rr_longest_s) == pytest.approx((0.5, 1.1))
    assert (found.rr_mean_s, found.rr_median_s) == pytest.approx((0.8, 0.8))


def test_pauses_are_longer_than_two_and_three_seconds():
    found = measured([0.8, 2.0, 2.1, 3.0, 3.2])
    assert (found.pauses_over_2_s, found.pauses_over_3_s) == (3, 1)
    assert found.rr_longest_s == pytest.approx(3.2)


def test_variability_is_that_of_the_task_force():
    # NN intervals 800, 850, 800, 900, 800, 800 ms; differences 50, -50, 100, -100, 0.
    found = measured([0.8, 0.85, 0.8, 0.9, 0.8, 0.8])
    assert found.sdnn_ms == pytest.approx(41.83, abs=0.01)
    assert found.rmssd_ms == pytest.approx(70.71, abs=0.01)
    assert found.pnn50_percent == pytest.approx(100 * 2 / 6)  # of all NN intervals; 50 ms is not more than 50 ms
    assert found.nn_rmssd_percent == pytest.approx(100 * 70.71 / 825, abs=0.01)


@pytest.mark.parametrize("ectopic", "SVFQ")
def test_normal_intervals_are_those_between_two_normal_beats(ectopic):
    rr = [0.8, 0.8, 0.8, 0.4, 1.2, 0.8, 0.8, 0.8, 0.8]
    found = measured(rr, "NNNN" + ectopic + "NNNNN")
    assert found.nn_intervals == 7
    assert (found.sdnn_ms, found.rmssd_ms) == pytest.approx((0, 0), abs=1e-6)
    assert found.rr_cv_percent > 20


def test_a_difference_needs_two_normal_intervals_that_share_a_beat():
    # NN intervals of 0.8 s before the ectopic beat and of 1.0 s after it: no step from one to the other.
    found = measured([0.8] * 4 + [0.5, 1.2] + [1.0] * 4, "NNNNNVNNNNN")
    assert found.nn_intervals == 8
    assert found.rmssd_ms == pytest.approx(0, abs=1e-6)
    assert found.sdnn_ms > 100


@pytest.mark.parametrize("n_beats", [0, 1])
def test_without_an_interval_nothing_is_known(n_beats):
    found = interval_measures([0.4] * n_beats, "N" * n_beats)
    assert set(found.reasons.values()) == {"not_enough_beats"}
    assert found.rate_bpm is None
    assert found.nn_intervals == 0


def test_two_beats_give_a_rate_and_no_spread():
    found = measured([0.8])
    assert found.rate_bpm == pytest.approx(75)
    assert found.rr_shortest_s == found.rr_longest_s
    assert {"lowest_rate_bpm", "sdnn_ms", "rmssd_ms", "rr_cv_percent"} <= set(found.reasons)


def test_spread_needs_five():
    assert measured([0.8] * 4).reasons["sdnn_ms"] == "not_enough_beats"
    assert measured([0.8] * 5).sdnn_ms is not None
    assert measured([0.8] * 5).reasons["rmssd_ms"] == "not_enough_beats"
    assert measured([0.8] * 6).rmssd_ms is not None


def test_without_a_time_scale_enough_beats_say_so():
    found = interval_measures([None] * 6, "N" * 6)
    assert found.reasons["rate_bpm"] == found.reasons["sdnn_ms"] == "no_time_scale"
    assert found.reasons["rmssd_ms"] == "not_enough_beats"
    assert found.pauses_over_2_s is None
    assert interval_measures([0.4, None, 2.0], "NNN").reasons["rate_bpm"] == "no_time_scale"


@pytest.mark.parametrize("times", [[0.4, 0.4], [1.0, 0.4]])
def test_peaks_that_do_not_ascend_are_refused(times):
    with pytest.raises(ValueError, match="ascend"):
        interval_measures(times, "NN")
