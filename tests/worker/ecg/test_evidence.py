"""What tells the beats of one heart from peaks of other things."""

import numpy as np
import pytest

from tests.worker.drawings import made_up_ecg
from worker.ecg.evidence import height_mismatch, likeness, rhythm_spread, steep_on_both_sides, steep_width


def peaks(heights, apart=100, width=4.0):
    """Round peaks of one shape on a line; their places."""
    at = np.arange(len(heights)) * apart + apart
    t = np.arange(at[-1] + apart)
    values = sum(h * np.exp(-0.5 * ((t - a) / width) ** 2) for h, a in zip(heights, at, strict=True))
    return values, at


def test_beats_of_one_heart_repeat_in_height_also_where_some_are_ventricular():
    for ventricular in (False, True):
        ecg = made_up_ecg(np.random.default_rng(2), ventricular=ventricular)
        assert height_mismatch(ecg.mv, np.round(ecg.r_s * ecg.fs).astype(int)) < 0.06


def test_peaks_of_one_shape_and_any_height_are_alike_but_do_not_match():
    values, at = peaks([1.0, 0.3, 0.75, 0.15, 0.5])
    assert likeness(values, at) > 0.99
    assert height_mismatch(values, at) > 0.3


def test_a_height_is_compared_as_a_ratio_whatever_the_unit():
    values, at = peaks([1.0, 0.5, 1.0, 0.5])
    assert height_mismatch(1000 * values, at) == pytest.approx(height_mismatch(values, at))


@pytest.mark.parametrize("places", [[], [50]])
def test_fewer_than_two_beats_have_no_mismatch(places):
    assert height_mismatch(np.arange(100.0), np.array(places, dtype=int)) == 0.0


def test_the_rhythm_s_spread_is_that_of_its_intervals():
    assert rhythm_spread(np.array([0, 100, 200, 300])) == 0.0
    assert rhythm_spread(np.array([0, 50, 200])) == pytest.approx(0.5)
    assert rhythm_spread(np.array([0, 50])) == 0.0


@pytest.mark.parametrize("slower", [1, 2])
def test_a_complex_is_steep_for_as_long_as_time_is_stretched(slower):
    values, at = peaks([1.0] * 6, apart=200 * slower, width=4.0 * slower)
    assert steep_width(values, at, fs=250.0) == pytest.approx(
        slower * steep_width(*peaks([1.0] * 6, apart=200), fs=250.0), abs=0.01
    )
    assert np.isnan(steep_width(values, at[:0], fs=250.0))


def test_a_complex_is_steep_on_both_sides_and_a_decay_on_one():
    ecg = made_up_ecg(np.random.default_rng(2))
    r_peaks = np.round(ecg.r_s * ecg.fs).astype(int)
    assert steep_on_both_sides(ecg.mv, r_peaks, 0.12 * ecg.fs) > 0.3
    since = np.arange(3000) % 200
    decays = np.exp(-since / 40)
    assert steep_on_both_sides(decays, np.arange(200, 3000, 200), 24) < 0.1
    assert steep_on_both_sides(np.zeros(100), np.array([50]), 10) == 0
