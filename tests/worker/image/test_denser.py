"""Samples between columns."""

from dataclasses import replace

import numpy as np
import pytest

from worker.image.denser import denser
from worker.image.reading import LeadReading


def lead(values, fs=200.0):
    count = len(values)
    return LeadReading(
        values=np.asarray(values, float),
        per_mv=10.0,
        fs=fs,
        r_peaks=np.array([int(np.argmax(values))]),
        at_px=np.stack([np.arange(count) * 3.0, np.full(count, 50.0)], axis=1),
        boxes=(),
        gap=np.zeros(count, bool),
        quality=99,
    )


def complexes(times_s):
    return np.sin(2 * np.pi * times_s) + 10 * np.exp(-(((times_s % 0.8) - 0.4) ** 2) / (2 * 0.008**2))


def test_time_and_places_stay_and_samples_are_nearer_the_true_curve():
    coarse = np.arange(0.0012, 3.2, 1 / 200)
    read = lead(complexes(coarse))
    twice = denser(read)
    fine = coarse[0] + np.arange(twice.values.size) / twice.fs
    assert twice.fs == 400.0
    assert twice.values[::2] == pytest.approx(read.values)
    assert twice.r_peaks / twice.fs == pytest.approx(read.r_peaks / read.fs)
    assert twice.r_peaks_px == pytest.approx(read.r_peaks_px)
    straight = np.interp(fine, coarse, read.values)
    assert np.square(twice.values - complexes(fine)).sum() < 0.3 * np.square(straight - complexes(fine)).sum()
    assert twice.values.max() <= read.values.max() + 1e-9  # no wave that was not read


def test_what_lies_beside_a_gap_is_one():
    read = lead(np.arange(6.0))
    gap = np.array([False, False, True, False, False, False])
    twice = denser(replace(read, gap=gap, covered=gap))
    assert twice.gap.tolist() == [False, False, False, True, True, True, False, False, False, False, False]
    assert twice.covered.tolist() == twice.gap.tolist()


@pytest.mark.parametrize("fs", [None, 400.0])
def test_a_lead_without_time_or_with_enough_samples_stays(fs):
    read = lead(np.arange(6.0), fs)
    assert denser(read) is read
