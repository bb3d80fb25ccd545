"""Beats of made-up strips and crops, explained by the shipped networks."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.worker import drawings
from worker.ecg.beats import Strip
from worker.ecg.drawing import context_columns
from worker.ecg.rr import mean_rr_s
from worker.explanation import _mean_rr_s, explain_beat, explanation_dict
from worker.image.decode import Picture
from worker.image.read import read_picture
from worker.model.recording_prior import RecordingPrior
from worker.pipeline import Request, classify_pictures


@pytest.fixture(scope="module")
def ecg() -> drawings.Ecg:
    return drawings.made_up_ecg(np.random.default_rng(11), seconds=8.0)


@pytest.fixture(scope="module")
def strip(ecg) -> Picture:
    return Picture(drawings.paper_strip(ecg, px_per_mm=8).rgb)


@pytest.fixture(scope="module")
def crop(ecg) -> Picture:
    return Picture(drawings.plotted(drawings.one_beat(ecg, 2), axes=False).rgb)


def explained(picture: Picture, index: int, models):
    (end,) = classify_pictures([Request(picture)], models=models)
    beat = end.beats[index]
    classifier = models.beat if end.kind == "beat" else models.context
    return end, beat, explain_beat(read_picture(picture), index, beat.aami_class, classifier=classifier)


def test_the_beat_that_was_classified_is_the_one_that_is_explained(strip, models):
    end, beat, found = explained(strip, 2, models)
    assert (found.beats, found.box, found.aami_class) == (len(end.beats), beat.box, beat.aami_class)
    assert found.probability == pytest.approx(beat.confidence, abs=1e-3)


def test_the_strip_s_own_share_of_s_beats_is_in_the_explanation_too(strip, models, monkeypatch):
    monkeypatch.setattr(models.context, "recording_prior", RecordingPrior(share=0.5, beats=1.0, part=1.0, most=3.0))
    (end,) = classify_pictures([Request(strip)], models=models)
    found = explain_beat(read_picture(strip), 2, "S", classifier=models.context)
    assert found.probability == pytest.approx(end.beats[2].probabilities["S"], rel=0.02)
    monkeypatch.setattr(models.context, "recording_prior", None)
    alone = explain_beat(read_picture(strip), 2, "S", classifier=models.context)
    assert alone.probability > 2 * found.probability


def test_time_is_measured_from_r(strip, models):
    end, _, found = explained(strip, 2, models)
    overall = found.occlusions[0].part
    assert (overall.name, overall.unit) == ("all", "s")
    assert (found.trace.start, found.trace.stop) == (overall.start, overall.stop)
    assert overall.start == pytest.approx(-2.4 * np.mean(end.rr_s), rel=0.02)
    at = np.linspace(found.trace.start, found.trace.stop, found.trace.values.size)
    near = np.abs(at) < 0.2
    assert abs(at[near][np.nanargmax(found.trace.values[near])]) < 0.03


def test_the_trace_ends_where_the_strip_does(strip, models):
    first = explained(strip, 0, models)[2].trace.values
    assert np.isnan(first[0])
    assert np.nanmin(first) == 0
    assert np.nanmax(first) == 1


def test_without_a_grid_an_explanation_is_in_rr_intervals(ecg, models):
    picture = Picture(drawings.paper_strip(ecg, px_per_mm=8, grid=None).rgb)
    found = explained(picture, 2, models)[2]
    assert found.occlusions[0].part.unit == "rr"
    assert found.trace.start == pytest.approx(-2.4)


def test_a_crop_is_explained_along_its_width(crop, models):
    found = explained(crop, 0, models)[2]
    assert (found.trace.start, found.trace.stop) == (0, 1)
    assert [occlusion.part.unit for occlusion in found.occlusions] == ["fraction"]


def test_the_focus_says_what_is_lost_when_just_that_is_covered(models, crop, strip):
    for picture in (crop, strip):
        found = explained(picture, 0, models)[2]
        if found.focus is not None:
            assert found.focus.start < found.focus.stop
            assert -1 <= found.focus.drop <= 1


def test_a_beat_that_is_not_there_is_named(strip, models):
    with pytest.raises(IndexError, match="Received: 99"):
        explain_beat(read_picture(strip), 99, "N", classifier=models.context)


def test_an_explanation_is_ready_for_json(strip, models):
    document = explanation_dict(explained(strip, 0, models)[2])
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert set(document) == {
        "aami_class", "probability", "unit", "trace", "class_map", "occlusion", "focus",
    }  # fmt: skip
    assert document["trace"]["values"][0] is None
    assert len(json.dumps(document)) < 20_000


def test_a_beat_in_a_long_strip_uses_the_mean_interval_of_its_minute(strip):
    fs, slow, fast = 100.0, 1.2, 0.6
    r_s = np.concatenate([np.arange(1, 90, slow), np.arange(91, 179, fast)])
    values = np.zeros(180 * 100)
    values[(r_s * fs).astype(int)] = 1.0
    assert _mean_rr_s(r_s, 5, 180.0) == pytest.approx(slow)
    assert _mean_rr_s(r_s, len(r_s) - 5, 180.0) == pytest.approx(fast)
    assert _mean_rr_s(r_s[:20], 3, 30.0) == mean_rr_s(r_s[:20])
    assert context_columns(Strip(values, fs, (r_s * fs).astype(int))).shape[0] == len(r_s)


def test_a_reading_without_time_has_no_seconds(strip, models):
    read = read_picture(strip)
    reading = replace(read, leads=(replace(read.leads[0], fs=None),))
    assert explain_beat(reading, 1, "N", classifier=models.context).occlusions[0].part.unit == "rr"
