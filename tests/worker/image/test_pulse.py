"""Calibration pulses beside a curve are no beats."""

import dataclasses

import numpy as np
import pytest

from tests.worker import drawings
from worker.generator.levels import level_named
from worker.generator.picture import strip_picture
from worker.image.decode import decode_picture
from worker.image.pulse import without_pulse
from worker.image.read import read_picture
from worker.image.trace import Trace


def trace_of(heights: np.ndarray, stroke: float = 3.0) -> Trace:
    y = 300.0 - heights
    return Trace(10, y, y - 1, y + 1, np.zeros(y.size, bool), stroke)


def beats(width: int = 1600) -> np.ndarray:
    ecg = drawings.made_up_ecg(np.random.default_rng(0), seconds=8.0, ventricular=True)
    return 80.0 * np.interp(np.linspace(0, ecg.mv.size - 1, width), np.arange(ecg.mv.size), ecg.mv)


def pulse(height: float = 80.0, width: int = 40, rest: int = 20) -> np.ndarray:
    return np.concatenate([np.zeros(rest), np.full(width, height), np.zeros(rest)])


@pytest.mark.parametrize("height", [40.0, 80.0, 160.0])
def test_a_pulse_is_left_out_at_either_end(height):
    curve, mark = beats() - beats()[0], pulse(height)
    cut = without_pulse(trace_of(np.concatenate([mark, curve])))
    assert (cut.left, cut.width) == (10 + 80, curve.size)
    level = curve - curve[-1]
    cut = without_pulse(trace_of(np.concatenate([level, mark])))
    assert (cut.left, cut.width) == (10, curve.size)


@pytest.mark.parametrize("seed", range(6))
def test_no_beat_is_taken_for_a_pulse(seed):
    ecg = drawings.made_up_ecg(np.random.default_rng(seed), seconds=3.0, ventricular=True)
    for start in range(0, 400, 25):
        whole = trace_of(90.0 * ecg.mv[start:])
        assert without_pulse(whole) is whole


def test_a_wide_flat_wave_between_others_stays():
    curve = np.concatenate([beats()[:500], pulse(), beats()[500:]])
    whole = trace_of(curve)
    assert without_pulse(whole) is whole


@pytest.mark.parametrize("level", ["clean", "scan", "photo-light", "photo"])
def test_a_strip_with_a_pulse_has_as_many_beats_as_one_without(level):
    ecg = drawings.made_up_ecg(np.random.default_rng(3), seconds=6.0)
    for seed in range(2):
        counts = []
        for share in (0.0, 1.0):
            drawn = strip_picture(
                ecg.mv,
                ecg.fs,
                level=dataclasses.replace(level_named(level), pulse=share, shadow=0.0, crease=0.0, table=0.0),
                rng=np.random.default_rng(seed),
            )
            reading = read_picture(decode_picture(drawn.data))
            counts.append(len(reading.answered[0].r_peaks))
            assert reading.boxes[0][0] >= drawn.trace_px[0, 0] - drawn.px_per_mm_x
        assert counts[0] == counts[1]
