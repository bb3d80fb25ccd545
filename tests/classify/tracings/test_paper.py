"""The trace drawn anew: true to the millimetre, gaps left open."""

from itertools import pairwise
from typing import Any

import pytest

from classify.models import Beat
from classify.tracings.paper import PULSE_MM, Paper, paper_of
from classify.tracings.thinning import thinned
from tests.support.tracings import traced_lead, tracing_with


def points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.split())]


def beats(classes: str) -> list[Beat]:
    return [Beat(index=index, aami_class=letter) for index, letter in enumerate(classes)]


def drawn(*leads: Any, classes: str = "", **fields: Any) -> Paper:
    return paper_of(tracing_with(*leads, **fields), beats(classes))


def test_a_second_is_25_mm_and_a_millivolt_10_mm() -> None:
    (line,) = drawn(traced_lead(beats=2)).lines
    (curve,) = line.curves
    tops = [x for x, y in points(curve.lines[0]) if y == pytest.approx(line.y - 10)]
    assert tops == [pytest.approx(PULSE_MM + 0.4 * 25), pytest.approx(PULSE_MM + 1.2 * 25)]


def test_the_resting_level_stands_on_a_line_of_the_paper() -> None:
    paper = drawn(traced_lead(microvolts=(0, -700, 1230, 0)), traced_lead("V1", row=1))
    assert [line.y % 5 for line in paper.lines] == [0, 0]
    assert paper.height % 5 == 0


def test_one_beat_fits_on_a_phone_and_ten_seconds_do_not() -> None:
    assert not drawn(traced_lead(beats=1)).is_wide
    assert drawn(traced_lead(beats=12)).is_wide


def test_a_gap_stays_open() -> None:
    lead = traced_lead(microvolts=(0, 0, 500, None, None, 0, 0))
    paper = drawn(lead)
    first, second = paper.lines[0].curves[0].lines
    assert points(first)[-1][0] == pytest.approx(PULSE_MM + 0.02 * 25)
    assert points(second)[0][0] == pytest.approx(PULSE_MM + 0.05 * 25)
    assert paper.has_gaps
    assert not drawn(traced_lead()).has_gaps


def test_leads_of_a_sheet_stand_in_their_rows_and_columns() -> None:
    paper = drawn(
        traced_lead("I"),
        traced_lead("aVR", column=1, start_s=2.5),
        traced_lead("II", row=1),
        traced_lead("aVL", row=1, column=1, start_s=2.5),
        layout="2x2",
    )
    assert [[curve.name for curve in line.curves] for line in paper.lines] == [["I", "aVR"], ["II", "aVL"]]
    assert [curve.x for curve in paper.lines[0].curves] == [PULSE_MM, PULSE_MM + 62.5]


def test_a_long_row_goes_on_below_at_the_same_scale() -> None:
    paper = drawn(traced_lead(beats=30))  # 24 s
    assert [len(line.curves[0].marks) for line in paper.lines] == [12, 13, 5]
    assert paper.width <= 277  # of an A4 sheet, laid down
    assert all(PULSE_MM <= mark.x < PULSE_MM + 250 for line in paper.lines for mark in line.curves[0].marks)
    assert len(drawn(traced_lead(beats=13)).lines) == 1  # 10.4 s


def test_peaks_carry_the_classes_of_the_beats_from_left_to_right() -> None:
    paper = drawn(
        traced_lead("II", beats=2, column=1, start_s=1.6, row=0),
        traced_lead("I", beats=2, row=1),
        traced_lead("V1", beats=2, row=2, answers=False),
        classes="NVSF",
    )
    letters = {
        line.curves[0].name: [mark.beat and mark.beat.aami_class for mark in line.curves[0].marks]
        for line in paper.lines
    }
    assert letters == {"II": ["S", "F"], "I": ["N", "V"], "V1": [None, None]}


def test_classes_that_do_not_fit_the_peaks_are_not_guessed() -> None:
    paper = drawn(traced_lead(beats=3), classes="NV")
    assert [mark.beat for mark in paper.lines[0].curves[0].marks] == [None, None, None]


def test_without_scales_the_paper_says_so() -> None:
    bare = drawn(traced_lead(fs=None, microvolts=None, heights=(0.0, 1.0, None, 0.5), beats=1))
    assert (bare.has_time, bare.has_voltage, bare.has_gaps) == (False, False, True)
    scaled = drawn(traced_lead())
    assert (scaled.has_time, scaled.has_voltage, scaled.has_gaps) == (True, True, False)


def test_without_time_the_classes_of_many_beats_stand_apart() -> None:
    (line,) = drawn(traced_lead(fs=None, beats=8), classes="NNNNNNNN").lines
    places = [mark.x for mark in line.curves[0].marks]
    assert all(after - before > 8 for before, after in pairwise(places))


def test_fewer_points_make_the_same_line() -> None:
    wave = [(float(x), float((x * 7919) % 13) * 0.01 + (5.0 if x % 50 == 25 else 0.0)) for x in range(1000)]
    kept = thinned(wave, 0.1)
    assert len(kept) < 200
    ends = iter(pairwise(kept))
    (x0, y0), (x1, y1) = next(ends)
    for x, y in wave:
        while x > x1:
            (x0, y0), (x1, y1) = next(ends)
        assert abs(y0 + (y1 - y0) * (x - x0) / (x1 - x0) - y) <= 0.2 + 1e-9
    assert thinned([(0.0, 0.0), (1.0, 9.0)], 0.1) == [(0.0, 0.0), (1.0, 9.0)]


def test_a_sheet_stays_small() -> None:
    noise = tuple((n * 7919) % 23 - 11 + (900 if n % 80 == 40 else 0) for n in range(1000))
    paper = drawn(*[traced_lead(beats=10, fs=100.0, row=row, microvolts=noise) for row in range(12)])
    assert sum(len(line) for row in paper.lines for curve in row.curves for line in curve.lines) < 120_000
