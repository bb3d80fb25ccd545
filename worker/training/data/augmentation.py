"""What happens to a signal between a heart and a digitised picture: applied before drawing."""

from typing import Final

import numpy as np

from worker.ecg.beats import PAPER_FS_HZ, Strip, paper_window
from worker.training.records import Record

FS_UNKNOWN_SHARE: Final = 0.25
PICTURE_SHARE: Final = 0.65
MISSED_PEAK_SHARE: Final = 0.01


def crop_augmented(record: Record, index: int, signal: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The trace of one beat as some generator might have cropped it.

    Parameters
    ----------
    record : Record
    index : int
        Position in ``record.samples``; neither the first nor the last.
    signal : ndarray, shape (n_samples,)
        The lead to cut from.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n,)
    """
    first, last = _crop_bounds(record, index, rng)
    trace = _beat_stretched(signal[first:last].astype(np.float64), int(record.samples[index]) - first, rng)
    height = np.ptp(trace) or 1.0
    x = np.linspace(0, 1, trace.size)
    trace = trace + height * rng.uniform(0, 0.06) * np.sin(2 * np.pi * (rng.uniform(0.3, 2) * x + rng.random()))
    trace = trace + height * rng.normal(0, 0.05) * x  # a tilted page
    trace = trace + height * rng.uniform(0, 0.015) * rng.standard_normal(trace.size)
    if rng.random() < PICTURE_SHARE:
        trace = _through_pixels(trace, rng, width_px=int(np.exp(rng.uniform(np.log(40), np.log(600)))))
    return trace


def _crop_bounds(record: Record, index: int, rng: np.random.Generator) -> tuple[int, int]:
    """The paper's window in half of the draws; else whole intervals, or a fixed stretch around the R peak."""
    previous, here, following = (int(sample) for sample in record.samples[index - 1 : index + 2])
    kind = rng.choice(3, p=(0.55, 0.15, 0.30))
    if kind == 0:
        first, last = paper_window(previous, following)
    elif kind == 1:
        first, last = previous + int(rng.uniform(0, 60)), following - int(rng.uniform(0, 60))
    else:
        first = here - int(rng.uniform(0.22, 0.6) * PAPER_FS_HZ)
        last = here + int(rng.uniform(0.28, 0.7) * PAPER_FS_HZ)
    first, last = first + int(rng.integers(-4, 5)), last + int(rng.integers(-4, 5))
    first, last = max(first, 0), min(last, len(record.signals_mv))
    if last - first < 40:  # neighbours closer than the paper's margins leave
        first, last = max(here - 40, 0), here + 40
    return first, last


def _beat_stretched(trace: np.ndarray, r: int, rng: np.random.Generator) -> np.ndarray:
    """Time before and after the R peak stretched apart from each other, as another heart rate would."""
    r = min(max(r, 1), trace.size - 2)
    before, after = (max(8, int(part * rng.uniform(0.85, 1.18))) for part in (r, trace.size - r))
    x = np.concatenate([np.linspace(0, r, before, endpoint=False), np.linspace(r, trace.size - 1, after)])
    return np.interp(x, np.arange(trace.size), trace)


def _through_pixels(trace: np.ndarray, rng: np.random.Generator, *, width_px: int) -> np.ndarray:
    """Resampled to columns, smoothed by the pen's width, and rounded to rows of pixels."""
    count = max(16, width_px)
    x = np.linspace(0, trace.size - 1, count)
    resampled = np.interp(x, np.arange(trace.size), trace)
    pen = int(rng.integers(1, 4))
    if pen > 1 and count > 60:
        resampled = np.convolve(np.pad(resampled, pen, mode="edge"), np.ones(pen) / pen, mode="same")[pen:-pen]
    row = (np.ptp(resampled) or 1.0) / np.exp(rng.uniform(np.log(40), np.log(500)))
    return np.round(resampled / row) * row


def strip_augmented(
    signal: np.ndarray, r_peaks: np.ndarray, fs: float, rng: np.random.Generator
) -> tuple[Strip, np.ndarray]:
    """A piece of a recording as a digitised picture with detected R peaks might give it.

    Parameters
    ----------
    signal : ndarray, shape (n_samples,)
    r_peaks : ndarray of int, shape (n_beats,)
    fs : float
    rng : numpy.random.Generator

    Returns
    -------
    strip : Strip
    kept : ndarray of bool, shape (n_beats,)
        False for peaks that the "detector" missed.
    """
    unit = np.percentile(signal, 99.5) - np.percentile(signal, 0.5) or 1.0
    t = np.arange(signal.size) / fs
    values = signal.astype(np.float64)
    values = values + unit * rng.uniform(0, 0.25) * np.sin(2 * np.pi * (rng.uniform(0.05, 0.45) * t + rng.random()))
    values = values + unit * rng.uniform(0, 0.02) ** 1.2 * rng.standard_normal(signal.size)
    values = values + unit * rng.uniform(0, 0.01) * np.sin(2 * np.pi * (rng.choice((50, 60)) * t))
    offset_s = rng.normal(0, 0.006)
    jitter_s = offset_s + rng.normal(0, rng.choice((0.0, 0.004, 0.01)), r_peaks.size)
    kept = rng.random(r_peaks.size) >= MISSED_PEAK_SHARE
    fs_out = fs
    if rng.random() < PICTURE_SHARE:
        fs_out = float(np.exp(rng.uniform(np.log(60), np.log(500))))
        at = np.arange(int(signal.size * fs_out / fs)) * fs / fs_out
        values = np.interp(at, np.arange(signal.size), values)
        row = unit / np.exp(rng.uniform(np.log(30), np.log(400)))
        values = np.round(values / row) * row
    moved = np.clip(np.round((r_peaks / fs + jitter_s) * fs_out), 0, values.size - 1).astype(np.int64)
    # Two peaks that fall on one sample are one peak to a detector.
    kept &= np.diff(np.maximum.accumulate(moved), prepend=-1) > 0
    said_fs = None if rng.random() < FS_UNKNOWN_SHARE else fs_out * rng.uniform(0.87, 1.15)
    return Strip(values, said_fs, moved[kept]), kept
