import itertools

import numpy as np
import pytest

from worker.training.data.augmentation import crop_augmented, strip_augmented
from worker.training.records import Record
from worker.training.simulation.plans import RHYTHMS, F, N, S, V, plan, sinus_pause
from worker.training.simulation.rhythm import rhythm_simulated
from worker.training.simulation.waves import (
    Focus,
    focus_drawn,
    fused,
    p_wave_samples,
    ventricular_waves,
    with_p_wave,
)


def synthetic_record(beats=120, fs=360.0):
    t = np.arange(int(beats * 0.9 * fs)) / fs
    r_s = 0.6 + 0.9 * np.arange(beats - 1)
    narrow = np.exp(-(((t[:, None] - r_s) / 0.015) ** 2)).sum(axis=1)
    labels = np.where(np.arange(r_s.size) % 10 == 5, V, N)
    symbols = tuple("V" if label == V else "N" for label in labels)
    signals = np.stack([narrow, -narrow], axis=1).astype(np.float32)
    return Record("901", fs, ("MLII", "V1"), signals, np.round(r_s * fs).astype(int), symbols, labels)


def test_a_simulated_rhythm_has_an_r_peak_at_each_of_its_beats():
    rhythm = rhythm_simulated(synthetic_record(), np.random.default_rng(5), minutes=1)
    assert (np.diff(rhythm.samples) > 0.25 * rhythm.fs).all()
    around = [rhythm.signal_mv[sample - 3 : sample + 4].max() for sample in rhythm.samples]
    assert np.median(around) > 0.8
    assert len(rhythm.labels) == len(rhythm.samples)


def test_simulated_s_beats_come_early():
    early = []
    for seed in range(12):
        rhythm = rhythm_simulated(synthetic_record(), np.random.default_rng(seed), minutes=2)
        rr = np.diff(rhythm.samples) / rhythm.fs
        early.extend(rr[rhythm.labels[1:] == S] / np.percentile(rr, 75))
    assert len(early) > 20
    assert np.quantile(early, 0.9) < 1.0


def test_the_same_seed_simulates_the_same_rhythm():
    one, two = (rhythm_simulated(synthetic_record(), np.random.default_rng(9), minutes=1) for _ in range(2))
    assert np.array_equal(one.signal_mv, two.signal_mv)


def test_a_record_with_few_normal_beats_gives_no_rhythm():
    assert rhythm_simulated(synthetic_record(beats=30), np.random.default_rng(1), minutes=1) is None


def simulated(rhythm, seed=3, minutes=3):
    return rhythm_simulated(synthetic_record(), np.random.default_rng(seed), minutes=minutes, rhythm=rhythm)


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_every_rhythm_is_laid_out_to_its_end(rhythm):
    made = simulated(rhythm)
    assert made.samples[-1] < made.signal_mv.size
    assert made.samples[-1] / made.fs > 180
    assert np.isfinite(made.signal_mv).all()


def test_fibrillation_is_irregular_without_being_s():
    for seed in range(8):
        made = simulated("fibrillation", seed)
        rr = np.diff(made.samples)
        assert (made.labels == S).mean() < 0.03
        assert rr.std() / rr.mean() > 0.08


def test_fibrillation_may_end_and_begin_again():
    def planned(seed):
        return list(itertools.islice(plan("fibrillation", np.random.default_rng(seed)), 400))

    patients = [[beat.fibrillating for beat in planned(seed)] for seed in range(20)]
    persistent = [all(patient) for patient in patients]
    assert 4 <= sum(persistent) <= 16
    assert all(5 < sum(patient) < 395 for patient, always in zip(patients, persistent, strict=True) if not always)


def test_fibrillating_atria_have_no_p_wave_and_only_an_early_beat_is_s():
    beats = list(itertools.islice(plan("fibrillation", np.random.default_rng(5)), 400))
    assert {beat.p_wave for beat in beats if beat.fibrillating} <= {"absent"}
    assert all(not beat.fibrillating and beat.fraction < 0.85 for beat in beats if beat.label == S)


def test_a_pause_without_an_early_beat_is_hardly_above_twice_the_interval():
    rng = np.random.default_rng(1)
    fractions = [beat.fraction for _ in range(200) for beat in sinus_pause(rng)]
    assert min(fractions) >= 1.3
    assert max(fractions) <= 2.15


def test_dropped_beats_leave_long_intervals_that_make_no_s():
    ratios = []
    for seed in range(6):
        made = simulated("block", seed)
        assert set(made.labels) == {N}
        rr = np.diff(made.samples)
        ratios.append(np.percentile(rr, 97) / np.percentile(rr, 10))
    assert min(ratios) > 1.5


def test_atrial_runs_make_most_beats_s():
    shares = [(simulated("atrial_runs", seed).labels == S).mean() for seed in range(6)]
    assert np.mean(shares) > 0.5


def test_a_fusion_beat_lies_between_its_two_shapes():
    normal, ventricular = np.zeros(10), np.ones(10)
    wave = fused(normal, ventricular, np.random.default_rng(0))
    assert 0.2 <= wave[0] <= 0.65
    assert any(F in simulated("events", seed).labels for seed in range(10))


def test_a_p_wave_can_be_taken_away():
    t = np.arange(int(0.70 * 360)) / 360 - 0.28
    wave = np.exp(-((t / 0.012) ** 2)) + 0.2 * np.exp(-(((t + 0.18) / 0.02) ** 2))
    without = with_p_wave(wave, 360.0, Focus(scale=0.0))
    first, last = p_wave_samples(360.0)
    assert np.abs(without[first:last]).max() < 0.02
    assert np.array_equal(without[last:], wave[last:])


def test_an_ectopic_focus_changes_the_p_wave_alone_and_some_resemble_the_sinus_nodes():
    t = np.arange(int(0.70 * 360)) / 360 - 0.28
    wave = np.exp(-((t / 0.012) ** 2)) + 0.2 * np.exp(-(((t + 0.18) / 0.02) ** 2))
    first, last = p_wave_samples(360.0)
    rng = np.random.default_rng(2)
    likeness = []
    for _ in range(60):
        changed = with_p_wave(wave, 360.0, focus_drawn(rng))
        assert np.array_equal(changed[last:], wave[last:])
        likeness.append(np.corrcoef(changed[first:last], wave[first:last])[0, 1])
    assert np.quantile(likeness, 0.9) > 0.8
    assert np.quantile(likeness, 0.1) < 0


def test_ventricular_beats_can_be_lent():
    waves = ventricular_waves(synthetic_record())
    assert len(waves) > 5
    assert abs(waves[0][0]) < 1e-6


def test_augmented_strips_and_crops_stay_usable():
    record = synthetic_record()
    for seed in range(60):
        rng = np.random.default_rng(seed)
        strip, kept = strip_augmented(record.signal()[:3600], record.samples[:11], record.fs, rng)
        assert strip.r_peaks.size == kept.sum() >= 9
        crop = crop_augmented(record, 5, record.signal(), rng)
        assert np.isfinite(crop).all()
        assert crop.size >= 16
