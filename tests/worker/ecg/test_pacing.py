import numpy as np
import pytest

from worker.ecg.merged import merged_r_peaks
from worker.ecg.pacing import beats_without_spikes, without_narrow
from worker.ecg.r_peaks import detect_r_peaks
from worker.ecg.voices import TimedLead

FS = 500.0
BEATS = np.arange(0.8, 9.5, 1.0)


def heart(beats, half_width_s, height=1.0):
    t = np.arange(round(10 * FS)) / FS
    return height * np.sum([np.exp(-(((t - beat) / half_width_s) ** 2)) for beat in beats], axis=0)


def paced(spike=1.0, delay_s=0.22, half_width_s=0.04):
    """Broad beats with T waves, each set off by a spike of an atrium's pacemaker."""
    beats = heart(BEATS, half_width_s) + heart(BEATS + 0.3, 0.06, 0.25)
    return beats + heart(BEATS - delay_s, 0.004, spike)


def found(peaks):
    """Whatever is changed, the same peaks are found."""
    return lambda change: list(peaks)


@pytest.mark.parametrize("spike", [0.8, 1.5, -2.0])
@pytest.mark.parametrize("delay_s", [0.14, 0.22, 0.28])
@pytest.mark.parametrize("half_width_s", [0.03, 0.04])
def test_the_spike_before_a_paced_beat_is_none(spike, delay_s, half_width_s):
    found = detect_r_peaks(paced(spike, delay_s, half_width_s), FS) / FS
    assert found == pytest.approx(BEATS, abs=0.05)


def test_leads_together_count_no_spike_either():
    leads = [TimedLead(0.0, size * paced(spike), FS) for size, spike in ((1.0, 1.0), (0.6, -2.0), (-1.2, 1.2))]
    assert merged_r_peaks(leads) == pytest.approx(BEATS, abs=0.05)


def test_beats_as_narrow_as_each_other_are_beats_however_fast():
    fast = np.arange(0.5, 9.6, 0.33)
    assert detect_r_peaks(heart(fast, 0.012), FS) / FS == pytest.approx(fast, abs=0.02)


def test_a_narrow_beat_long_before_a_broad_one_is_a_beat():
    narrow, broad = BEATS - 0.45, BEATS
    values = heart(narrow, 0.008) + heart(broad, 0.04)
    peaks = [round(at * FS) for at in np.sort([*narrow, *broad])]
    assert beats_without_spikes(found(peaks), [(0, values)], FS) == peaks


def test_what_was_not_seen_or_is_noise_says_nothing_of_spikes():
    """Of a fast heart one lead shows a beat, in another it lies in a gap, and a third is noise."""
    beats = np.arange(0.5, 9.6, 0.34)
    shown, noise = heart(beats, 0.025), np.random.default_rng(0).normal(size=round(10 * FS))
    torn = shown.copy()
    torn[: round(0.7 * FS)] = 0.0
    gap = np.arange(torn.size) < 0.7 * FS
    low = noise * 0.02 + heart([5.0], 0.025)
    leads = [TimedLead(0.0, shown, FS), TimedLead(0.0, torn, FS, gap=gap), TimedLead(0.0, low, FS)]
    assert merged_r_peaks(leads) == pytest.approx(beats, abs=0.05)
    peaks = [round(at * FS) for at in beats]
    not_seen = [(0, np.where(gap, np.nan, torn)), (0, low)]
    assert beats_without_spikes(found(peaks), not_seen, FS) == peaks


def test_what_no_lead_shows_is_no_spike():
    assert beats_without_spikes(found([100, 200]), [], FS) == [100, 200]
    assert beats_without_spikes(found([]), [(0, paced())], FS) == []


@pytest.mark.parametrize("fs", [8.0, 31.0, 60.0])
def test_at_a_few_samples_a_second_nothing_is_narrow(fs):
    values = np.random.default_rng(0).normal(size=100)
    assert without_narrow(values, fs) == pytest.approx(values)
