import numpy as np

from worker.training.augmentation import crop_augmented, strip_augmented
from worker.training.records import Record
from worker.training.rhythms import N, S, V, rhythm_simulated, ventricular_waves


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
