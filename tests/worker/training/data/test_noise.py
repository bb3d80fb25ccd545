import numpy as np
import pytest
from scipy import signal as spectra

from tests.worker.drawings import made_up_ecg
from worker.training.data.noise import MIXTURE, NOISE_SNR_DB, noisy, qrs_power

ECG = made_up_ecg(np.random.default_rng(1), seconds=60.0)
R_PEAKS = np.round(ECG.r_s * ECG.fs).astype(int)


def added(snr_db: float, seed: int = 0) -> np.ndarray:
    return noisy(ECG.mv, ECG.fs, snr_db, np.random.default_rng(seed)) - ECG.mv


@pytest.mark.parametrize("snr_db", NOISE_SNR_DB)
def test_the_stated_ratio_is_met(snr_db):
    ratio = qrs_power(ECG.mv, ECG.fs, R_PEAKS) / np.var(added(snr_db))
    assert 10 * np.log10(ratio) == pytest.approx(snr_db, abs=0.1)


def test_signal_power_is_that_of_a_sine_as_high_as_the_qrs_complexes():
    square = np.zeros(3600)
    square[100::360] = 2.0
    assert qrs_power(square, 360.0, np.arange(100, 3600, 360)) == pytest.approx(2.0**2 / 8)


def test_every_kind_of_noise_has_its_share_of_the_power():
    frequency, power = spectra.welch(added(0), ECG.fs, nperseg=8192)
    total = power.sum()
    slow = power[frequency < 0.7].sum() / total
    fast = power[frequency > 18].sum() / total
    assert slow == pytest.approx(MIXTURE["baseline_wander"], abs=0.12)
    assert fast == pytest.approx(MIXTURE["muscle"] + 0.9 * MIXTURE["white"], abs=0.12)


def test_the_same_seed_adds_the_same_noise():
    assert np.array_equal(added(6, 5), added(6, 5))
    assert not np.array_equal(added(6, 5), added(6, 6))


def test_a_short_strip_can_be_made_noisy():
    assert np.isfinite(noisy(ECG.mv[:900], ECG.fs, 6, np.random.default_rng(0))).all()


def test_a_signal_without_a_beat_has_no_ratio():
    with pytest.raises(ValueError, match="R peak"):
        noisy(np.zeros(3600), 360.0, 6, np.random.default_rng(0))
