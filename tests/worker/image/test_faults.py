"""Drawn pictures with one thing wrong, and what is told of it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn, leads_of_a_heart
from worker.errors import EcgError, Outcome
from worker.generator.camera import encoded
from worker.generator.levels import level_named
from worker.generator.picture import strip_picture
from worker.image.decode import Picture, decode_picture
from worker.image.faults import cut_strokes, explained, fault_of, glare_share, lightest, pages, smear_px, squared_pages
from worker.image.ink import WorkCopy, work_copy
from worker.image.read import read_picture
from worker.tracing import Tracing
from worker.training.evaluation.faults.pixels import beside_each_other, cut_through_a_row, with_glare

PHOTO = replace(level_named("photo-light"), colours=("pink",), lines=("solid",), inks=("black",), px_per_mm=(7.0, 7.0))


def strip(seed=5, **level):
    leads, fs = leads_of_a_heart()
    return strip_picture(leads["II"], fs, level=replace(PHOTO, **level), rng=np.random.default_rng(seed))


def rgb_of(picture):
    return decode_picture(picture.data).rgb


def code_of(rgb):
    with pytest.raises(EcgError) as caught:
        read_picture(Picture(rgb))
    return caught.value.code


@pytest.fixture(scope="module")
def good():
    return strip()


@pytest.fixture(scope="module")
def sheets():
    level = replace(level_named("photo-light"), sheet_table=1.0, sheet_table_mm=(3.0, 6.0), sheet_px_per_mm=(4.5, 4.5))
    return [drawn(replace(level, sheet_colours=("pink",)), seed, layout) for seed, layout in ((1, "3x4"), (2, "6x2"))]


def test_a_good_photograph_has_no_fault(good):
    rgb = rgb_of(good)
    assert fault_of(rgb) is None
    assert read_picture(Picture(rgb)).kind == "strip"


@pytest.mark.parametrize("sigma_px", [2.0, 3.0, 4.0])
def test_smear_is_the_sigma_of_the_lens(good, sigma_px):
    rgb = rgb_of(good)
    assert smear_px(cv2.GaussianBlur(rgb, (0, 0), sigma_px)) == pytest.approx(sigma_px, rel=0.4)
    assert smear_px(rgb) < 1.2


def test_a_camera_that_moved_smears_one_direction_only(good):
    kernel = np.zeros((25, 25), np.float32)
    kernel[12] = 1 / 25
    assert smear_px(cv2.filter2D(rgb_of(good), -1, kernel)) > 2.0


def test_noise_is_no_smear():
    noise = np.random.default_rng(3).integers(0, 255, (200, 300, 3), np.uint8)
    assert smear_px(noise) < 1.0
    assert smear_px(np.full((200, 300, 3), 200, np.uint8)) == 0.0


def test_dark_is_what_has_no_light_place():
    assert lightest(rgb_of(strip(paper_tone=(0.15, 0.15)))) < 50
    monitor, x = np.zeros((300, 600, 3), np.uint8), np.arange(600)
    cv2.polylines(monitor, [np.stack([x, 150 + 40 * np.sin(x / 9)], axis=1).astype(int)], False, (90, 255, 90))
    assert lightest(monitor) > 50


def test_a_reflection_fades_into_the_paper_and_printed_white_does_not(good):
    rgb = rgb_of(good)
    assert glare_share(with_glare(rgb, good, 0.1, np.random.default_rng(2))) > 0.02
    printed = rgb.copy()
    printed[40:200, 300:700] = 255
    assert glare_share(printed) == 0.0
    assert glare_share(rgb) == 0.0


def test_a_curve_that_leaves_the_picture_is_cut(good):
    rgb = rgb_of(good)
    assert cut_strokes(rgb) == 0
    curve = good.trace_px[:, 1]
    through = round(float(np.median(curve) - 0.5 * (np.median(curve) - curve.min())))
    assert cut_strokes(rgb[through:]) > 3
    assert fault_of(rgb[through:]) == "cut_off"


def test_lines_of_the_paper_that_cross_both_edges_are_no_cut_curve():
    grid = np.full((300, 600, 3), 255, np.uint8)
    grid[:, ::20] = grid[10::20] = 60
    assert cut_strokes(grid) == 0


def test_lines_of_the_paper_cross_the_other_edge_also_where_one_runs_along_it():
    grid = np.full((300, 600, 3), 255, np.uint8)
    grid[:, ::20] = grid[19::20] = 60
    assert (grid[-1] == 60).all()
    assert cut_strokes(grid) == 0


def test_two_squared_sheets_are_told_from_a_sheet_beside_blank_paper(sheets):
    both = work_copy(Picture(beside_each_other(sheets, 0.04, np.random.default_rng(1)))).rgb
    assert len(list(pages(both))) == squared_pages(both) == 2
    white = encoded(np.full_like(rgb_of(sheets[1]), 225), None)[0]
    beside = [sheets[0], replace(sheets[1], data=white)]
    beside_blank = work_copy(Picture(beside_each_other(beside, 0.04, np.random.default_rng(1)))).rgb
    assert len(list(pages(beside_blank))) == 2
    assert squared_pages(beside_blank) == 1
    assert list(pages(work_copy(Picture(rgb_of(sheets[0]))).rgb)) == []


def test_two_sheets_are_not_called_something_without_an_ecg(sheets):
    assert code_of(beside_each_other(sheets, 0.04, np.random.default_rng(1))) == "several_pages"


def test_a_strip_with_a_reflection_over_its_curve_says_so(good):
    assert code_of(with_glare(rgb_of(good), good, 0.15, np.random.default_rng(2))) == "glare"


def test_a_blurred_strip_says_so(good):
    assert code_of(cv2.GaussianBlur(rgb_of(good), (0, 0), 7.0)) == "blurred"


def test_a_strip_cut_through_its_curve_says_so(good):
    assert code_of(cut_through_a_row(rgb_of(good), good, 0.15, np.random.default_rng(0))) == "cut_off"


def blurred_copy(good):
    return WorkCopy(cv2.GaussianBlur(rgb_of(good), (0, 0), 4.0), 1.0)


def test_the_reason_takes_over_what_was_found_and_what_was_said(good):
    found = Tracing.__new__(Tracing)
    error = EcgError("trace_unclear", "none of 3 curves", kind="sheet", found=found)
    better = explained(error, blurred_copy(good), has_squares=True)
    assert (better.code, better.outcome, better.kind) == ("blurred", Outcome.NEEDS_PERSON, "sheet")
    assert better.found is found
    assert better.detail == "trace_unclear: none of 3 curves"


@pytest.mark.parametrize("code", ["no_grid", "trace_unclear", "no_beats_found"])
def test_what_shows_no_fault_keeps_its_reason(good, code):
    error = EcgError(code)
    assert explained(error, WorkCopy(rgb_of(good), 1.0), has_squares=True) is error


@pytest.mark.parametrize("code", ["blank_picture", "several_leads", "dark_background", "low_resolution", "not_an_ecg"])
def test_other_reasons_are_left_alone(good, code):
    error = EcgError(code)
    assert explained(error, blurred_copy(good), has_squares=False) is error


def test_a_picture_without_an_ecg_is_blamed_on_the_camera_only_where_it_has_squares(good):
    better = explained(EcgError("not_an_ecg"), blurred_copy(good), has_squares=True)
    assert (better.code, better.kind) == ("blurred", None)


def test_of_a_screen_only_smeared_edges_are_told(good):
    dark = WorkCopy((rgb_of(good) * 0.1).astype(np.uint8), 1.0)
    error = EcgError("trace_unclear", kind="screen")
    assert explained(error, dark, has_squares=True) is error
    assert explained(EcgError("trace_unclear", kind="strip"), dark, has_squares=True).code == "too_dark"
    assert explained(error, blurred_copy(good), has_squares=True).code == "blurred"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shape", [(32, 32), (32, 2000), (2000, 32), (33, 701)])
@pytest.mark.parametrize("light", [0, 128, 255])
def test_plain_pictures_of_any_shape_show_no_more_than_darkness(shape, light):
    assert fault_of(np.full((*shape, 3), light, np.uint8)) == (None if light else "too_dark")


def test_what_crosses_an_edge_beyond_the_paper_is_no_cut_curve(good):
    rgb = rgb_of(good)
    curve = good.trace_px[:, 1]
    cut = rgb[round(float(0.5 * (np.median(curve) + curve.min()))) :].copy()
    assert cut_strokes(cut) > 3
    cut[0] = 0.55 * cut[0]  # such as the pattern of a table
    assert cut_strokes(cut) == 0


def test_lines_that_cross_both_edges_are_no_cut_curve_however_the_light_falls():
    waves = np.full((300, 900, 3), 240, np.uint8)
    for left in range(50, 800, 150):
        cv2.polylines(waves, [np.array([[left, 0], [left + 60, 150], [left, 299]])], False, (30, 30, 30), 2)
        cv2.line(waves, (left, 0), (left + 120, 4), (30, 30, 30), 2)
    fall = np.linspace(1.0, 0.6, 300)[:, None, None]
    assert cut_strokes(waves) == 0
    assert cut_strokes((waves * fall).astype(np.uint8)) == 0
