from dataclasses import replace

import numpy as np
import pytest

from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.row_reader import PX_PER_MM
from worker.image.sheet.strip_names import misfits, repeated_lead, with_strip_names

COLUMN_MM = 62.5
LEADS = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split()  # noqa: SIM905


def signal(lead, seconds_mm=250.0):
    """A lead's height in mm along ten seconds: complexes and T waves of its own sizes."""
    at = LEADS.index(lead)
    r, s, t = 4 + at, 1 + (5 * at) % 8, (7 * at) % 11 - 5
    x = np.arange(round(seconds_mm * PX_PER_MM[0])) / PX_PER_MM[0]
    waves = [(r, 0.0, 0.5), (-s, 1.2, 0.6), (t, 7.0, 2.0)]
    return sum(
        height * np.exp(-(((x - beat - after) / width) ** 2))
        for beat in np.arange(8, seconds_mm, 21)
        for height, after, width in waves
    )


def curve(lead, row, column, height_mm, start_mm):
    x = np.arange(height_mm.size) + start_mm * PX_PER_MM[0]
    flat_px = np.stack([x, 100.0 * row - height_mm], axis=1)
    return LeadCurve(lead, lead and "printed", row, column, start_mm, height_mm, 1.0, flat_px, np.zeros(x.size, bool))


def sheet(strip):
    width = round(COLUMN_MM * PX_PER_MM[0])
    columns = [
        curve(lead, at % 3, at // 3, signal(lead)[at // 3 * width : (at // 3 + 1) * width], at // 3 * COLUMN_MM)
        for at, lead in enumerate(LEADS)
    ]
    return [*columns, strip]


@pytest.mark.parametrize("lead", ["II", "V1", "V5"])
@pytest.mark.parametrize("read", [None, "III"])
def test_a_strip_has_the_name_of_the_column_that_it_repeats(lead, read):
    noise = np.random.default_rng(0).normal(0, 0.1, signal(lead).size)
    strip = with_strip_names(sheet(curve(read, 3, 0, signal(lead) + noise, 1.5)))[-1]
    assert (strip.lead, strip.source) == (lead, "layout")


def test_gaps_and_letters_on_a_column_do_not_matter():
    height = signal("II")
    height[300:420] = np.nan
    height[100:115] += 8
    assert with_strip_names(sheet(curve(None, 3, 0, height, 0.0)))[-1].lead == "II"


def test_a_printed_name_that_the_curve_confirms_stays_printed():
    strip = curve("II", 3, 0, signal("II"), 0.0)
    assert with_strip_names(sheet(strip))[-1] is strip


@pytest.mark.parametrize("read", [None, "II"])
def test_a_strip_of_another_time_keeps_what_was_read(read):
    strip = curve(read, 3, 0, np.roll(signal("II"), 90), 0.0)
    assert with_strip_names(sheet(strip))[-1] is strip


@pytest.mark.parametrize("missing", ["II", "V6"])
def test_where_a_lead_has_no_column_nothing_is_named(missing):
    strip = curve(None, 3, 0, signal("II"), 0.0)
    others = [one for one in sheet(strip) if one.lead != missing]
    nameless = [replace(one, lead=None) if one.lead == missing else one for one in sheet(strip)]
    assert with_strip_names(others)[-1] is with_strip_names(nameless)[-1] is strip


def test_two_columns_that_fit_alike_name_nothing():
    assert repeated_lead({"II": 0.05, "aVF": 0.07, "V5": 0.6}) is None
    assert repeated_lead({"II": 0.05}) is None
    assert repeated_lead({}) is None


def test_columns_alone_keep_their_names_and_flat_ones_say_nothing():
    columns = sheet(curve(None, 3, 0, signal("II"), 0.0))[:-1]
    assert list(with_strip_names(columns)) == columns
    flat = [replace(one, height_mm=np.zeros(one.height_mm.size)) for one in columns]
    assert misfits(curve(None, 3, 0, signal("II"), 0.0), flat) == {}
