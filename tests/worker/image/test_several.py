"""Sheets and monitors of a made-up heart, read with the shipped networks."""

import contextlib
from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.worker.image.sheet.pages import drawn, leads_of_a_heart
from worker.errors import EcgError
from worker.generator.sheet_picture import screen_picture, sheet_picture
from worker.generator.sheet_style import SheetStyle
from worker.image import several
from worker.image.decode import Picture, decode_picture
from worker.image.read import read_picture
from worker.image.sheet.sheet import names_of
from worker.image.told import Told

RR_S = 0.8
PLAIN = SheetStyle(pulses="left", header=True, footer=True, name_place="above", spacing=0.9)


def read(picture, told=None):
    decoded = decode_picture(picture.data)
    return read_picture(decoded) if told is None else read_picture(decoded, told)


def assert_beats_are_a_hearts(reading, lead):
    """Evenly 0.8 s apart, none missing inside."""
    seconds = lead.r_peaks / lead.fs
    assert np.diff(seconds) == pytest.approx(RR_S, abs=0.05)
    assert len(seconds) >= lead.seconds / RR_S - 1.6


@pytest.fixture(scope="module")
def sheet():
    return drawn("scan", 3, "3x4+1", PLAIN)


@pytest.fixture(scope="module")
def reading(sheet):
    return read(sheet)


def test_a_sheet_is_answered_from_its_rhythm_strip(reading):
    assert (reading.kind, reading.layout) == ("sheet", "3x4+1")
    (lead,) = reading.answered
    assert (lead.lead, lead.lead_source) == ("II", "printed")
    assert lead.seconds == pytest.approx(10.0, abs=0.2)
    assert_beats_are_a_hearts(reading, lead)
    assert len(reading.boxes) == len(lead.r_peaks)


def test_each_lead_has_its_name_its_time_and_its_millivolts(sheet, reading):
    found = {(lead.row, lead.column): lead for lead in reading.leads}
    assert len(found) == len(sheet.rows)
    for row in sheet.rows:
        lead = found[row.row, row.column]
        assert lead.lead == row.lead
        assert lead.start_s == pytest.approx(row.start_s, abs=0.15)
        assert np.nanmax(lead.millivolts) == pytest.approx(np.ptp(row.signal_mv), rel=0.15, abs=0.06)
    assert (reading.gain_mm_mv, reading.gain_source) == (10.0, "pulse")
    assert reading.px_per_mm_x == pytest.approx(sheet.px_per_mm_x, rel=0.03)


def test_curves_and_boxes_lie_on_the_picture(sheet, reading):
    (lead,) = reading.answered
    row = next(row for row in sheet.rows if row.row == lead.row)
    nearest = np.interp(lead.at_px[:, 0], row.trace_px[:, 0], row.trace_px[:, 1])
    assert np.median(np.abs(lead.at_px[:, 1] - nearest)) < 1.5
    for (x, y, width, height), (peak_x, peak_y) in zip(lead.boxes, lead.r_peaks_px, strict=True):
        assert x <= peak_x <= x + width
        assert y <= peak_y <= y + height


def test_the_name_of_a_row_is_not_that_of_another_lead_behind_it(monkeypatch):
    """Of two columns the names of one were read: in the middle all rows change."""
    monkeypatch.setattr(
        "worker.image.sheet.sheet.names_of",
        lambda signs: [name for name in names_of(signs) if not name.lead.startswith("V")],
    )
    found = read(drawn("clean", 1, "6x2", replace(PLAIN, separator="none")))
    assert found.layout == "6x2"
    assert [lead.lead for lead in found.leads if lead.column == 0] == ["I", "II", "III", "aVR", "aVL", "aVF"]
    assert {lead.lead for lead in found.leads if lead.column == 1} == {None}


def test_no_row_of_two_leads_is_one_where_its_names_and_another_row_are_lost():
    """The last row lies on the edge, without it no order of leads is told, and the first has no name that is sure."""
    found = read(drawn("clean", 5, "6x2", PLAIN))
    assert found.layout.endswith("x2")
    assert all(lead.seconds < 5.5 for lead in found.leads)


@pytest.mark.parametrize(("layout", "level", "seed"), [("6x2", "clean", 7), ("12x1", "photo-light", 6)])
def test_other_layouts(layout, level, seed):
    found = read(drawn(level, seed, layout, PLAIN))
    assert found.layout == layout
    assert found.answered[0].lead in {"I", "II", "III"}
    for lead in found.answered:
        assert_beats_are_a_hearts(found, lead)


@pytest.mark.parametrize("turns", [2, 3])
def test_a_sheet_that_lies_on_its_side_is_set_upright(turns):
    leads, fs = leads_of_a_heart()
    rng = np.random.default_rng(3)
    picture = sheet_picture(leads, fs, level="scan", rng=rng, layout="3x4+1", style=PLAIN, quarter_turns=turns)
    found = read(picture)
    assert found.layout == "3x4+1"
    assert found.quarter_turns == -turns % 4
    (lead,) = found.answered
    assert_beats_are_a_hearts(found, lead)
    row = picture.rows[-1]
    nearest = [np.hypot(*(row.trace_px - at).T).min() for at in lead.r_peaks_px]
    assert max(nearest) < 12


@pytest.mark.parametrize("how", ["smaller", "larger", "recoloured", "recompressed", "cropped"])
def test_whatever_is_done_to_the_file_the_beats_stay(sheet, reading, how):
    rgb = decode_picture(sheet.data).rgb
    if how in ("smaller", "larger"):
        factor = 0.9 if how == "smaller" else 1.6
        rgb = cv2.resize(
            rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        )
    elif how == "recoloured":
        rgb = rgb[..., ::-1]
    elif how == "recompressed":
        rgb = cv2.imdecode(cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_COLOR)
    else:
        rgb = rgb[6:-6, 8:-8]
    found = read_picture(Picture(np.ascontiguousarray(rgb)))
    names = [(one.lead, other.lead) for one, other in zip(found.leads, reading.leads, strict=True)]
    unknown = sum(one is None for one, _ in names)
    assert all(one in (other, None) for one, other in names)
    assert unknown <= (how == "larger")  # of II and III, 3 px a millimetre, one is no more told by letters made larger
    one, other = found.answered[0], reading.answered[0]
    assert len(one.r_peaks) == len(other.r_peaks)
    assert np.diff(one.r_peaks) / one.fs == pytest.approx(np.diff(other.r_peaks) / other.fs, abs=0.03)


def test_a_sheet_without_names_is_an_ecg_by_its_beats():
    nameless = SheetStyle(named=False, pulses="left", header=False, footer=False, spacing=0.9)
    found = read(drawn("clean", 5, "6x1", nameless))
    assert found.kind == "sheet"
    assert {lead.lead for lead in found.leads} == {None}
    assert_beats_are_a_hearts(found, found.answered[0])


@pytest.mark.parametrize(("layout", "expected"), [("3x4+1", "3x4+1"), ("3x4", "3x4"), ("6x2", "6x2")])
def test_columns_that_stand_apart_are_told_without_names(layout, expected):
    style = replace(PLAIN, separator="gap", named=False)
    found = read(drawn("scan", 3, layout, style))
    assert found.layout == expected
    assert all(lead.lead is None for lead in found.leads)
    for lead in found.answered:
        assert_beats_are_a_hearts(found, lead)


def test_what_a_person_says_is_believed(sheet, reading):
    peaks = reading.answered[0].r_peaks_px
    told = Told(
        gain_mm_mv=5.0,
        leads={"3.0": "V5", "0.0": ""},
        r_peaks_removed=((float(peaks[4, 0]), float(peaks[4, 1])),),
    )
    found = read(sheet, told)
    assert found.gain_source == "user"
    assert (found.answered[0].lead, found.answered[0].lead_source) == ("V5", "user")
    assert (found.leads[0].lead, found.leads[0].lead_source) == (None, "user")
    assert len(found.boxes) == len(reading.boxes) - 1
    assert np.nanmax(found.leads[-1].millivolts) == pytest.approx(2 * np.nanmax(reading.leads[-1].millivolts), rel=0.01)


def test_a_speed_that_is_told_stretches_time(sheet, reading):
    found = read(sheet, Told(speed_mm_s=50.0))
    assert found.speed_source == "user"
    assert found.leads[-1].seconds == pytest.approx(reading.leads[-1].seconds / 2, rel=0.001)


def test_squares_that_are_not_there_are_no_scale():
    white = drawn("scan", 3, "3x4+1", PLAIN)
    rgb = decode_picture(white.data).rgb.copy()
    ink = rgb.max(axis=2) < 110
    bare = np.where(ink[..., None], rgb, 255).astype(np.uint8)
    with pytest.raises(EcgError) as caught:
        read_picture(Picture(bare))
    assert caught.value.code in {"no_grid", "trace_unclear", "not_an_ecg"}


def test_curves_that_are_no_hearts_go_to_a_person_with_what_was_found():
    rng = np.random.default_rng(8)
    t = np.arange(2500) / 250
    waves = {
        name: 0.5 * np.sin(2 * np.pi * rng.uniform(0.6, 1.1) * t + rng.uniform(0, 6)) for name in leads_of_a_heart()[0]
    }
    picture = sheet_picture(waves, 250.0, level="scan", rng=rng, layout="6x1", style=PLAIN)
    with pytest.raises(EcgError) as caught:
        read(picture)
    assert caught.value.code == "trace_unclear"
    assert caught.value.found is not None
    assert len(caught.value.found.leads) >= 5


def test_a_monitor_with_squares_is_read_as_a_screen():
    leads, fs = leads_of_a_heart()
    found = []
    for seed in range(12):
        picture = screen_picture(leads, fs, level="photo-light", rng=np.random.default_rng(seed), shown=["II", "V1"])
        with contextlib.suppress(EcgError):
            found.append(read(picture))
    screens = [reading for reading in found if reading.kind == "screen"]
    assert screens
    for reading in screens:
        assert_beats_are_a_hearts(reading, reading.answered[0])


@pytest.mark.parametrize(("separator", "columns"), [("bar", 4), ("none", 1)])
def test_leads_that_beat_alike_are_told_apart_by_the_bars_between_them(separator, columns):
    leads, fs = leads_of_a_heart()
    alike = dict.fromkeys(leads, leads["II"])
    nameless = replace(PLAIN, named=False, separator=separator)
    rng = np.random.default_rng(8)
    found = read(sheet_picture(alike, fs, level="scan", rng=rng, layout="3x4+1", style=nameless))
    assert [sum(lead.row == row for lead in found.leads) for row in range(4)] == [columns] * 3 + [1]


def test_an_unnamed_sheet_that_cannot_be_read_as_it_lies_is_read_on_its_side(monkeypatch):
    leads, fs = leads_of_a_heart()
    nameless = replace(PLAIN, named=False, pulses="left")
    rng = np.random.default_rng(8)
    picture = sheet_picture(leads, fs, level="scan", rng=rng, layout="3x4+1", style=nameless, quarter_turns=1)
    monkeypatch.setattr(several, "quarter_turns_of", lambda coarse, signs: 0)
    found = read_picture(decode_picture(picture.data))
    assert found.quarter_turns == 3
    assert len({lead.row for lead in found.leads}) == 4
