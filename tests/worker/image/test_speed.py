"""The speed of a sheet that does not print it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from tests.worker.image.sheet.pages import leads_of_a_heart
from worker.errors import EcgError, Outcome
from worker.generator.sheet_picture import sheet_picture
from worker.generator.sheet_style import SheetStyle
from worker.image.decode import decode_picture
from worker.image.read import read_picture
from worker.image.speed import check_columns, check_speed
from worker.image.told import Told

QRS_S = 0.014  # sigma, beside that of the made-up heart's
SILENT = SheetStyle(pulses="left", header=False, footer=False, name_place="above", spacing=0.9)


def sheet(speed_mm_s):
    leads, fs = leads_of_a_heart()
    return decode_picture(
        sheet_picture(
            leads, fs, level="scan", rng=np.random.default_rng(3), layout="6x2", style=SILENT,
            speed_mm_s=speed_mm_s,
        ).data
    )  # fmt: skip


def test_25_mm_s_is_assumed_of_a_usual_heart():
    reading = read_picture(sheet(25.0))
    assert (reading.speed_mm_s, reading.speed_source) == (25.0, "assumed")


def test_a_sheet_at_50_mm_s_that_does_not_say_so_goes_to_a_person_with_what_was_found():
    with pytest.raises(EcgError) as caught:
        read_picture(sheet(50.0))
    assert caught.value.code == "speed_unclear"
    assert caught.value.outcome is Outcome.NEEDS_PERSON
    assert len(caught.value.found.leads) == 12


def test_a_heart_too_slow_for_25_mm_s_is_asked_about_too():
    leads, fs = leads_of_a_heart()
    slow = {lead: np.interp(np.arange(0, mv.size, 0.6), np.arange(mv.size), mv) for lead, mv in leads.items()}
    drawn = sheet_picture(
        slow, fs, level="scan", rng=np.random.default_rng(3), layout="12x1", style=SILENT, speed_mm_s=50.0
    )
    with pytest.raises(EcgError) as caught:
        read_picture(decode_picture(drawn.data))
    assert caught.value.code == "speed_unclear"
    assert len(caught.value.found.leads) == 12


def test_a_speed_that_is_told_answers_the_question():
    reading = read_picture(sheet(50.0), Told(speed_mm_s=50.0))
    (lead,) = reading.answered[:1]
    assert np.median(np.diff(lead.r_peaks)) / lead.fs == pytest.approx(0.8, abs=0.03)


def first_half_at(reading, speed_mm_s):
    """Its answering lead, as wide as a heart's, as if drawn at another speed; its length says nothing."""
    (lead,) = reading.answered[:1]
    half = lead.values.size // 2
    values = gaussian_filter1d(lead.values, QRS_S * lead.fs)
    slower = replace(
        lead, fs=lead.fs * 25.0 / speed_mm_s, start_s=0.0, values=values[:half], gap=lead.gap[:half],
        at_px=lead.at_px[:half], r_peaks=lead.r_peaks[lead.r_peaks < half],
    )  # fmt: skip
    return replace(reading, leads=(slower,), answering=(0,))


def test_half_a_rate_with_complexes_of_twice_the_width_is_asked_about():
    reading = read_picture(sheet(25.0))
    check_speed(first_half_at(reading, 25.0))
    with pytest.raises(EcgError) as caught:
        check_speed(first_half_at(reading, 50.0))
    assert caught.value.code == "speed_unclear"
    check_speed(replace(first_half_at(reading, 50.0), speed_source="printed"))


def test_long_slow_rows_are_asked_about_even_where_25_seems_to_be_printed():
    reading = replace(read_picture(sheet(50.0), Told(speed_mm_s=50.0)), speed_source="printed")
    check_speed(reading)
    slower = tuple(replace(lead, fs=lead.fs / 2, start_s=2 * lead.start_s) for lead in reading.leads)
    with pytest.raises(EcgError) as caught:
        check_speed(replace(reading, speed_mm_s=25.0, leads=slower))
    assert caught.value.code == "speed_unclear"


@pytest.mark.parametrize(("shown_s", "goes_to_a_person"), [(1.25, False), (0.65, True)])
def test_columns_briefer_than_any_machines_tell_that_other_lines_were_counted(shown_s, goes_to_a_person):
    reading = read_picture(sheet(25.0))
    faster = tuple(replace(lead, fs=lead.values.size / shown_s) for lead in reading.leads)
    if not goes_to_a_person:
        check_columns(replace(reading, leads=faster))
        return
    with pytest.raises(EcgError) as caught:
        check_columns(replace(reading, leads=faster))
    assert caught.value.code == "squares_unclear"
    assert len(caught.value.found.leads) == 12


@pytest.mark.parametrize("told", [{"seconds_across": 1.3}, {"speed_mm_s": 100.0, "speed_source": "user"}])
def test_columns_of_a_told_time_are_as_brief_as_they_are(told):
    reading = read_picture(sheet(25.0))
    faster = tuple(replace(lead, fs=lead.values.size / 0.65) for lead in reading.leads)
    check_columns(replace(reading, leads=faster, **told))
