"""Strips of a made-up heart that stand, read with the shipped networks."""

from dataclasses import replace

import numpy as np
import pytest

from tests.worker.image.sheet.pages import leads_of_a_heart
from worker.errors import EcgError
from worker.generator.layouts import rows_layout
from worker.generator.sheet_picture import sheet_picture
from worker.generator.sheet_style import SheetStyle
from worker.image.decode import Picture, decode_picture
from worker.image.read import read_picture
from worker.image.told import Told

PLAIN = SheetStyle(pulses="none", header=False, footer=False, name_place="above", spacing=0.8)


def strip(style):
    leads, fs = leads_of_a_heart()
    rng = np.random.default_rng(7)
    return decode_picture(
        sheet_picture({"II": leads["II"]}, fs, level="scan", rng=rng, layout=rows_layout(["II"]), style=style).data
    )


def standing(picture, turns):
    """Turned counterclockwise by quarters."""
    return Picture(np.ascontiguousarray(np.rot90(picture.rgb, turns)))


@pytest.mark.parametrize("turns", [1, 3])
def test_a_strip_that_stands_is_read_from_the_side_that_its_pulse_tells(turns):
    lying = strip(replace(PLAIN, pulses="left"))
    read = read_picture(standing(lying, turns))
    assert (read.kind, read.quarter_turns) == ("strip", turns)
    assert len(read.boxes) == len(read_picture(lying).boxes)


@pytest.mark.parametrize("turns", [1, 3])
def test_a_strip_that_stands_without_any_sign_is_a_persons(turns):
    picture = standing(strip(replace(PLAIN, named=False)), turns)
    with pytest.raises(EcgError) as caught:
        read_picture(picture)
    assert caught.value.code == "side_unclear"
    found = caught.value.found  # in the picture as it was sent: whoever corrects it turns that
    assert found.leads
    assert (found.page[0], found.quarter_turns) == ((0.0, 0.0), 0), (
        "whoever corrects it sees the picture as it was sent"
    )


def test_the_side_that_a_person_tells_is_believed():
    lying = strip(replace(PLAIN, named=False))
    width, height = float(lying.height_px), float(lying.width_px)
    turned_once = ((0.0, height), (0.0, 0.0), (width, 0.0), (width, height))  # its upper left corner is below now
    read = read_picture(standing(lying, 1), Told(corners=turned_once))
    assert np.ptp(read.leads[0].at_px[:, 1]) > 0.8 * height
    assert len(read.boxes) == len(read_picture(lying).boxes)
