"""Drawn rows, read by a reader that takes the darkest pixel of each column."""

from dataclasses import replace

import numpy as np
import pytest

from worker.image.sheet.row_reader import BAND_PX, PX_PER_MM, ReadRow
from worker.image.sheet.rows import RowTrace
from worker.image.sheet.rows_read import rows_read
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM
from worker.image.trace import Trace

WIDTH = 1600  # 200 mm
LEVELS = (200, 400, 600, 800)


class Darkest:
    def read(self, band):
        ink = band.mean(axis=2)
        shown = ink.max(axis=0) > 0.1
        nearest = np.abs(np.arange(BAND_PX) - BAND_PX / 2)[:, None]
        height = np.argmax(ink - 1e-4 * nearest, axis=0) + 0.5
        return ReadRow(np.where(shown, height, np.nan), np.where(shown, ink.max(axis=0), 0.0))


class Certain(Darkest):
    """As certain of pale lines as of dark ones."""

    def read(self, band):
        read = super().read(band)
        return replace(read, certainty=np.where(np.isnan(read.height_px), 0.0, 0.95))


def beating(columns, level, height_px=60):
    """A pulse of a heart each 150 columns."""
    return level - height_px * np.exp(-((((columns % 150) - 75) / 6) ** 2))


def page(*curves):
    """Darkness of a page with curves, each its first column, its heights and how dark it is."""
    darkness = np.zeros((1000, WIDTH, 3), np.float32)
    for first, heights, dark in curves:
        darkness[np.round(heights).astype(int), first + np.arange(heights.size)] = dark
    return darkness


def traced(level, reach_px=60):
    scale = COARSE_PX_PER_MM / PX_PER_MM[1]
    y = np.array([level - reach_px, level, level], float) * scale
    none = np.zeros(3)
    return RowTrace(Trace(0, y, none, none, none.astype(bool), 1.0), level * scale, 1.0)


def beating_rows(first=100, last=1500):
    columns = np.arange(first, last)
    return [(first, beating(columns, level), 1.0) for level in LEVELS]


def rests(rows):
    return [round(row.trace.rest_px * PX_PER_MM[1] / COARSE_PX_PER_MM) for row in rows]


def test_each_row_is_read_where_it_lies():
    rows = rows_read([traced(level) for level in LEVELS], page(*beating_rows()), Darkest())
    assert rests(rows) == list(LEVELS)
    assert {(row.first, row.last) for row in rows} == {(100, 1500)}
    assert np.nanmedian(rows[1].height_px) == pytest.approx(LEVELS[1], abs=1)


def test_rows_that_go_on_beyond_the_picture_are_read_to_its_edges():
    rows = rows_read([traced(level) for level in LEVELS], page(*beating_rows(0, WIDTH)), Darkest())
    assert {(row.first, row.last) for row in rows} == {(0, WIDTH)}


def test_a_curve_that_two_lines_led_to_is_one_row():
    rows = rows_read([traced(level) for level in (200, 400, 430, 600, 800)], page(*beating_rows()), Darkest())
    assert len(rows) == 4


def test_a_row_that_was_lost_for_its_neighbour_has_a_gap_there():
    columns, lost = np.arange(100, 1500), slice(700, 1000)
    upper, lower = (beating(columns, level, height_px=20) for level in (400, 470))
    pieces = [(100, upper, 1.0), (100, lower[: lost.start - 100], 1.0), (lost.stop, lower[lost.stop - 100 :], 1.0)]
    first, second = rows_read([traced(400, 20), traced(470, 20)], page(*pieces), Darkest())
    assert np.isfinite(first.height_px[100:1500]).all()
    assert np.isnan(second.height_px[lost]).all()
    assert np.isfinite(second.height_px[100:700]).all()


@pytest.mark.filterwarnings("error")
def test_dots_without_two_columns_side_by_side_are_no_row():
    columns = np.arange(100, 1500, 2)
    darkness = page()
    darkness[400 + 10 * (columns // 2 % 2), columns] = 1.0
    assert rows_read([traced(400, 20)], darkness, Darkest()) == []


def test_rows_whose_waves_cross_have_no_gap():
    columns = np.arange(100, 1500)
    pieces = [(100, beating(columns, 400, height_px=20), 1.0), (100, beating(columns, 470, height_px=75), 1.0)]
    for row in rows_read([traced(400, 20), traced(470, 75)], page(*pieces), Darkest()):
        assert np.isfinite(row.height_px[100:1500]).all()


def test_a_line_that_someone_drew_is_no_row():
    stroke = (400, 900 + np.linspace(-6, 6, 400), 1.0)
    rows = rows_read([traced(level) for level in (*LEVELS, 900)], page(*beating_rows(), stroke), Darkest())
    assert rests(rows) == list(LEVELS)


def test_a_scribble_is_no_row_however_steep():
    scribble = (400, beating(np.arange(400, 550), 900, height_px=40), 1.0)
    rows = rows_read([traced(level) for level in (*LEVELS, 900)], page(*beating_rows(), scribble), Darkest())
    assert rests(rows) == list(LEVELS)


def test_a_short_row_that_beats_is_a_row():
    short = (400, beating(np.arange(400, 900), 900, height_px=40), 1.0)
    rows = rows_read([traced(level) for level in (*LEVELS, 900)], page(*beating_rows(), short), Darkest())
    assert rests(rows) == [*LEVELS, 900]


def test_what_goes_on_beyond_the_end_of_most_rows_is_left_out():
    beyond = (1500, np.full(80, 201.0), 1.0)
    before = (40, np.full(60, 401.0), 1.0)
    rows = rows_read([traced(level) for level in LEVELS], page(*beating_rows(), beyond, before), Darkest())
    assert {(row.first, row.last) for row in rows} == {(100, 1500)}


def test_rows_of_different_lengths_keep_them():
    ends = (1000, 1150, 1300, 1500)
    curves = [(100, beating(np.arange(100, end), level), 1.0) for level, end in zip(LEVELS, ends, strict=True)]
    rows = rows_read([traced(level) for level in LEVELS], page(*curves), Darkest())
    assert [row.last for row in rows] == list(ends)


@pytest.mark.parametrize(("dark", "count"), [(0.7, 4), (0.95, 5)])
def test_what_is_read_with_doubt_beside_the_block_of_rows_is_an_edge(dark, count):
    edge = (20, beating(np.arange(20, 1590), 900, height_px=30), dark)
    rows = rows_read([traced(level) for level in (*LEVELS, 900)], page(*beating_rows(), edge), Darkest())
    assert len(rows) == count


@pytest.mark.parametrize(("dark", "count"), [(0.5, 4), (0.9, 5)])
def test_what_is_hardly_believed_is_no_row_wherever_it_stands(dark, count):
    words = (100, beating(np.arange(100, 1500), 700, height_px=30), dark)
    rows = rows_read([traced(level) for level in sorted((*LEVELS, 700))], page(*beating_rows(), words), Darkest())
    assert len(rows) == count


@pytest.mark.parametrize(("dark", "found"), [(0.8, [200]), (0.95, [200, 600])])
def test_what_is_never_at_rest_is_a_row_where_it_is_read_surely(dark, found):
    columns = np.arange(100, 1500)
    tremor = (100, beating(columns, 600, height_px=18) + np.where(columns % 2, 1, -1), dark)
    assert rests(rows_read([traced(200), traced(600)], page(beating_rows()[0], tremor), Darkest())) == found


@pytest.mark.parametrize(("apart", "squeezed"), [(200, True), (100, False)])
def test_high_waves_are_read_squeezed_unless_a_neighbour_may_be_meant(apart, squeezed):
    columns = np.arange(100, 1500)
    high = page((100, beating(columns, 500, height_px=140), 1.0), (100, beating(columns, 500 + apart), 1.0))
    high = np.maximum(high, np.roll(high, 1, axis=0))  # squeezed to a half, a line of one pixel would be half as dark
    first, _ = rows_read([traced(500, reach_px=140), traced(500 + apart)], high, Darkest())
    reached = 500 - np.nanmin(first.height_px)
    assert (reached > 130) == squeezed


def test_a_row_rests_where_its_curve_does_whatever_led_to_it():
    rows = rows_read([traced(level - 20) for level in LEVELS], page(*beating_rows()), Darkest())
    assert [row.rest_px for row in rows] == pytest.approx(LEVELS, abs=1)


def test_a_piece_wholly_beside_the_rows_is_none():
    shred = (20, beating(np.arange(20, 360), 150), 1.0)
    levels = (150, *(400 + 150 * number for number in range(4)))
    columns = np.arange(400, 1500)
    curves = [(400, beating(columns, level), 1.0) for level in levels[1:]]
    rows = rows_read([traced(level) for level in levels], page(shred, *curves), Darkest())
    assert [row.rest_px for row in rows] == pytest.approx(levels[1:], abs=1)


def test_tips_that_a_coarse_trace_leaves_out_are_read():
    columns = np.arange(100, 1500)
    (row,) = rows_read([traced(500, 78)], page((100, beating(columns, 500, height_px=104), 1.0)), Darkest())
    assert 500 - np.nanmin(row.height_px) == pytest.approx(104, abs=2)


def test_what_is_far_paler_than_the_other_rows_is_a_line_of_the_paper():
    columns = np.arange(100, 1500)
    curves = [(100, beating(columns, level), 1.0 if level != 600 else 0.55) for level in LEVELS]
    assert rests(rows_read([traced(level) for level in LEVELS], page(*curves), Certain())) == [200, 400, 800]


def test_rows_may_fade():
    columns = np.arange(100, 1500)
    curves = [(100, beating(columns, level), dark) for level, dark in zip(LEVELS, (1.0, 0.9, 0.8, 0.7), strict=True)]
    assert len(rows_read([traced(level) for level in LEVELS], page(*curves), Certain())) == 4


def test_what_is_short_and_crowded_between_rows_is_none_however_steep():
    columns = np.arange(300, 600)
    curves = [*beating_rows(), (300, beating(columns, 500, height_px=40), 1.0)]
    rows = rows_read([traced(level) for level in (200, 400, 500, 600, 800)], page(*curves), Darkest())
    assert rests(rows) == list(LEVELS)


@pytest.mark.parametrize(("level", "found"), [(850, list(LEVELS)), (900, [*LEVELS, 900])])
def test_what_is_short_and_close_below_the_last_row_is_none_however_steep(level, found):
    short = (400, beating(np.arange(400, 900), level, height_px=20), 1.0)
    rows = rows_read([traced(at) for at in (*LEVELS, level)], page(*beating_rows(), short), Darkest())
    assert rests(rows) == found


def test_more_rows_than_any_sheet_has_are_not_read():
    levels = [traced(level) for level in np.linspace(200, 800, 31)]
    assert rows_read(levels, page(*beating_rows()), Darkest()) == []


@pytest.mark.parametrize(("first", "last", "found"), [(100, 1500, [*LEVELS, 950]), (400, 1200, list(LEVELS))])
def test_a_guessed_row_counts_only_where_it_begins_and_ends_with_those_that_were_followed(first, last, found):
    guessed = (first, beating(np.arange(first, last), 950, height_px=60), 1.0)
    traces = [*(traced(level) for level in LEVELS), replace(traced(950), is_guess=True)]
    assert rests(rows_read(traces, page(*beating_rows(), guessed), Darkest())) == found
