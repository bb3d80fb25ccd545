from dataclasses import replace

import numpy as np
import pytest

from tests.worker.image.sheet.pages import leads_of_a_heart
from worker.generator.levels import level_named
from worker.generator.sheet_picture import sheet_picture
from worker.generator.sheet_style import SheetStyle
from worker.image.decode import decode_picture
from worker.image.read import read_picture
from worker.image.sheet.paper_map import PaperMap, count_degrees, flattened, term_of
from worker.image.sheet.scale_reader import LOOK_PX, SCALES, ScaleReader, close_look, darkness_of
from worker.image.sheet.sign_reader import PX_PER_MM, SignSeen


class Says:
    def __init__(self, *scores):
        self.answer = np.array(scores, np.float32)

    def scores(self, batch):
        assert batch.shape == (len(self.answer), *LOOK_PX, 1)
        return self.answer


def sure_of(sign):
    return [9.0 * (sign == one) for one in ("none", *SCALES)]


@pytest.fixture
def flat():
    """Paper of 10 px a millimetre, seen from straight above: flat at 5 px a millimetre."""
    across, down = np.zeros((2, count_degrees().size))
    across[term_of(1, 0)], down[term_of(0, 1)] = 12.0, 12.0
    rgb = np.full((400, 600, 3), 240, np.uint8)
    rgb[190:210, 295:305] = 20
    return rgb, flattened(rgb, PaperMap(across, down, 600.0, 600, 400, 5.0, 1.0), px_per_line=5.0 * PX_PER_MM)


def signs(*seen):
    return [SignSeen(sign, 150.0, 100.0, 0.6) for sign in seen]


def test_what_stands_there_is_told_from_near(flat):
    read = ScaleReader(Says(sure_of("50 mm/s"), sure_of("20 mm/mV"))).read(signs("25 mm/s", "V1", "10 mm/mV"), *flat)
    assert [sign.sign for sign in read] == ["V1", "50 mm/s", "20 mm/mV"]
    assert read[0].score == 0.6
    assert read[1].score > 0.99


def test_what_is_none_of_the_values_or_doubtful_is_left_out(flat):
    doubtful = [0.0, 1.0, 0.9, 0.0, 0.0, 0.0]
    assert ScaleReader(Says(sure_of("none"), doubtful)).read(signs("25 mm/s", "10 mm/mV"), *flat) == ()


def test_a_page_without_scales_asks_nothing(flat):
    assert ScaleReader(Says()).read(signs("V1", "pulse"), *flat) == tuple(signs("V1", "pulse"))


def test_a_look_is_eight_pixels_a_millimetre_around_its_point(flat):
    look = close_look(*flat, (150.0, 100.0))
    dark = np.argwhere(look > 0.5)
    assert dark.min(axis=0) == pytest.approx((LOOK_PX[0] / 2 - 8, LOOK_PX[1] / 2 - 4), abs=1)
    assert dark.max(axis=0) == pytest.approx((LOOK_PX[0] / 2 + 7, LOOK_PX[1] / 2 + 3), abs=1)


def test_blank_paper_has_no_ink():
    assert darkness_of(np.full((40, 256, 3), 200, np.uint8)).max() == 0.0


@pytest.mark.parametrize(("speed", "gain"), [(25.0, 20.0), (50.0, 10.0), (25.0, 5.0)])
def test_a_printed_scale_is_read_where_no_pulse_tells_it(speed, gain):
    leads, fs = leads_of_a_heart()
    whole = replace(level_named("photo-light"), sheet_table=1.0, sheet_px_per_mm=(6.0, 6.0), pen=0.0, stamp=0.0)
    style = SheetStyle(pulses="none", header=False, words_mm=3.0)
    scales = {"speed_mm_s": speed, "gain_mm_mv": gain}
    drawn = sheet_picture(leads, fs, level=whole, rng=np.random.default_rng(3), layout="3x4+1", style=style, **scales)
    reading = read_picture(decode_picture(drawn.data))
    assert (reading.speed_mm_s, reading.gain_mm_mv) == (speed, gain)
    assert (reading.speed_source, reading.gain_source) == ("printed", "printed")
