"""Curves that run on beyond the part of a picture that was read."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn
from worker.errors import EcgError
from worker.generator.sheet_style import SheetStyle
from worker.image import read
from worker.image.decode import Picture, decode_picture
from worker.image.ink import work_copy
from worker.image.read import read_picture
from worker.image.runs_on import runs_on_beyond

PLAIN = SheetStyle(pulses="left", header=False, footer=False, name_place="above", spacing=0.9)
PART = 0.6  # of the way


@pytest.fixture(scope="module")
def picture():
    return decode_picture(drawn("scan", 3, "12x1", PLAIN).data)


@pytest.fixture(scope="module")
def reading(picture):
    return read_picture(picture)


def until(reading, x_px, edge_px=None):
    """What is left of a reading to the left of a line, of a page that ends there or a little behind it."""
    leads = []
    for lead in reading.leads:
        kept = lead.at_px[:, 0] <= x_px
        leads.append(replace(lead, values=lead.values[kept], at_px=lead.at_px[kept], gap=lead.gap[kept]))
    page = np.minimum(reading.page_px, [edge_px or x_px, np.inf])
    return replace(reading, leads=tuple(leads), page_px=page)


def test_rows_that_go_on_behind_the_edge_tell_that_it_is_none(picture, reading):
    part = until(reading, PART * picture.width_px)
    assert runs_on_beyond(part, work_copy(picture))


def test_rows_of_which_a_column_was_cut_and_left_out_tell_it_too(picture, reading):
    x_px = PART * picture.width_px
    part = until(reading, x_px, edge_px=x_px + 15 * reading.px_per_mm_x)
    assert runs_on_beyond(part, work_copy(picture))


def test_a_sheet_that_ends_with_its_rows_is_whole(picture, reading):
    assert not runs_on_beyond(reading, work_copy(picture))


def test_a_sheet_that_is_cut_to_its_rows_on_a_grained_table_is_whole(picture, reading):
    x_px = round(PART * picture.width_px)
    table = np.random.default_rng(0).normal(90, 12, (picture.height_px, picture.width_px - x_px, 3))
    rgb = picture.rgb.copy()
    rgb[:, x_px:] = cv2.GaussianBlur(table, (0, 0), 2).clip(0, 255).astype(np.uint8)
    assert not runs_on_beyond(until(reading, x_px), work_copy(Picture(rgb)))


def test_a_shadow_taken_for_the_edge_sends_the_sheet_to_a_person(picture, monkeypatch):
    width, height = PART * picture.width_px, float(picture.height_px)
    monkeypatch.setattr(
        read, "sight_of", lambda view, kind="sheet": None if view.picture is picture else SIGHT(view, kind)
    )
    monkeypatch.setattr(read, "page_corners", lambda copy: ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height)))
    with pytest.raises(EcgError) as caught:
        read_picture(picture)
    assert caught.value.code == "part_of_sheet"
    assert len(caught.value.found.leads) == 12


SIGHT = read.sight_of
