from dataclasses import replace

import numpy as np
import pytest

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.separators import lines_stand_between, without_separators

ROWS, HEIGHT, WIDTH = 3, 120, 800
REST = 60
LINE = 400  # where the second column begins, 8 px a millimetre
DIP = slice(LINE, LINE + 6)  # down the line, 4 mm
R_PEAK = LINE - 16  # 2 mm before it


def page(*, bar=0.0, paper=0.0):
    """Rows of two columns on 8 x 4 px a millimetre: a beat before and a dip behind the place between them.

    ``bar`` is how dark a line stands there, ``paper`` how dark the paper's 5 mm lines are.
    """
    darkness = np.zeros((ROWS * HEIGHT, WIDTH), np.float32)
    darkness[:, 20::40] = paper
    for row in range(ROWS):
        rest = REST + row * HEIGHT
        darkness[rest, :] = 0.8
        darkness[rest - 16 : rest + 17, LINE : LINE + 5] = np.maximum(
            bar, darkness[rest - 16 : rest + 17, LINE : LINE + 5]
        )
    return darkness


def curves(*, through=()):
    """All curves; rows ``through`` are of one lead."""
    found = []
    for row in range(ROWS):
        x = np.arange(WIDTH)
        height = np.zeros(WIDTH)
        height[R_PEAK - 2 : R_PEAK + 3] = 9.0
        height[DIP] = -4.0
        parts = [slice(0, WIDTH)] if row in through else [slice(0, LINE), slice(LINE, WIDTH)]
        for column, part in enumerate(parts):
            flat_px = np.stack([x[part] + 0.5, REST + row * HEIGHT + 0.5 - 4 * height[part]], axis=1)
            covered = np.zeros(x[part].size, bool)
            found.append(LeadCurve(None, None, row, column, part.start / 8, height[part], 1.0, flat_px, covered))
    return found


def lost(found):
    return [int(np.isnan(curve.height_mm).sum()) for curve in found]


def test_what_is_followed_down_a_line_between_columns_is_a_gap():
    found = without_separators(curves(), page(bar=0.8))
    assert lost(found) == [0, DIP.stop - DIP.start] * ROWS
    assert all(np.nanmin(curve.height_mm) == pytest.approx(0.0) for curve in found)
    assert found[0].height_mm.max() == 9.0


@pytest.mark.parametrize(("bar", "paper", "stands"), [(0.8, 0.0, True), (0.0, 0.8, False)])
def test_a_bar_between_columns_stands_there_and_a_line_of_the_paper_does_not(bar, paper, stands):
    assert lines_stand_between(curves(), page(bar=bar, paper=paper)) == stands
    assert not lines_stand_between(curves(through=range(ROWS)), page(bar=bar, paper=paper))


@pytest.mark.parametrize("paper", [0.0, 0.5, 0.8])
def test_where_no_line_is_nothing_is_lost_however_dark_the_paper_is(paper):
    assert lost(without_separators(curves(), page(paper=paper))) == [0, 0] * ROWS


def test_complexes_of_all_rows_at_the_beginning_of_a_column_are_no_line():
    darkness, found = page(), curves()
    for row, (up_mm, down_mm) in enumerate([(9, 3), (5, 6), (12, 4)]):
        rest = REST + row * HEIGHT
        darkness[rest - 4 * up_mm : rest + 4 * down_mm + 1, LINE : LINE + 3] = 0.8
    assert lost(without_separators(found, darkness)) == [0, 0] * ROWS


def test_a_row_of_one_lead_runs_through():
    found = without_separators(curves(through=(2,)), page(bar=0.8))
    assert lost(found) == [0, 6, 0, 6, 0]


LETTER = slice(LINE + 4, LINE + 28)  # a V that hangs on the line


def through_a_name(curve, *, leaps=True):
    """Followed down the line into the name behind it, and back."""
    height = curve.height_mm.copy()
    length = LETTER.stop - LETTER.start
    height[: LETTER.stop - LINE] = -5.0
    if not leaps:
        height[LETTER.stop - LINE - length : LETTER.stop - LINE + 16] = np.linspace(-5.0, 0.0, length + 16)
    return replace(curve, height_mm=height)


def test_a_way_down_the_line_through_a_name_is_a_gap_until_it_leaps_back():
    found = [through_a_name(curve) if curve.column else curve for curve in curves()]
    assert lost(without_separators(found, page(bar=0.8))) == [0, LETTER.stop - LINE] * ROWS


def test_a_wave_that_ends_behind_the_line_stays():
    found = [through_a_name(curve, leaps=False) if curve.column else curve for curve in curves()]
    kept = [curve for curve in without_separators(found, page(bar=0.8)) if curve.column]
    assert all(np.isfinite(curve.height_mm[16:]).all() for curve in kept)


def test_what_is_beyond_the_line_is_the_other_lead_s():
    """Columns that were cut a millimetre too early."""
    early = LINE - 8
    found = [
        replace(curve, flat_px=curve.flat_px + np.array([early - LINE, 0])) if curve.column else curve
        for curve in curves()
    ]
    shown = without_separators(found, page(bar=0.8))
    assert all(np.isnan(curve.height_mm[: 8 - 6]).all() for curve in shown if curve.column)


def test_curves_that_were_not_seen_have_no_line():
    unseen = [curve for curve in curves() if curve.column]
    for curve in unseen:
        curve.flat_px[:, 1] = np.nan
    assert lost(without_separators(unseen, page(bar=0.8))) == [0] * ROWS


def along_a_frame(*, reach_mm):
    """Rows that end at a line, and what was followed up that line at the end of the first and the last."""
    darkness, found = page(), curves(through=range(ROWS))
    for row in range(ROWS):
        rest = REST + row * HEIGHT
        darkness[rest - 4 * reach_mm : rest + 4 * reach_mm + 1, WIDTH - 6 : WIDTH - 2] = 0.8
    for row in (0, ROWS - 1):
        found[row].height_mm[WIDTH - 5 :] = 12.0
    return found, darkness


def test_what_is_followed_along_a_frame_is_a_gap():
    found = without_separators(*along_a_frame(reach_mm=14))
    assert [int(np.isnan(curve.height_mm[-20:]).sum()) for curve in found] == [5, 0, 5]
    assert not np.isnan(found[0].height_mm[:-20]).any()


def test_a_complex_that_is_cut_at_the_end_is_no_frame():
    assert lost(without_separators(*along_a_frame(reach_mm=4))) == [0, 0, 0]
