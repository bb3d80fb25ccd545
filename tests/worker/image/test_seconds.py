"""Pictures without squares, read by the seconds that a person tells."""

from dataclasses import replace

import numpy as np
import pytest

from tests.worker import drawings
from tests.worker.image.sheet.pages import leads_of_a_heart
from worker.errors import EcgError
from worker.generator.levels import level_named
from worker.generator.sheet_picture import screen_picture, sheet_picture
from worker.generator.sheet_style import SheetStyle
from worker.image.decode import Picture, decode_picture
from worker.image.read import read_picture
from worker.image.seconds import usual_speed
from worker.image.told import Told

RR_S = 0.8
PLAIN = SheetStyle(pulses="left", header=True, footer=False, name_place="above", spacing=0.9)
TEN = Told(seconds_across=10.0)


def white_sheet(level, layout, seed, style=PLAIN, **how):
    leads, fs = leads_of_a_heart()
    white = replace(level_named(level), sheet_colours=("white",), cut=0.0)
    return sheet_picture(leads, fs, level=white, rng=np.random.default_rng(seed), layout=layout, style=style, **how)


def screen(seed, shown):
    """A monitor without squares that shows the made-up heart for six seconds."""
    leads, fs = leads_of_a_heart()
    while True:
        rng = np.random.default_rng(seed)
        drawn = screen_picture(leads, fs, level="clean", rng=rng, shown=shown, seconds=6.0)
        if drawn.settings["grid"]["lines"] == "none":
            return drawn
        seed += 1


def read(drawn, told=None):
    picture = decode_picture(drawn.data)
    return read_picture(picture) if told is None else read_picture(picture, told)


def assert_beats_every_rr(reading, within):
    for lead in reading.answered:
        assert np.diff(lead.r_peaks) / lead.fs == pytest.approx(RR_S, abs=within)


@pytest.mark.parametrize(
    ("layout", "level", "seed"), [("3x4+1", "clean", 3), ("6x2", "scan", 5), ("12x1", "photo-light", 6)]
)
def test_white_sheets_have_the_told_time(layout, level, seed):
    drawn = white_sheet(level, layout, seed)
    found = read(drawn, TEN)
    assert found.kind == "sheet"
    assert found.seconds_across == 10.0
    assert (found.speed_mm_s, found.speed_source) == (25.0, "assumed")
    assert found.px_per_mm_x == pytest.approx(drawn.px_per_mm_x, rel=0.05)
    assert_beats_every_rr(found, 0.08)


def test_a_pulse_gives_a_white_sheet_its_millivolts():
    drawn = white_sheet("clean", "3x4+1", 3)
    found = read(drawn, TEN)
    assert found.gain_source == "pulse"
    rhythm = next(lead for lead in found.leads if lead.row == 3)
    row = next(row for row in drawn.rows if row.row == 3)
    assert np.nanmax(rhythm.millivolts) == pytest.approx(np.ptp(row.signal_mv), rel=0.15)


def test_without_pulse_and_told_gain_there_are_no_millivolts():
    bare = white_sheet("clean", "3x4+1", 3, replace(PLAIN, pulses="none"))
    found = read(bare, TEN)
    assert (found.gain_mm_mv, found.gain_source) == (None, None)
    assert all(lead.millivolts is None for lead in found.leads)
    told = read(bare, replace(TEN, gain_mm_mv=10.0))
    assert (told.gain_mm_mv, told.gain_source) == (10.0, "user")


def test_a_tilted_white_sheet_is_set_straight():
    level = replace(level_named("scan"), sheet_colours=("white",), cut=0.0, sheet_turn_deg=(3.0, 3.0))
    leads, fs = leads_of_a_heart()
    rng = np.random.default_rng(2)
    found = read(sheet_picture(leads, fs, level=level, rng=rng, layout="3x4+1", style=PLAIN), TEN)
    assert_beats_every_rr(found, 0.05)


def test_a_white_sheet_whose_seconds_nobody_told_waits_for_them_with_what_was_found():
    with pytest.raises(EcgError) as caught:
        read(white_sheet("clean", "3x4+1", 3))
    assert (caught.value.code, caught.value.kind) == ("no_grid", "sheet")
    assert caught.value.found is not None
    assert all(lead.fs is None for lead in caught.value.found.leads)
    assert all(lead.microvolts is None for lead in caught.value.found.leads)


@pytest.mark.parametrize(
    ("layout", "style", "turns"), [("12x1", replace(PLAIN, name_place="none"), 0), ("3x4", PLAIN, 1)]
)
def test_a_white_sheet_without_names_or_on_its_side_waits_for_its_seconds_too(layout, style, turns):
    with pytest.raises(EcgError) as caught:
        read(white_sheet("clean", layout, 4, style, quarter_turns=turns))
    assert caught.value.code == "no_grid"
    assert caught.value.found is not None


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_pulses_and_names_say_that_it_is_an_ecg_on_any_side_where_its_rhythm_does_not(turns, monkeypatch):
    monkeypatch.setattr("worker.image.guessed.rows_may_beat", lambda copy: False)
    with pytest.raises(EcgError) as caught:
        read(white_sheet("clean", "6x1", 4, quarter_turns=turns))
    assert caught.value.code == "no_grid"


def test_a_monitor_without_squares_has_the_told_time():
    found = read(screen(1, ["II", "V5"]), Told(seconds_across=6.0))
    assert found.kind == "screen"
    assert found.seconds_across == 6.0
    assert_beats_every_rr(found, 0.06)


def test_one_light_trace_is_read_without_time_and_with_the_told_one():
    dark = Picture(255 - drawings.paper_strip(drawings.made_up_ecg(np.random.default_rng(0)), grid=None).rgb)
    found = read_picture(dark)
    assert (found.kind, found.answered[0].fs, found.speed_mm_s) == ("screen", None, None)
    assert len(found.answered[0].r_peaks) >= 9
    timed = read_picture(dark, TEN).answered[0]
    assert timed.fs is not None
    assert 60 * timed.fs / np.median(np.diff(timed.r_peaks)) == pytest.approx(72, rel=0.05)


def test_a_strip_on_white_paper_has_the_told_time():
    ecg = drawings.made_up_ecg(np.random.default_rng(0))
    strip = Picture(drawings.paper_strip(ecg, grid=None).rgb)
    assert read_picture(strip).answered[0].fs is None
    found = read_picture(strip, TEN)
    (lead,) = found.answered
    assert lead.seconds == pytest.approx(10.0)
    assert lead.millivolts is None
    assert 60 * lead.fs / np.median(np.diff(lead.r_peaks)) == pytest.approx(72, rel=0.05)


def test_on_squares_told_seconds_say_the_speed_and_a_told_speed_goes_before_them():
    ecg = drawings.made_up_ecg(np.random.default_rng(5))
    strip = Picture(drawings.paper_strip(ecg, px_per_mm=8).rgb)
    by_seconds = read_picture(strip, Told(seconds_across=5.0))
    assert (by_seconds.speed_mm_s, by_seconds.speed_source) == (50.0, "user")
    both = read_picture(strip, Told(seconds_across=5.0, speed_mm_s=25.0))
    assert both.speed_mm_s == 25.0


@pytest.mark.parametrize(("given", "taken"), [(24.5, 25.0), (51.0, 50.0), (31.0, 31.0)])
def test_a_speed_near_a_usual_one_is_that_one(given, taken):
    assert usual_speed(given) == taken


def test_seconds_that_no_heart_could_beat_in_go_to_a_person():
    strip = Picture(drawings.paper_strip(drawings.made_up_ecg(np.random.default_rng(0)), grid=None).rgb)
    with pytest.raises(EcgError) as caught:
        read_picture(strip, Told(seconds_across=1.0))
    assert caught.value.code == "trace_unclear"
