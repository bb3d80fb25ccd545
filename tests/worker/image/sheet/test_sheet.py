from dataclasses import replace

import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn
from worker.generator.levels import level_named
from worker.generator.sheet_style import SheetStyle
from worker.image.decode import decode_picture
from worker.image.ink import grid_map, work_copy
from worker.image.sheet.cut import with_columns
from worker.image.sheet.paper_map import MAJOR_MM, flattened
from worker.image.sheet.quality import curve_quality
from worker.image.sheet.row_reader import BAND_PX, PX_PER_MM, ReadRow
from worker.image.sheet.sheet import Readers, coarse_sheet, read_sheet, with_names
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM
from worker.image.sheet.sign_reader import SignSeen
from worker.image.sheet.spectral_maps import paper_map


class Darkest:
    """A reader that takes the darkest pixel near the row's resting level."""

    def read(self, band):
        ink = band.min(axis=2) * (np.abs(np.arange(BAND_PX) - BAND_PX / 2) < 60)[:, None]
        height, shown = ink.argmax(axis=0) + 0.5, ink.max(axis=0) > 0.3
        return ReadRow(np.where(shown, height, np.nan), shown.astype(float))


def names_of(picture, paper, scale):
    """The printed names where they stand, as a reader of letters would find them."""
    flat = flattened(decode_picture(picture.data).rgb, paper, px_per_line=MAJOR_MM * COARSE_PX_PER_MM)
    named = [row for row in picture.rows if row.name_px is not None]
    at = [flat.from_picture(row.name_px.mean(axis=0, keepdims=True) * scale)[0] for row in named]
    return [SignSeen(row.lead, x, y, 1.0) for row, (x, y) in zip(named, at, strict=True)]


class Signs:
    """A reader that knows the signs."""

    def __init__(self, signs):
        self.signs = signs

    def read(self, darkness):
        return self.signs


class Scales:
    """A reader that leaves what was found."""

    def read(self, signs, rgb, flat):
        return tuple(signs)


@pytest.fixture(scope="module")
def page():
    # Bare of whatever the stand-in for the network cannot tell from a curve.
    bare = SheetStyle(pulses="none", header=False, footer=False, name_place="above", spacing=1.0)
    pink = replace(level_named("clean"), sheet_colours=("pink",), lines=("solid",))
    picture = drawn(pink, 8, "3x4+1", bare)
    copy = work_copy(decode_picture(picture.data))
    paper = paper_map(grid_map(copy))
    assert copy.scale == 1.0
    return picture, copy.rgb, coarse_sheet(copy.rgb, paper, Signs(names_of(picture, paper, copy.scale)))


@pytest.fixture(scope="module")
def read(page):
    picture, rgb, coarse = page
    return picture, read_sheet(rgb, coarse, Readers(Darkest(), Signs([]), Scales()))


def test_each_lead_of_a_sheet_has_its_curve_in_millimetres(read):
    picture, sheet = read
    assert sheet.layout == "3x4+1"
    curves = {(curve.row, curve.column): curve for curve in sheet.curves}
    for row in picture.rows:
        curve = curves[row.row, row.column]
        assert curve.lead == row.lead
        true_mm = row.signal_mv * picture.gain_mm_mv
        assert np.nanmax(curve.height_mm) == pytest.approx(true_mm.max() - np.median(true_mm), abs=1.0)
        assert curve.height_mm.size / PX_PER_MM[0] == pytest.approx(
            row.signal_mv.size / row.fs * picture.speed_mm_s, abs=4.0
        )


def test_columns_follow_each_other_in_time(read):
    picture, sheet = read
    starts = {curve.column: curve.start_mm for curve in sheet.curves if curve.row == 0}
    expected = [row.start_s * picture.speed_mm_s for row in picture.rows if row.row == 0]
    assert [starts[column] for column in range(4)] == pytest.approx(expected, abs=3.0)


def test_one_name_misread_does_not_hide_columns_that_stand_apart():
    apart = SheetStyle(pulses="none", header=False, footer=False, name_place="above", spacing=1.0, separator="gap")
    pink = replace(level_named("clean"), sheet_colours=("pink",), lines=("solid",))
    picture = drawn(pink, 8, "3x4+1", apart)
    copy = work_copy(decode_picture(picture.data))
    paper = paper_map(grid_map(copy))
    misread = [replace(sign, sign="II") for sign in names_of(picture, paper, copy.scale) if sign.sign == "III"]
    coarse = coarse_sheet(copy.rgb, paper, Signs(misread))
    sheet = read_sheet(copy.rgb, coarse, Readers(Darkest(), Signs([]), Scales()))
    assert (sheet.layout, {curve.lead for curve in sheet.curves}) == ("3x4+1", {None})


def test_a_curve_lies_on_its_ink_in_the_picture(read):
    picture, sheet = read
    curve, row = sheet.curves[0], picture.rows[0]
    found = sheet.flat.in_picture(curve.flat_px)
    known = np.isfinite(found[:, 1])
    nearest = np.interp(found[known, 0], row.trace_px[:, 0], row.trace_px[:, 1])
    assert np.median(np.abs(found[known, 1] - nearest)) < 1.0


@pytest.mark.parametrize(("inside_mm", "leads"), [(3.0, {"V1", None}), (1.0, {None})])
def test_a_name_that_the_edge_of_the_picture_may_cut_is_not_read(page, inside_mm, leads):
    _, rgb, coarse = page
    rest = float(coarse.rows[0].rest_px)
    first = int(np.flatnonzero(coarse.flat.seen[round(rest)])[0])
    name = SignSeen("V1", first + inside_mm * COARSE_PX_PER_MM, rest - 4 * COARSE_PX_PER_MM, 1.0)
    sheet = read_sheet(rgb, replace(coarse, signs=(name,)), Readers(Darkest(), Signs([]), Scales()))
    assert {curve.lead for curve in sheet.curves} == leads


def test_squares_of_unknown_size_are_no_scale():
    copy = work_copy(decode_picture(drawn("photo-light", 2).data))
    with pytest.raises(ValueError, match="line_mm"):
        coarse_sheet(copy.rgb, paper_map(grid_map(copy)).told(None), Signs([]))


def test_rows_are_cut_into_equal_parts_of_which_the_first_keeps_its_name(read):
    _, sheet = read
    (whole,) = [curve for curve in sheet.curves if curve.row == 3]
    cut = with_columns(replace(sheet, curves=tuple(replace(whole, row=row) for row in range(3))), [4, 4, 1])
    assert cut.layout == "2x4+1"
    assert [curve.lead for curve in cut.curves] == [*["II", None, None, None] * 2, "II"]
    told = with_names(cut, {"0.2": "V1", "0.3": ""})
    assert [(curve.lead, curve.source) for curve in told.curves[2:4]] == [("V1", "user"), (None, "user")]
    assert [curve.source for curve in told.curves if curve.column == 3] == ["user", None]
    assert sum(curve.height_mm.size for curve in cut.curves[:4]) == whole.height_mm.size
    starts = [curve.start_mm for curve in cut.curves[:4]]
    assert np.diff(starts) == pytest.approx(whole.height_mm.size / PX_PER_MM[0] / 4, abs=0.2)


def test_a_curve_on_its_ink_is_better_than_one_beside_it_or_a_scribble(read):
    _, sheet = read
    curve = sheet.curves[0]
    columns = np.arange(curve.height_mm.size)

    def quality(**changes):
        return curve_quality(sheet.darkness, replace(curve, **changes))

    good = quality()
    beside = quality(flat_px=curve.flat_px + np.array([0.0, 9.0]))
    scribble = quality(height_mm=np.where(columns % 4 < 2, 0.0, 9.0))
    gaps = quality(height_mm=np.where(columns % 2, curve.height_mm, np.nan))
    assert good > 60
    assert max(beside, scribble, gaps) < 0.7 * good
    assert quality(height_mm=np.full(columns.size, np.nan)) == 0
