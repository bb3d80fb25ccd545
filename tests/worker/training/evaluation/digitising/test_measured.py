"""Readings that are true, or wrong in one thing, held against a drawn sheet."""

import dataclasses

import numpy as np
import pytest

from tests.worker.training.evaluation.digitising.readings import RECORDING, sheet, true_reading, with_lead
from worker.errors import EcgError
from worker.training.evaluation.digitising import measured
from worker.training.evaluation.digitising.measured import facts_of, layout_key, read_or_code


@pytest.fixture(scope="module")
def drawn():
    return sheet()


def facts(reading, drawn):
    return facts_of(reading, drawn, RECORDING)


def test_a_true_reading_is_right_in_everything(drawn):
    found = facts(true_reading(drawn), drawn)
    assert min(curve.snr_db for curve in found.curves) > 20
    assert found.names == ("right",) * 13
    assert (found.strays, found.has_scales) == (0, True)
    assert (found.speed_right, found.gain_right, found.layout_right) == (True, True, True)
    assert (found.beats.missed, found.beats.false) == (0, 0)
    assert found.beats.hits >= 10
    (pair,) = found.pairs
    assert pair.true.r_peaks.size >= pair.read.r_peaks.size
    assert (pair.partner >= 0).sum() == pair.read.r_peaks.size


def test_a_turned_sheet_is_matched_where_it_lies():
    turned = sheet(quarter_turns=1)
    found = facts(true_reading(turned), turned)
    assert found.names == ("right",) * 13
    assert min(curve.snr_db for curve in found.curves) > 20


def test_two_swapped_names_are_two_wrong_names_and_the_curves_stay_right(drawn):
    reading = true_reading(drawn)
    swapped = with_lead(with_lead(reading, 0, lead=reading.leads[1].lead), 1, lead=reading.leads[0].lead)
    found = facts(swapped, drawn)
    assert found.names.count("wrong") == 2
    assert found.names.count("right") == 11
    assert min(curve.snr_db for curve in found.curves) > 20


def test_a_nameless_lead_is_unknown(drawn):
    assert facts(with_lead(true_reading(drawn), 2, lead=None), drawn).names.count("unknown") == 1


def test_a_row_that_nobody_read_has_no_decibel(drawn):
    reading = true_reading(drawn)
    found = facts(dataclasses.replace(reading, leads=reading.leads[1:], answering=(11,)), drawn)
    assert found.names[0] == "not found"
    assert found.curves[0].snr_db == pytest.approx(0.0)
    assert found.strays == 0


def test_a_curve_beside_all_rows_is_a_stray_and_its_peaks_are_false(drawn):
    reading = true_reading(drawn)
    away = with_lead(reading, 12, at_px=reading.leads[12].at_px + np.array([0.0, 8 * drawn.px_per_mm_y]))
    found = facts(away, drawn)
    assert found.strays == 1
    assert found.names[12] == "not found"
    assert found.beats.hits == 0
    assert found.beats.false == reading.leads[12].r_peaks.size
    assert found.pairs == ()


def test_one_long_curve_may_follow_the_four_leads_of_a_line(drawn):
    reading = true_reading(drawn)
    line = [lead for lead in reading.leads if lead.row == 0]
    long = dataclasses.replace(
        line[0],
        values=np.concatenate([lead.values for lead in line]),
        at_px=np.concatenate([lead.at_px for lead in line]),
        gap=np.concatenate([lead.gap for lead in line]),
    )
    found = facts(dataclasses.replace(reading, leads=(long,), answering=(), layout="rows-1"), drawn)
    assert found.names.count("right") == 1
    assert found.names.count("wrong") == 3
    assert found.names.count("not found") == 9
    assert not found.layout_right


def test_a_wrong_speed_is_seen_in_the_scale_and_in_the_curves(drawn):
    reading = true_reading(drawn, speed_mm_s=50.0)
    found = facts(with_lead(reading, 12, fs=400.0), drawn)
    assert not found.speed_right
    assert found.curves[12].snr_db < 3
    assert found.beats.missed == 0  # where the peaks lie is right


def test_a_picture_without_scales_has_no_decibel(drawn):
    reading = with_lead(true_reading(drawn, speed_mm_s=None, gain_mm_mv=None), 12, fs=None, per_mv=None)
    found = facts(reading, drawn)
    assert (found.has_scales, found.speed_right, found.gain_right) == (False, False, False)
    assert found.curves[12].snr_db == pytest.approx(0.0)
    assert found.names[12] == "right"


def test_a_missed_and_an_invented_beat_are_counted(drawn):
    reading = true_reading(drawn)
    peaks = reading.leads[12].r_peaks
    invented = np.sort(np.append(np.delete(peaks, 4), (peaks[6] + peaks[7]) // 2))
    found = facts(with_lead(reading, 12, r_peaks=invented), drawn)
    assert (found.beats.missed, found.beats.false) == (1, 1)


def test_rows_of_one_lead_have_one_name():
    assert layout_key("rows-12") == layout_key("12x1")
    assert layout_key("rows-3") != layout_key("3x4")


def refuses(code):
    def read(_):
        raise EcgError(code)

    return read


def crashes(_):
    raise RuntimeError


@pytest.mark.parametrize(
    ("reader", "code"), [(refuses("trace_unclear"), "trace_unclear"), (crashes, "internal RuntimeError")]
)
def test_a_picture_that_is_not_read_has_a_reason(drawn, monkeypatch, reader, code):
    monkeypatch.setattr(measured, "read_picture", reader)
    assert read_or_code(drawn) == code


def test_a_strip_taken_for_one_beat_is_not_read(drawn, monkeypatch):
    monkeypatch.setattr(measured, "read_picture", lambda _: true_reading(drawn, kind="beat"))
    assert read_or_code(drawn) == measured.READ_AS_BEAT
