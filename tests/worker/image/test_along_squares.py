"""Strips of a made-up heart, read along the squares of paper that is bent and seen askew."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from worker.errors import EcgError
from worker.generator.levels import level_named
from worker.generator.picture import strip_picture
from worker.image.along_squares import along_squares
from worker.image.decode import Picture, decode_picture
from worker.image.read import read_picture
from worker.image.sight import sight_of
from worker.image.single import read_single
from worker.image.told import NOTHING_TOLD, Told
from worker.image.view import view_of

RR_S = 0.8


FS = 250.0


def heart(height_mv=1.0, slower=1.0):
    """Ten seconds of one lead, mV; ``slower`` stretches beats and pauses alike."""
    t = np.arange(int(10 * FS)) / FS / slower
    since_r = (t + RR_S / 2) % RR_S - RR_S / 2
    beats = np.exp(-((since_r / 0.02) ** 2)) + 0.2 * np.exp(-(((since_r - 0.25) / 0.05) ** 2))
    return height_mv * beats


def strip_of(level, seed, signal_mv, **scales):
    return strip_picture(signal_mv, FS, level=level, rng=np.random.default_rng(seed), **scales)


def view(drawn):
    return view_of(decode_picture(drawn.data))


def assert_time_and_millivolts_are_true(reading, height_mv):
    (lead,) = reading.leads
    assert np.diff(lead.r_peaks) / lead.fs == pytest.approx(RR_S, abs=0.012)
    heights = lead.millivolts[lead.r_peaks]
    assert heights == pytest.approx(height_mv, rel=0.1, abs=0.03)


@pytest.mark.parametrize(("level", "seed"), [("scan", 1), ("photo-light", 2), ("photo", 3), ("photo", 5)])
def test_time_and_millivolts_of_a_strip_are_those_of_its_squares(level, seed):
    reading = read_picture(decode_picture(strip_of(level, seed, heart()).data))
    assert reading.kind == "strip"
    assert reading.grid_px
    assert_time_and_millivolts_are_true(reading, 1.0)


def test_waves_higher_than_a_band_keep_their_height():
    reading = read_picture(decode_picture(strip_of("scan", 4, heart(3.2)).data))
    assert reading.grid_px
    assert_time_and_millivolts_are_true(reading, 3.2)


@pytest.mark.parametrize(("slower", "counts"), [(3.0, False), (1.0, True)])
def test_a_second_reading_with_other_beats_counts_only_where_enough_of_them_are_a_hearts(slower, counts):
    drawn = view(strip_of("scan", 2, heart(slower=slower)))
    strip, sight = read_single(drawn, NOTHING_TOLD), sight_of(drawn)
    (lead,) = strip.leads
    fewer = replace(strip, leads=(replace(lead, r_peaks=lead.r_peaks[::2]),))
    assert (along_squares(fewer, sight, NOTHING_TOLD) is not fewer) == counts
    assert along_squares(strip, sight, NOTHING_TOLD) is not strip


def test_squares_of_another_size_do_not_count():
    drawn = view(strip_of("scan", 2, heart()))
    strip, sight = read_single(drawn, NOTHING_TOLD), sight_of(drawn)
    other = replace(strip, px_per_mm_x=1.3 * strip.px_per_mm_x)
    assert along_squares(other, sight, NOTHING_TOLD) is other


def test_what_is_told_of_a_strip_holds_along_its_squares():
    told = Told(lead="V5", speed_mm_s=50.0, gain_mm_mv=20.0)
    reading = read_picture(decode_picture(strip_of("scan", 1, heart(), speed_mm_s=50.0, gain_mm_mv=20.0).data), told)
    assert reading.grid_px
    assert (reading.leads[0].lead, reading.leads[0].lead_source) == ("V5", "user")
    assert_time_and_millivolts_are_true(reading, 1.0)


def test_a_slow_strip_of_wide_beats_is_asked_its_speed():
    silent = replace(level_named("scan"), header=0.0)
    with pytest.raises(EcgError) as caught:
        read_picture(decode_picture(strip_of(silent, 1, heart(slower=2.0)).data))
    assert caught.value.code == "speed_unclear"


def circled_by_pen(drawn):
    """The picture with a blue ellipse around a beat in the middle, 24 mm wide."""
    rgb = decode_picture(drawn.data).rgb.copy()
    (row,) = drawn.rows
    x, y = (round(float(at)) for at in row.trace_px[len(row.trace_px) // 2])
    size = (round(12 * drawn.px_per_mm_x), round(6 * drawn.px_per_mm_x))
    cv2.ellipse(rgb, (x, y), size, 0, 0, 360, (30, 60, 190), round(drawn.px_per_mm_x))
    return Picture(rgb)


def test_a_trace_is_followed_under_a_pen_that_crosses_it():
    assert_time_and_millivolts_are_true(read_picture(circled_by_pen(strip_of("scan", 2, heart()))), 1.0)


def blotted_out(drawn):
    """The picture with a thick blue stroke over its trace, 24 mm wide."""
    rgb = decode_picture(drawn.data).rgb.copy()
    (row,) = drawn.rows
    middle = row.trace_px[len(row.trace_px) // 2]
    inside = np.abs(row.trace_px[:, 0] - middle[0]) < 12 * drawn.px_per_mm_x
    stroke = np.round(row.trace_px[inside]).astype(np.int32)
    cv2.polylines(rgb, [stroke], False, (30, 60, 190), round(2.5 * drawn.px_per_mm_x))
    return Picture(rgb)


def test_where_a_pen_hides_the_trace_the_picture_is_for_a_person():
    with pytest.raises(EcgError) as caught:
        read_picture(blotted_out(strip_of("photo-light", 1, heart())))
    assert caught.value.code == "written_over"
    assert caught.value.found.leads
