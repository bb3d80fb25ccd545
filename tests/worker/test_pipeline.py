"""Pictures through the shipped networks: one end each, in order, never an invented time."""

from dataclasses import replace

import numpy as np
import pytest

from tests.worker import drawings, others
from tests.worker.image.sheet.pages import drawn
from worker.ecg.annotations import AAMI_CLASSES
from worker.errors import EcgError
from worker.image.decode import Picture, decode_picture
from worker.image.told import Told
from worker.pipeline import Request, classify_pictures, classify_readings, read_pictures
from worker.results import EcgResult, prediction_dict


@pytest.fixture(scope="module")
def ecg() -> drawings.Ecg:
    return drawings.made_up_ecg(np.random.default_rng(11), seconds=8.0)


@pytest.fixture(scope="module")
def ends(models, ecg) -> list[EcgResult | EcgError]:
    pictures = [
        drawings.paper_strip(ecg, px_per_mm=8).rgb,
        others.text_page(np.random.default_rng(0)),
        drawings.plotted(drawings.one_beat(ecg, 2), axes=False).rgb,
        drawings.paper_strip(ecg, px_per_mm=8, grid=None).rgb,
    ]
    return classify_pictures([Request(Picture(rgb), Told(lead="II")) for rgb in pictures], models=models)


def test_each_picture_has_its_own_end_in_order(ends):
    assert [end.kind if isinstance(end, EcgResult) else end.code for end in ends] == [
        "strip", "not_an_ecg", "beat", "strip",
    ]  # fmt: skip


def test_every_beat_has_five_calibrated_probabilities_and_its_box(ends):
    for end in (ends[0], ends[2], ends[3]):
        for index, beat in enumerate(end.beats):
            assert beat.index == index
            assert tuple(beat.probabilities) == AAMI_CLASSES
            assert sum(beat.probabilities.values()) == pytest.approx(1, abs=1e-4)
            assert beat.confidence == max(beat.probabilities.values()) == beat.probabilities[beat.aami_class]
            assert beat.unsure == (beat.confidence < end.settings["threshold"])
            x, y, w, h = beat.box
            assert 0 <= x < x + w <= end.width_px + 1
            assert 0 <= y < y + h <= end.height_px + 1


def test_paper_gives_a_rate_and_says_that_its_speed_was_assumed(ends, ecg):
    strip = ends[0]
    assert strip.rate_bpm == pytest.approx(60 / np.diff(ecg.r_s).mean(), rel=0.03)
    assert len(strip.rr_s) == len(strip.beats) - 1
    assert (strip.settings["speed_mm_s"], strip.settings["speed_source"]) == (25.0, "assumed")
    assert all(beat.r_peak_s is not None and beat.lead == "II" for beat in strip.beats)


def test_without_a_grid_no_time_is_invented(ends):
    for end in (ends[2], ends[3]):
        assert end.rate_bpm is None
        assert end.rr_s == ()
        assert end.settings["speed_source"] is None
        assert all(beat.r_peak_s is None for beat in end.beats)


def test_a_told_speed_is_recorded_as_the_user_s(models, ecg):
    picture = Picture(drawings.paper_strip(ecg, px_per_mm=8, speed_mm_s=50.0).rgb)
    (end,) = classify_pictures([Request(picture, Told(speed_mm_s=50.0))], models=models)
    assert end.settings["speed_source"] == "user"
    assert end.rate_bpm == pytest.approx(60 / np.diff(ecg.r_s).mean(), rel=0.03)


def test_a_picture_s_end_does_not_depend_on_its_company(models, ends, ecg):
    picture = Picture(drawings.paper_strip(ecg, px_per_mm=8).rgb)
    (alone,) = classify_pictures([Request(picture, Told(lead="II"))], models=models)
    for one, other in zip(alone.beats, ends[0].beats, strict=True):
        assert one.box == other.box
        assert one.confidence == pytest.approx(other.confidence, abs=1e-4)


def test_a_beat_that_lies_in_a_gap_is_unsure_however_confident(models, ends, ecg):
    requests = [Request(Picture(drawings.paper_strip(ecg, px_per_mm=8).rgb), Told(lead="II"))]
    (reading,) = read_pictures(requests)
    (lead,) = reading.leads
    gap = lead.gap.copy()
    gap[lead.r_peaks[3] - 5 : lead.r_peaks[3] + 6] = True
    (end,) = classify_readings(requests, [replace(reading, leads=(replace(lead, gap=gap),))], models=models)
    doubted = [beat.index for beat, before in zip(end.beats, ends[0].beats, strict=True) if beat.unsure > before.unsure]
    assert doubted == [3] == end.settings["beats_in_gaps"]


def test_no_picture_has_no_end(models):
    assert classify_pictures([], models=models) == []


def test_the_model_that_answered_is_named(ends, models):
    assert ends[0].model == models.context.identity
    assert ends[2].model == models.beat.identity


def test_a_prediction_is_ready_for_json(ends):
    document = prediction_dict(ends[0])
    assert set(document) == {"model", "summary", "rhythm", "beats"}
    assert document["rhythm"]["rate_bpm"] == pytest.approx(document["summary"]["rate_bpm"], abs=0.1)
    assert sum(document["summary"]["counts"].values()) == len(document["beats"])
    assert set(document["beats"][0]) == {
        "index", "aami_class", "probabilities", "confidence", "unsure", "lead", "box", "r_peak_s",
    }  # fmt: skip


def test_columns_that_answer_one_after_the_other_are_counted_and_tell_no_runs(models, ends):
    sheet = decode_picture(drawn("scan", 3, "3x4").data)
    (end,) = classify_pictures([Request(sheet)], models=models)
    assert end.settings["leads_answering"] == len({beat.lead for beat in end.beats}) == 4
    assert end.rhythm.reasons["runs"] == "several_leads"
    assert ends[0].settings["leads_answering"] == ends[0].rhythm.leads == 1
