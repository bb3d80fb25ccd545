import numpy as np
import pytest

from worker.ecg.voices import TimedLead
from worker.image.sheet.lost_waves import lost_waves

FS = 200.0
BEATS_S = np.arange(0.5, 8.0, 1.0)


def lead(heights_mm, *, start_s=0.0, seconds=8.0):
    """A complex of some height at each beat."""
    t = start_s + np.arange(round(seconds * FS)) / FS
    values = np.zeros(t.size)
    for at, height in zip(BEATS_S, heights_mm, strict=True):
        values += height * np.exp(-(((t - at) / 0.015) ** 2))
    return TimedLead(start_s, values, FS)


def usual(height_mm=8.0, **changed):
    heights = np.full(BEATS_S.size, height_mm)
    for beat, share in changed.items():
        heights[int(beat.removeprefix("beat"))] *= share
    return lead(heights)


def found(*leads):
    return [(number, int(beat)) for number, of in enumerate(lost_waves(leads, BEATS_S)) for beat in np.flatnonzero(of)]


@pytest.mark.parametrize("share", [0.1, 2.5])
def test_what_one_lead_alone_lacks_or_has_too_much_of_is_lost(share):
    assert found(usual(), usual(-6.0, beat4=share), usual(12.0)) == [(1, 4)]


@pytest.mark.parametrize(
    "leads",
    [
        (usual(), usual(beat4=0.1), usual(beat4=0.2)),  # two
        (usual(), usual(beat4=0.1), usual(beat4=2.0)),  # the beat is another in all of them
        (usual(), usual(beat4=0.1)),  # too few to say
        (usual(), usual(), usual(2.0, beat4=0.1)),  # low anyhow
        (usual(), usual(), usual(beat4=0.6)),  # hardly less, and two others are few
        (usual(), usual(), usual(beat4=1.2), usual(beat4=0.6)),  # nor are all others steady
    ],
)
def test_what_a_heart_may_do_is_not(leads):
    assert found(*leads) == []


@pytest.mark.parametrize("share", [0.6, 1.5])
def test_beside_three_steady_leads_less_is_enough(share):
    assert found(usual(), usual(), usual(-12.0), usual(beat4=share)) == [(3, 4)]


def test_what_a_lead_does_not_show_says_nothing():
    short = TimedLead(4.0, usual().values[round(4 * FS) :], FS)
    assert found(usual(), usual(beat1=0.1), short) == []
    assert found(usual(), usual(beat5=0.1), short) == [(1, 5)]


def test_no_leads_and_no_beats_are_no_fault():
    assert lost_waves([], BEATS_S) == []
    assert [of.size for of in lost_waves([usual()], np.empty(0))] == [0]
