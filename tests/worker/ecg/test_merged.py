from dataclasses import replace

import numpy as np
import pytest

from worker.ecg.merged import merged_r_peaks, r_peaks_in_lead
from worker.ecg.rhythm_strips import strips_in_time
from worker.ecg.voices import TimedLead

FS = 200.0


def lead(beats_s, *, seconds=10.0, start_s=0.0, height=1.0, noise=0.0, seed=0):
    t = start_s + np.arange(int(seconds * FS)) / FS
    waves = sum(np.exp(-(((t - at) / 0.015) ** 2)) for at in beats_s)
    return TimedLead(start_s, height * waves + noise * np.random.default_rng(seed).normal(size=t.size), FS)


BEATS = np.arange(0.5, 10, 0.8)


def near(found, expected):
    assert len(found) == len(expected)
    assert found == pytest.approx(expected, abs=0.03)


def test_leads_that_follow_each_other_are_one_rhythm():
    columns = [
        lead(BEATS, seconds=2.5, start_s=start, height=height)
        for start, height in zip((0, 2.5, 5, 7.5), (1, -2, 0.5, 1.5), strict=True)
    ]
    near(merged_r_peaks(columns), BEATS)


def test_a_beat_that_one_lead_hides_is_seen_in_another():
    hides = lead(np.delete(BEATS, [3, 7]))
    near(merged_r_peaks([hides, lead(BEATS, height=0.4)]), BEATS)


def test_noise_alone_does_not_outvote_a_clear_lead():
    noisy = [lead([], noise=1.0, seed=seed) for seed in range(3)]
    near(merged_r_peaks([lead(BEATS, noise=0.02), *noisy]), BEATS)


def test_nothing_is_found_in_nothing():
    assert merged_r_peaks([]).size == 0
    assert merged_r_peaks([TimedLead(0.0, np.zeros(2000), FS)]).size == 0


def test_each_lead_has_its_own_sample_of_a_beat():
    late = lead(BEATS + 0.03, start_s=0.0)
    at = r_peaks_in_lead(late, BEATS)
    assert at / FS == pytest.approx(BEATS + 0.03, abs=0.01)


def test_beats_outside_a_lead_or_cut_by_its_end_are_not_its_own():
    part = lead(BEATS, seconds=2.5, start_s=2.5)
    inside = BEATS[(BEATS > 2.7) & (BEATS < 4.8)]
    assert part.start_s + r_peaks_in_lead(part, BEATS) / FS == pytest.approx(inside, abs=0.01)


def test_what_three_columns_show_and_the_rhythm_strip_below_does_not_is_no_beat():
    letters = [lead([*BEATS, 3.3], seconds=2.5, start_s=2.5) for _ in range(3)]
    columns = [lead(BEATS, seconds=2.5, start_s=start) for start in (0, 5, 7.5) for _ in range(3)]
    near(merged_r_peaks([*columns, *letters]), np.sort([*BEATS, 3.3]))
    near(merged_r_peaks([*columns, *letters, lead(BEATS)]), BEATS)


def test_where_the_rhythm_strip_has_a_gap_the_columns_are_believed():
    columns = [lead(BEATS, seconds=2.5, start_s=start) for start in (0, 2.5, 5, 7.5) for _ in range(3)]
    strip = lead(np.delete(BEATS, 4))
    t = np.arange(strip.values.size) / FS
    torn = replace(strip, gap=np.abs(t - BEATS[4]) < 0.2)
    near(merged_r_peaks([*columns, strip]), np.delete(BEATS, 4))
    near(merged_r_peaks([*columns, torn]), BEATS)


def test_a_rhythm_strip_of_another_time_takes_no_beat_away():
    columns = [lead(BEATS, seconds=2.5, start_s=start) for start in (0, 2.5, 5, 7.5) for _ in range(3)]
    found = merged_r_peaks([*columns, lead(BEATS - 0.35)])
    assert np.abs(found[:, None] - BEATS).min(axis=0) == pytest.approx(np.zeros(BEATS.size), abs=0.03)


def test_a_noisy_rhythm_strip_takes_no_beat_away():
    columns = [lead(BEATS, seconds=2.5, start_s=start) for start in (0, 2.5, 5, 7.5) for _ in range(3)]
    near(merged_r_peaks([*columns, lead(np.delete(BEATS, 4), noise=0.2)]), BEATS)


@pytest.mark.parametrize("late_s", [0.16, -0.2])
def test_a_strip_that_stands_beside_the_time_of_its_columns_is_moved_to_it(late_s):
    columns = [lead(BEATS, seconds=2.5, start_s=start) for start in (0, 2.5, 5, 7.5) for _ in range(3)]
    strip = lead(BEATS)
    moved = strips_in_time([*columns, replace(strip, start_s=late_s)])
    assert list(moved[:-1]) == columns
    assert moved[-1].start_s == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("beats", [BEATS, BEATS + 0.03, np.arange(0.3, 10, 0.53), []])
def test_a_strip_of_the_same_time_or_of_other_beats_stays(beats):
    columns = [lead(BEATS, seconds=2.5, start_s=start) for start in (0, 2.5, 5, 7.5) for _ in range(3)]
    strip = lead(beats)
    assert strips_in_time([*columns, strip])[-1].start_s == 0.0


@pytest.mark.parametrize(("gap_s", "late_s"), [(0.05, 0.0), (0.08, 0.0), (0.1, -0.04)])
def test_columns_with_blanks_between_them_are_set_in_the_time_of_the_strip(gap_s, late_s):
    columns = [lead(BEATS, seconds=2.5, start_s=2.5 * number) for number in range(4) for _ in range(3)]
    apart = [replace(one, start_s=one.start_s + gap_s * round(one.start_s / 2.5)) for one in columns]
    *moved, strip = strips_in_time([*apart, replace(lead(BEATS), start_s=late_s)])
    assert [one.start_s for one in moved] == pytest.approx([one.start_s for one in columns], abs=0.01)
    near(merged_r_peaks([*moved, strip]), BEATS)


@pytest.mark.parametrize(("count", "gap_s"), [(4, 0.08), (4, 0.03), (2, 0.08), (2, 0.1)])
def test_columns_that_end_with_their_strip_have_no_blanks_between_them(count, gap_s):
    width = 10 / count
    columns = [lead(BEATS, seconds=width, start_s=width * number) for number in range(count) for _ in range(3)]
    apart = [replace(one, start_s=one.start_s + gap_s * round(one.start_s / width)) for one in columns]
    assert list(strips_in_time([*apart, lead(BEATS, seconds=10 + gap_s * (count - 1))])[:-1]) == apart


def test_columns_of_other_beats_than_the_strip_stay():
    columns = [lead(BEATS, seconds=2.5, start_s=2.5 * number) for number in range(4) for _ in range(3)]
    other = lead(np.sort(np.random.default_rng(3).uniform(0.3, 9.7, 11)))
    assert list(strips_in_time([*columns, other])[:-1]) == columns


def test_leads_without_a_strip_stay_as_they_are():
    columns = [lead(BEATS, seconds=2.5, start_s=start) for start in (0, 2.5, 5, 7.5)]
    assert list(strips_in_time(columns)) == columns
    assert strips_in_time([]) == ()
