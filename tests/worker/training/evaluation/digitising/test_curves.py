import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from tests.worker.drawings import made_up_ecg
from worker.training.evaluation.digitising.curves import ReadCurve, curve_figures

ECG = made_up_ecg(np.random.default_rng(0))
ALL = np.ones(ECG.mv.size, bool)
AT_S = np.arange(ECG.mv.size) / ECG.fs


def read(mv=ECG.mv, at_s=AT_S, seen=ALL) -> ReadCurve:
    return ReadCurve(at_s, mv, seen)


def figures(curve, visible=ALL):
    return curve_figures(ECG.mv, ECG.fs, visible, curve)


@pytest.mark.parametrize("snr_db", [6.0, 15.0, 25.0])
def test_noise_of_a_known_strength_gives_the_known_ratio(snr_db):
    rng, x = np.random.default_rng(1), ECG.mv - ECG.mv.mean()
    noise = gaussian_filter1d(rng.normal(0, 1, x.size), 5)  # as pens and pixels err: neighbours alike
    noise *= np.sqrt((x**2).sum() / 10 ** (snr_db / 10) / (noise**2).sum())
    found = figures(read(ECG.mv + noise))
    assert found.snr_db == pytest.approx(snr_db, abs=0.2)
    assert found.rmse_mv == pytest.approx(noise.std(), rel=0.02)
    assert found.r == pytest.approx(1 / np.sqrt(1 + 10 ** (-snr_db / 10)), abs=0.01)


def test_one_shift_and_one_offset_cost_nothing():
    assert figures(read(ECG.mv + 0.7, AT_S + 0.15)).snr_db > 30
    assert figures(read(ECG.mv, AT_S - 0.15)).snr_db > 30


def test_a_larger_shift_is_an_error():
    assert figures(read(at_s=AT_S + 0.3)).snr_db < 3


def test_wrong_heights_are_an_error():
    assert figures(read(1.1 * ECG.mv)).snr_db == pytest.approx(20.0, abs=0.1)
    assert figures(read(2 * ECG.mv)).snr_db == pytest.approx(0.0, abs=0.1)
    assert figures(read(2 * ECG.mv)).r == pytest.approx(1.0, abs=0.002)


def test_a_clock_that_runs_wrong_is_an_error():
    assert figures(read(at_s=1.05 * AT_S)).snr_db < 3


def test_what_was_not_read_counts_as_nothing():
    half = AT_S < 5.0
    found, x = figures(read(seen=half)), ECG.mv - ECG.mv.mean()
    # All that is wrong is the unread half, and the mean that the read half alone cannot know.
    assert found.snr_db == pytest.approx(10 * np.log10((x**2).sum() / (x[~half] ** 2).sum()), abs=0.1)
    assert found.read_share == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("curve", [None, read(seen=~ALL)])
def test_a_curve_that_was_not_read_has_no_decibel_and_no_likeness(curve):
    found = figures(curve)
    assert (found.snr_db, found.r, found.read_share) == (pytest.approx(0.0), 0.0, 0.0)
    assert found.rmse_mv == pytest.approx(ECG.mv.std())


def test_what_the_picture_does_not_show_is_not_asked_for():
    shown = AT_S < 6.0
    assert figures(read(seen=shown), visible=shown).snr_db > 30
    assert figures(read(seen=shown)).snr_db < 6


def test_a_flat_line_has_no_ratio():
    with pytest.raises(ValueError, match="true_mv"):
        curve_figures(np.zeros(100), 100.0, np.ones(100, bool), None)
