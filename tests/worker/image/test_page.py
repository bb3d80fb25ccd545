"""The paper in a photograph, found by its own light."""

import cv2
import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn
from worker.image.decode import Picture, decode_picture
from worker.image.ink import work_copy
from worker.image.page import page_corners
from worker.image.read import read_picture

QUAD = [(300, 150), (1500, 260), (1430, 900), (220, 800)]


def paper_on(ground, corners=QUAD, size=(1000, 1800)):
    """Light paper with dark lines on a ground of one brightness."""
    paper = np.full((700, 1200, 3), 230, np.uint8)
    paper[::20] = 170
    paper[:, ::20] = 170
    paper[300:306, 100:1100] = 10
    return laid(paper, corners, np.full((*size, 3), ground, np.uint8))


def laid(paper, corners, ground):
    height, width = paper.shape[:2]
    edge = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    there = cv2.getPerspectiveTransform(edge, np.array(corners, np.float32))
    size = ground.shape[1::-1]
    covered = cv2.warpPerspective(np.ones((height, width), np.uint8), there, size)
    return np.where(covered[..., None] > 0, cv2.warpPerspective(paper, there, size, flags=cv2.INTER_AREA), ground)


def corners_in(rgb):
    return page_corners(work_copy(Picture(rgb)))


@pytest.mark.parametrize("ground", [20, 90])
def test_corners_are_those_of_the_paper_from_the_upper_left(ground):
    found = np.array(corners_in(paper_on(ground)))
    assert np.abs(found - QUAD).max() < 18  # four pixels of the small copy


def test_a_large_photograph_s_corners_are_in_its_own_pixels():
    twice = [(2 * x, 2 * y) for x, y in QUAD]
    found = np.array(corners_in(paper_on(20, twice, size=(2000, 3600))))
    assert np.abs(found - twice).max() < 36


def test_a_sheet_that_is_turned_begins_at_the_corner_most_to_the_upper_left():
    found = np.array(corners_in(paper_on(20, [*QUAD[1:], QUAD[0]])))
    assert np.abs(found - QUAD).max() < 18  # four pixels of the small copy


@pytest.mark.parametrize("ground", [230, 240])
def test_paper_on_a_ground_as_light_has_no_corners(ground):
    assert corners_in(paper_on(ground)) is None


def test_of_two_sheets_none_is_chosen():
    rgb = paper_on(20)
    assert corners_in(np.concatenate([rgb, rgb], axis=1)) is None


def test_a_round_light_is_no_sheet():
    rgb = np.full((1000, 1800, 3), 30, np.uint8)
    cv2.circle(rgb, (900, 500), 350, (240, 240, 240), -1)
    assert corners_in(rgb) is None


def test_a_sheet_that_is_a_small_part_of_a_photograph_is_read():
    sheet = decode_picture(drawn("scan", 1, "3x4").data).rgb
    table = np.random.default_rng(0).integers(20, 60, (3000, 4000, 1), np.uint8).repeat(3, axis=2)
    corners = [(900, 700), (3000, 900), (2900, 2250), (800, 2100)]
    reading = read_picture(Picture(laid(sheet, corners, table)))
    assert {lead.row for lead in reading.leads} == {0, 1, 2}
    assert reading.speed_mm_s == 25.0
    for lead in reading.leads:
        assert cv2.pointPolygonTest(np.array(corners, np.float32), np.median(lead.at_px, axis=0).tolist(), False) > 0
