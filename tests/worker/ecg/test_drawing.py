from itertools import pairwise

import numpy as np
import pytest

from worker.ecg.beats import Strip, paper_window, strip_segments
from worker.ecg.drawing import (
    BLANK,
    CONTEXT_CHANNELS,
    context_columns,
    crop_columns,
    line_columns,
    pictures_and_series,
)
from worker.ecg.rr import tachogram


def strip_of(seconds, fs=360.0, rr_s=0.8, said_fs=360.0):
    t = np.arange(int(seconds * fs)) / fs
    r_s = np.arange(0.5, seconds - 0.3, rr_s)
    values = np.exp(-(((t[:, None] - r_s) / 0.02) ** 2)).sum(axis=1)
    return Strip(values, said_fs, np.round(r_s * fs).astype(int))


def strip_of_runs(p_of_run_mv, fs=360.0):
    """Runs of four beats at 0.7 s, each ended by a pause of 1.9 s and a beat of the sinus node."""
    rr_s = np.array([0.5, *[0.7, 0.7, 0.7, 0.7, 1.9] * 4])
    from_sinus = rr_s > 1
    r_s = np.cumsum(rr_s)
    t = np.arange(int((r_s[-1] + 0.6) * fs)) / fs
    p_mv = np.where(from_sinus, 0.15, p_of_run_mv)
    qrs = np.exp(-(((t[:, None] - r_s) / 0.02) ** 2)).sum(axis=1)
    p_waves = (p_mv * np.exp(-(((t[:, None] - r_s + 0.16) / 0.03) ** 2))).sum(axis=1)
    return Strip(qrs + p_waves, fs, np.round(r_s * fs).astype(int))


def test_a_crop_fills_its_picture_from_bottom_to_top():
    columns = crop_columns(np.sin(np.linspace(0, 6, 333)) * 40 + 7)
    assert columns.shape == (1, 128, 2)
    assert columns.min() == pytest.approx(-0.9)
    assert columns.max() == pytest.approx(0.9)
    assert (columns[..., 0] <= columns[..., 1]).all()


def test_unit_and_offset_of_a_crop_do_not_matter():
    trace = np.cumsum(np.random.default_rng(3).normal(size=200))
    assert np.allclose(crop_columns(trace), crop_columns(trace * 250 - 12), atol=1e-5)


def test_a_crop_narrower_or_wider_than_the_picture_keeps_its_r_peak():
    for samples in (20, 64, 128, 1000, 4001):
        trace = np.zeros(samples)
        trace[samples // 2] = 1.0
        columns = crop_columns(trace)
        peak = int(columns[0, :, 1].argmax())
        assert columns[0, peak, 1] > 0.3
        assert abs(peak - 64) <= 4


def test_a_flat_or_broken_trace_is_drawn_or_refused_but_never_nan():
    assert np.isfinite(crop_columns(np.ones(50))).all()
    with pytest.raises(ValueError, match="finite"):
        crop_columns(np.array([0.0, np.nan, 1.0]))


def test_every_beat_of_a_strip_has_its_pictures_and_series():
    strip = strip_of(10)
    columns = context_columns(strip)
    assert CONTEXT_CHANNELS[:5] == ("beat", "median_beat", "difference", "rhythm", "tachogram")  # what 1.0.0 reads
    assert pictures_and_series(10) == ([0, 1, 2, 3, 4, 5], [6, 7, 8, 9])  # what 2.0.0 reads
    assert columns.shape == (strip.r_peaks.size, len(CONTEXT_CHANNELS), 96, 2)
    assert columns.dtype == np.float32
    assert np.isfinite(columns).all()


def test_the_same_strip_is_drawn_the_same_twice():
    assert np.array_equal(context_columns(strip_of(10)), context_columns(strip_of(10)))


def test_a_strip_scanned_at_another_rate_is_drawn_alike():
    at_360, at_200 = context_columns(strip_of(10)), context_columns(strip_of(10, fs=200.0, said_fs=200.0))
    pictures, _ = pictures_and_series(len(CONTEXT_CHANNELS))
    at_360, at_200 = at_360[:, pictures], at_200[:, pictures]
    drawn = (at_360 < BLANK) & (at_200 < BLANK)
    assert np.abs(at_360 - at_200)[drawn].mean() < 0.05


def test_without_time_a_mean_rr_of_800_ms_is_assumed():
    timed, untimed = strip_of(10, rr_s=0.8), strip_of(10, rr_s=0.8, said_fs=None)
    assert np.allclose(context_columns(timed), context_columns(untimed), atol=0.05)


def test_another_shape_in_a_strip_has_a_picture_of_its_own():
    strip = strip_of(10)
    wide = strip.values.copy()
    t = np.arange(wide.size) / 360.0
    for r in strip.r_peaks[3::4]:
        wide += -2 * np.exp(-(((t - r / 360.0 - 0.03) / 0.06) ** 2))
    other = CONTEXT_CHANNELS.index("other_beat")
    assert (context_columns(strip)[:, other] == BLANK).all()
    assert context_columns(Strip(wide, 360.0, strip.r_peaks))[0, other, :, 0].min() < -0.5


def test_beats_of_a_run_are_compared_with_those_after_pauses():
    strip = strip_of_runs(p_of_run_mv=-0.15)
    late, peers = (
        context_columns(strip)[:, CONTEXT_CHANNELS.index(name)] for name in ("late_beat", "peers_difference")
    )
    before_qrs = slice(6, 24)
    assert late[0, before_qrs, 1].max() > 0.1  # the sinus node's P wave
    assert peers[3, before_qrs, 0].min() < -0.3  # the run's is another
    alike = context_columns(strip_of_runs(p_of_run_mv=0.15))[3, CONTEXT_CHANNELS.index("peers_difference"), before_qrs]
    assert np.abs(alike).max() < 0.1


def test_beats_beyond_the_strips_ends_are_blank():
    columns = context_columns(strip_of(10))
    assert (columns[0, 3, :10] == BLANK).all()  # rhythm before the first beat
    assert (columns[0, 4, :56] == BLANK).all()  # no interval before it either


def test_short_long_and_single_beat_strips_are_drawn():
    for strip in (strip_of(2.5), strip_of(200), Strip(np.sin(np.arange(100.0)), None, np.array([50]))):
        columns = context_columns(strip)
        assert columns.shape[0] == strip.r_peaks.size
        assert np.isfinite(columns).all()
    assert context_columns(Strip(np.arange(100.0), 100.0, np.array([], int))).shape == (0, len(CONTEXT_CHANNELS), 96, 2)


def test_the_minutes_of_a_long_strip_overlap_and_cover_it():
    segments = list(strip_segments(200.0))
    assert segments[0][0] == 0.0
    assert segments[-1][1] == 200.0
    assert all(later[0] < earlier[1] for earlier, later in pairwise(segments))


def test_an_early_beat_stands_below_the_line_of_the_tachogram():
    octaves = tachogram(np.array([0.0, 1.0, 2.0, 2.5, 4.0]))
    assert octaves.shape == (5, 12)
    assert octaves[3, 7] == pytest.approx(-1.0)
    assert np.isnan(octaves[0, :8]).all()


def test_the_papers_window_ends_twenty_samples_from_the_neighbours():
    assert paper_window(100, 800) == (120, 780)


def test_columns_need_a_whole_number_of_samples():
    with pytest.raises(ValueError, match="expected 96"):
        line_columns(np.zeros((1, 100)), 96)


def test_peaks_outside_the_values_are_refused():
    with pytest.raises(ValueError, match="r_peaks"):
        Strip(np.zeros(10), 100.0, np.array([3, 10]))
