"""The rhythm of a trace as a whole: its reasons, its JSON, and what must hold for any beats."""

import json
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.ecg.rhythm import LabelledBeat, rhythm_dict, rhythm_measures


def beats_of(classes, *, rr_s=0.8, unsure="", start=0.4):
    return [LabelledBeat(letter, start + at * rr_s, letter in unsure) for at, letter in enumerate(classes)]


def untimed(classes):
    return [LabelledBeat(letter, None, False) for letter in classes]


@st.composite
def some_beats(draw):
    classes = draw(st.text("NSVFQ", max_size=40))
    rr = draw(st.lists(st.floats(0.2, 4.0), min_size=len(classes), max_size=len(classes)))
    return [
        LabelledBeat(letter, time, draw(st.booleans())) for letter, time in zip(classes, accumulate(rr), strict=True)
    ]


def numbers(measures):
    return json.loads(json.dumps(rhythm_dict(measures)))


def test_one_trace_is_measured_as_a_whole():
    found = rhythm_measures(beats_of("NNVNFQNVVVNS", unsure="V", rr_s=0.5))
    assert (found.beats, found.unsure, found.fusion_beats, found.unclassified_beats) == (12, 4, 1, 1)
    assert found.seconds == pytest.approx(5.5)
    assert found.intervals.rate_bpm == pytest.approx(120)
    assert (found.ventricular.beats, found.supraventricular.beats) == (4, 1)
    assert found.ventricular.unsure_episodes == 1


def test_the_json_has_the_same_keys_whatever_is_known():
    full, empty = rhythm_dict(rhythm_measures(beats_of("NVVVNNNNNNNN"))), rhythm_dict(rhythm_measures([]))
    assert set(full) == set(empty)
    assert set(full["ventricular"]) == set(empty["ventricular"])
    assert full["reasons"] == {}
    assert full["ventricular"]["longest_run"] == {
        "kind": "run",
        "first_beat": 1,
        "beats": 3,
        "unsure": 0,
        "seconds": 1.6,
        "rate_bpm": 75.0,
        "over_100_bpm": False,
        "cut": False,
    }
    assert full["ventricular"]["burden_percent"] == 25.0


def test_a_single_beat_has_no_rhythm_and_says_why():
    found = rhythm_measures(beats_of("V"))
    assert set(found.reasons.values()) == {"not_enough_beats"}
    assert (found.seconds, found.ventricular.beats, found.ventricular.burden_percent) == (None, 1, None)


def test_without_a_time_scale_what_is_counted_is_still_counted():
    found = rhythm_measures(untimed("NVNVNVNVVVNN"))
    assert set(found.reasons.values()) == {"no_time_scale", "not_enough_beats"}
    assert found.reasons["rate_bpm"] == "no_time_scale"
    assert (found.ventricular.bigeminy, found.ventricular.runs) == (1, 1)
    assert found.ventricular.longest_run is not None
    assert found.ventricular.longest_run.rate_bpm is None
    assert found.ventricular.fastest_run is None


def test_across_several_leads_nothing_is_told_that_takes_beats_in_a_row():
    found = rhythm_measures(untimed("NVNVNVNVVVNN"), leads=3)
    assert found.ventricular.burden_percent == pytest.approx(100 * 6 / 12)
    assert (found.ventricular.bigeminy, found.ventricular.runs, found.ventricular.episodes) == (None, None, ())
    assert set(found.reasons.values()) == {"several_leads"}
    assert {"rate_bpm", "couplets", "trigeminy", "longest_run"} < set(found.reasons)
    assert found.intervals.nn_intervals == 0


def test_across_several_leads_times_say_nothing_either():
    found = rhythm_measures(beats_of("NNNN"), leads=2)
    assert (found.seconds, found.intervals.rate_bpm) == (None, None)


@pytest.mark.parametrize("classes", [["X"], [""], ["N", "NV"]])
def test_another_class_is_refused(classes):
    with pytest.raises(ValueError, match="expected one of N, S, V, F, Q"):
        rhythm_measures([LabelledBeat(letter, None, False) for letter in classes])


@given(some_beats())
def test_every_unknown_measure_has_its_reason_and_no_other(beats):
    said = numbers(rhythm_measures(beats))
    unknown = {name for name, value in said.items() if value is None} - {"seconds"}
    unknown |= {name for name, value in said["ventricular"].items() if value is None} - {"longest_run", "fastest_run"}
    assert unknown == set(said["reasons"])


@given(some_beats(), st.floats(0, 100))
def test_when_the_trace_begins_changes_nothing(beats, later_s):
    later = [LabelledBeat(beat.aami_class, (beat.r_peak_s or 0) + later_s, beat.unsure) for beat in beats]
    before, after = rhythm_measures(beats), rhythm_measures(later)
    assert before.reasons == after.reasons
    for name in ("rate_bpm", "rr_longest_s", "sdnn_ms", "rmssd_ms", "rr_cv_percent"):
        expected = getattr(before.intervals, name)
        assert getattr(after.intervals, name) == (expected and pytest.approx(expected, rel=1e-6, abs=1e-6))
    assert [e.first for e in before.ventricular.episodes] == [e.first for e in after.ventricular.episodes]


@given(some_beats())
def test_another_normal_beat_takes_no_episode_away(beats):
    last_s = beats[-1].r_peak_s if beats else 0.0
    before = rhythm_measures(beats)
    after = rhythm_measures([*beats, LabelledBeat("N", last_s + 0.8, False)])
    for one, other in ((before.supraventricular, after.supraventricular), (before.ventricular, after.ventricular)):
        assert one.beats == other.beats
        for name in ("couplets", "triplets", "runs", "bigeminy", "trigeminy"):
            assert (getattr(other, name) or 0) >= (getattr(one, name) or 0)


@given(some_beats())
def test_ventricular_and_supraventricular_are_counted_alike(beats):
    swap = {"S": "V", "V": "S"}
    swapped = [LabelledBeat(swap.get(b.aami_class, b.aami_class), b.r_peak_s, b.unsure) for b in beats]
    assert numbers(rhythm_measures(beats))["ventricular"] == numbers(rhythm_measures(swapped))["supraventricular"]


@given(some_beats())
def test_lowest_mean_and_highest_rate_are_in_order(beats):
    found = rhythm_measures(beats).intervals
    if found.lowest_rate_bpm is not None:
        shortest, longest = 60 / found.rr_longest_s, 60 / found.rr_shortest_s
        assert shortest <= found.lowest_rate_bpm + 1e-9
        assert found.lowest_rate_bpm <= found.highest_rate_bpm <= longest + 1e-9
