import json

import numpy as np
import pytest

from worker.image.beats_told import PlacedCurve, beats_told
from worker.image.told import NOTHING_TOLD, Told, told_dict, told_from

EVERYTHING = Told(
    lead="II",
    speed_mm_s=50.0,
    seconds_across=10.0,
    gain_mm_mv=5.0,
    corners=((1.0, 2.0), (101.0, 3.0), (100.0, 90.0), (0.0, 91.0)),
    leads={"0.0": "I", "1.0": ""},
    r_peaks_added=((3.0, 4.0),),
    r_peaks_removed=((5.0, 6.0), (7.0, 8.0)),
)


@pytest.mark.parametrize("told", [NOTHING_TOLD, Told(lead="V1"), EVERYTHING])
def test_what_was_told_comes_back_from_json(told):
    assert told_from(json.loads(json.dumps(told_dict(told)))) == told


def test_what_was_not_told_is_not_stored():
    assert told_dict(NOTHING_TOLD) == {}
    assert told_dict(Told(gain_mm_mv=10.0)) == {"gain_mm_mv": 10.0}


def line(y, *, start=0.0):
    """A second is ten pixels long."""
    x = np.arange(100.0)
    return PlacedCurve(np.stack([x, np.full(100, y)], axis=1), start, fs=10.0)


def test_a_beat_is_taken_away_where_it_is_pointed_at_and_added_on_the_nearest_curve():
    beats = np.array([1.0, 3.0, 5.0])
    curves = [line(10.0), line(50.0, start=2.0)]
    removed = beats_told(beats, curves, Told(r_peaks_removed=((31.0, 14.0),)))
    assert removed.tolist() == [1.0, 5.0]
    added = beats_told(beats, curves, Told(r_peaks_added=((60.0, 12.0), (60.0, 48.0))))
    assert added.tolist() == [1.0, 3.0, 5.0, 6.0, 8.0]


def test_a_moved_beat_is_taken_away_and_added():
    moved = beats_told(
        np.array([1.0, 3.0]), [line(10.0)], Told(r_peaks_removed=((30.0, 10.0),), r_peaks_added=((33.0, 10.0),))
    )
    assert moved == pytest.approx([1.0, 3.3])


def test_without_beats_nothing_can_be_taken_away():
    assert beats_told(np.empty(0), [line(10.0)], Told(r_peaks_removed=((3.0, 1.0),))).size == 0


def without(beats, *points, curves=None, second=1.0):
    told = Told(r_peaks_removed=points)
    return beats_told(np.array(beats), curves or [line(10.0)], told, second=second).tolist()


def test_a_beat_that_is_taken_away_twice_takes_no_neighbour_along():
    assert without([1.0, 3.0, 5.0], (30.0, 10.0), (30.0, 10.0), (30.5, 11.0)) == [1.0, 5.0]
    assert without([1.0, 3.0, 3.4, 5.0], (30.0, 10.0), (30.0, 10.0)) == [1.0, 3.4, 5.0]  # an early one follows


@pytest.mark.parametrize("point", [(25.0, 10.0), (33.0, 10.0), (30.0, 15.0)], ids=["before", "after", "below"])
def test_what_is_near_no_beat_is_passed_over(point):
    assert without([1.0, 3.0, 5.0], point) == [1.0, 3.0, 5.0]


def test_a_point_is_near_where_leads_show_a_beat_a_little_apart():
    assert without([1.0, 3.0, 5.0], (31.0, 12.0)) == [1.0, 5.0]
    fast = [1.0, 1.25, 1.5]
    assert without(fast, (12.0, 10.0), (12.0, 10.0)) == [1.0, 1.5]


def test_without_time_a_share_of_the_interval_is_near():
    samples = [PlacedCurve(line(10.0).at_px)]
    assert without([10, 30, 50], (34.0, 10.0), (34.0, 10.0), curves=samples, second=None) == [10, 50]
    assert without([10, 30, 50], (36.0, 10.0), curves=samples, second=None) == [10, 30, 50]
    assert without([30], (90.0, 10.0), curves=samples, second=None) == []


def test_a_single_trace_counts_samples_and_knows_its_second():
    samples = [PlacedCurve(line(10.0).at_px)]
    assert without([10, 30, 50], (34.0, 10.0), curves=samples, second=10.0) == [10, 30, 50]
    assert without([10, 30, 50], (32.0, 10.0), curves=samples, second=10.0) == [10, 50]


def test_nothing_is_added_far_from_all_curves():
    beats = np.array([1.0, 3.0])
    assert beats_told(beats, [line(10.0)], Told(r_peaks_added=((60.0, 40.0),))).tolist() == [1.0, 3.0]
