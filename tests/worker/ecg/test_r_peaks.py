import numpy as np
import pytest

from tests.worker.drawings import made_up_ecg
from worker.ecg.r_peaks import detect_r_peaks, estimated_fs


def assert_same_beats(found_s: np.ndarray, true_s: np.ndarray, seconds: float) -> None:
    inside = true_s[(true_s > 0.15) & (true_s < seconds - 0.15)]
    for r in inside:
        assert np.abs(found_s - r).min() < 0.05
    for found in found_s[(found_s > 0.2) & (found_s < seconds - 0.2)]:
        assert (np.abs(true_s - found) < 0.05).sum() == 1
    assert (np.diff(found_s) > 0.2).all()


@pytest.mark.parametrize("bpm", [40, 75, 130, 180])
@pytest.mark.parametrize("ventricular", [False, True])
def test_every_beat_is_found_once_with_and_without_a_time_scale(bpm, ventricular):
    ecg = made_up_ecg(np.random.default_rng(bpm), bpm=bpm, ventricular=ventricular and bpm < 100)
    assert_same_beats(detect_r_peaks(ecg.mv, ecg.fs) / ecg.fs, ecg.r_s, ecg.seconds)
    if bpm < 150:
        assert_same_beats(detect_r_peaks(ecg.mv, None) / ecg.fs, ecg.r_s, ecg.seconds)


@pytest.mark.parametrize("factor", [-1.0, 0.001, 1000.0])
def test_neither_unit_nor_polarity_matters(factor):
    ecg = made_up_ecg(np.random.default_rng(3))
    assert_same_beats(detect_r_peaks(ecg.mv * factor, ecg.fs) / ecg.fs, ecg.r_s, ecg.seconds)


@pytest.mark.parametrize("fs", [62.5, 125.0, 500.0, 1000.0])
def test_any_sampling_rate_will_do(fs):
    ecg = made_up_ecg(np.random.default_rng(5))
    t = np.arange(0, ecg.seconds, 1 / fs)
    values = np.interp(t, np.arange(len(ecg.mv)) / ecg.fs, ecg.mv)
    assert_same_beats(detect_r_peaks(values, fs) / fs, ecg.r_s, ecg.seconds)


def test_three_seconds_are_enough():
    ecg = made_up_ecg(np.random.default_rng(6), seconds=3)
    assert_same_beats(detect_r_peaks(ecg.mv, ecg.fs) / ecg.fs, ecg.r_s, ecg.seconds)


@pytest.mark.parametrize("seconds", [2.5, 10.0])
def test_t_waves_far_taller_than_their_complexes_are_no_beats(seconds):
    fs, r_s = 250.0, np.arange(0.4, seconds - 0.5, 0.8)
    t = np.arange(0, seconds, 1 / fs)
    values = np.zeros(t.size)
    for r in r_s:
        for height_mv, after_s, width_s in (
            (-0.15, -0.02, 0.006),
            (0.3, 0.0, 0.008),
            (-0.2, 0.02, 0.008),
            (1.1, 0.28, 0.035),
        ):
            values += height_mv * np.exp(-((t - r - after_s) ** 2) / (2 * width_s**2))
    assert_same_beats(detect_r_peaks(values, fs) / fs, r_s, seconds)


@pytest.mark.parametrize("values", [np.zeros(0), np.zeros(5), np.full(2000, 3.0)])
def test_nothing_has_no_beats(values):
    assert len(detect_r_peaks(values, 250.0)) == 0
    assert len(detect_r_peaks(values, None)) == 0


def test_the_time_scale_is_guessed_within_a_factor_of_two():
    ecg = made_up_ecg(np.random.default_rng(7))
    assert 0.5 < estimated_fs(ecg.mv) / ecg.fs < 2.0
