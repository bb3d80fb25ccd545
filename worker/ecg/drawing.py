"""From signal to the columns of a line drawing.

A drawing is kept as the lowest and the highest point of the line in each column; the network's first
layer (``worker.model.layers.LineDrawing``) turns columns into pixels.  Heights run from -1 (bottom of the
picture) to +1 (top).  Training and serving call the same functions, so their pictures are the same.
"""

from typing import Final

import numpy as np
from scipy.signal import butter, sosfiltfilt

from worker.ecg.beats import Strip, strip_segments
from worker.ecg.likeness import ALIKE, likeness_to_median, other_beat, qrs_correlations
from worker.ecg.references import late_beat, peers_of_beats
from worker.ecg.rhythm_series import LIKENESS_NUMBERS, SERIES, rhythm_series
from worker.ecg.rr import TACHOGRAM_INTERVALS, assumed_fs, mean_rr_s, tachogram

BLANK: Final = 4.0  # above the top edge: nothing is drawn in this column
CROP_COLUMNS: Final = 128
CONTEXT_COLUMNS: Final = 96
CONTEXT_PICTURES: Final = (
    "beat",
    "median_beat",
    "difference",
    "rhythm",
    "tachogram",
    "other_beat",
    "late_beat",
    "peers_difference",
)
# An artifact reads the first channels, as many as it was trained with: add at the end.
CONTEXT_CHANNELS: Final = (
    "beat",
    "median_beat",
    "difference",
    "rhythm",
    "tachogram",
    "other_beat",
    "intervals",
    "shapes",
    "p_waves",
    "interval_profile",
    "late_beat",
    "peers_difference",
    "late_p_waves",
)
_ORDER: Final = [(CONTEXT_PICTURES + SERIES).index(name) for name in CONTEXT_CHANNELS]
CONTEXT_FS_HZ: Final = 250.0

BEAT_WINDOW_S: Final = (-0.30, 0.45)
RHYTHM_WINDOW_RR: Final = (-2.4, 1.6)
TACHOGRAM_OCTAVES: Final = 1.3
_BAND_HZ: Final = (0.5, 35.0)
_QRS_HALF_S: Final = 0.1
_ALIGN_S: Final = 0.04
_CROP_FILL: Final = 0.9
_BAND_PASS: Final = butter(2, _BAND_HZ, btype="bandpass", fs=CONTEXT_FS_HZ, output="sos")


def pictures_and_series(channels: int) -> tuple[list[int], list[int]]:
    """Which of the first channels of a context drawing are pictures, and which are series."""
    numbered = list(enumerate(CONTEXT_CHANNELS[:channels]))
    pictures = [number for number, name in numbered if name not in SERIES]
    return pictures, [number for number, name in numbered if name in SERIES]


def line_columns(samples: np.ndarray, columns: int) -> np.ndarray:
    """Lowest and highest point of a line in each column; neighbouring columns share their edge sample.

    Parameters
    ----------
    samples : ndarray, shape (n, columns * k + 1)
        Heights, evenly spaced along x.  NaN where there is no line.
    columns : int

    Returns
    -------
    ndarray of float32, shape (n, columns, 2)
        Lowest and highest height; ``BLANK`` twice where a column holds no line.
    """
    per_column = (samples.shape[1] - 1) // columns
    if samples.shape[1] != columns * per_column + 1:
        raise ValueError(f"samples: expected {columns} * k + 1 of them. Received: {samples.shape[1]}")
    inner = samples[:, :-1].reshape(-1, columns, per_column)
    edge = samples[:, per_column::per_column, None]
    points = np.concatenate([inner, edge], axis=2)
    ranges = np.stack([np.fmin.reduce(points, axis=2), np.fmax.reduce(points, axis=2)], axis=2)
    return np.where(np.isnan(ranges), BLANK, ranges).astype(np.float32)


def crop_columns(trace: np.ndarray) -> np.ndarray:
    """The paper's drawing of one beat: autoscaled in x and y, without axes.

    Parameters
    ----------
    trace : ndarray, shape (n_samples,)
        Evenly sampled along x, positive up, any unit.

    Returns
    -------
    ndarray of float32, shape (1, 128, 2)
    """
    trace = np.asarray(trace, dtype=np.float64)
    if trace.ndim != 1 or trace.size < 2 or not np.isfinite(trace).all():
        raise ValueError(f"trace: expected a finite 1-D array of >= 2 samples. Received: shape {trace.shape}")
    per_column = max(4, -(-trace.size // CROP_COLUMNS))
    x = np.linspace(0, trace.size - 1, CROP_COLUMNS * per_column + 1)
    samples = np.interp(x, np.arange(trace.size), trace)
    low, high = samples.min(), samples.max()
    heights = (samples - low) / max(high - low, 1e-12) * 2 - 1
    return line_columns(heights[None] * _CROP_FILL, CROP_COLUMNS)


def context_columns(strip: Strip) -> np.ndarray:
    """The drawings of every beat of a strip: itself and the rhythm it stands in.

    Eight pictures a beat: the beat in fixed axes (-0.30 to +0.45 s; the unit of height is the strip's median QRS
    peak-to-peak), the strip's median beat, the difference of the two, the rhythm (-2.4 to +1.6 mean RR intervals),
    the tachogram of twelve intervals, the most frequent other shape, the beat after the longest intervals, and what
    the mean of the beats like this one differs from it.  And five pairs of series over the 96 beats around (see
    ``worker.ecg.rhythm_series``), in place of lowest and highest height.  Strips longer than a minute are drawn in
    overlapping minutes, each beat in the one whose middle is nearest; the series run over the whole strip.

    Parameters
    ----------
    strip : Strip

    Returns
    -------
    ndarray of float32, shape (n_beats, 13, 96, 2)
        In the order of ``CONTEXT_CHANNELS``.
    """
    fs = strip.fs or assumed_fs(strip.r_peaks, strip.values.size)
    r_s = strip.r_peaks / fs
    duration_s = strip.values.size / fs
    pictures = np.empty((r_s.size, len(CONTEXT_PICTURES), CONTEXT_COLUMNS, 2), dtype=np.float32)
    likeness = np.zeros((r_s.size, LIKENESS_NUMBERS))
    segments = list(strip_segments(duration_s))
    middles = np.array([(start + stop) / 2 for start, stop in segments])
    nearest = np.abs(r_s[:, None] - middles).argmin(axis=1)
    for index, (start_s, stop_s) in enumerate(segments):
        wanted = nearest == index
        if not wanted.any():
            continue
        first, last = int(start_s * fs), min(int(np.ceil(stop_s * fs)) + 1, strip.values.size)
        inside = (strip.r_peaks >= first) & (strip.r_peaks < last)
        drawn, compared = _segment_drawn(strip.values[first:last], fs, (strip.r_peaks[inside] - first) / fs)
        pictures[wanted], likeness[wanted] = drawn[wanted[inside]], compared[wanted[inside]]
    return np.concatenate([pictures, rhythm_series(r_s, likeness)], axis=1)[:, _ORDER]


def _segment_drawn(values: np.ndarray, fs: float, r_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pictures ``[n, 8, 96, 2]`` of a segment's beats, and six numbers of how each is like its references."""
    signal = _evenly_filtered(values, fs)
    signal = signal / _median_qrs_height(signal, r_s)
    time_s = np.linspace(*BEAT_WINDOW_S, CONTEXT_COLUMNS * 4 + 1)
    beat = _sampled(signal, _aligned(signal, r_s), time_s)
    median_beat = _median_over_beats(beat)
    to_median = likeness_to_median(beat, median_beat, time_s)
    rr_s = np.diff(r_s, prepend=np.nan)
    late = late_beat(beat, to_median[:, 0], rr_s, median_beat)
    peers = peers_of_beats(beat, qrs_correlations(beat, time_s), rr_s)
    to_late = likeness_to_median(peers, late, time_s)
    other = other_beat(beat, to_median[:, 0], time_s)
    rhythm = _sampled(signal, r_s, np.linspace(*RHYTHM_WINDOW_RR, CONTEXT_COLUMNS * 8 + 1) * mean_rr_s(r_s))
    pictures = [
        line_columns(_companded(beat), CONTEXT_COLUMNS),
        _same_for_all(median_beat, r_s.size),
        line_columns(_companded(beat - median_beat), CONTEXT_COLUMNS),
        line_columns(np.clip(rhythm / 1.6, -1, 1), CONTEXT_COLUMNS),
        _tachogram_columns(r_s),
        _same_for_all(np.full(time_s.size, np.nan) if other is None else other, r_s.size),
        _same_for_all(late, r_s.size),
        line_columns(_companded(peers - late), CONTEXT_COLUMNS),
    ]
    return np.stack(pictures, axis=1), np.concatenate([to_median, to_late[:, [1, 3]]], axis=1)


def _same_for_all(wave: np.ndarray, beats: int) -> np.ndarray:
    columns = line_columns(_companded(wave)[None], CONTEXT_COLUMNS)
    return np.broadcast_to(columns, (beats, *columns.shape[1:]))


def _evenly_filtered(values: np.ndarray, fs: float) -> np.ndarray:
    count = max(int(values.size / fs * CONTEXT_FS_HZ), 2)
    even = np.interp(np.arange(count) * fs / CONTEXT_FS_HZ, np.arange(values.size), values)
    even = even - np.median(even)
    return sosfiltfilt(_BAND_PASS, even, padtype="even", padlen=min(count - 1, int(2 * CONTEXT_FS_HZ)))


def _median_qrs_height(signal: np.ndarray, r_s: np.ndarray) -> float:
    half = int(_QRS_HALF_S * CONTEXT_FS_HZ)
    centres = (r_s * CONTEXT_FS_HZ).astype(int)
    around = np.clip(centres[:, None] + np.arange(-half, half + 1), 0, signal.size - 1)
    height = float(np.median(np.ptp(signal[around], axis=1)))
    return height if height > 1e-12 else 1.0


def _aligned(signal: np.ndarray, r_s: np.ndarray) -> np.ndarray:
    """R peaks in seconds, moved by up to 40 ms to where the QRS lies best on the strip's median QRS.

    Detectors and annotators mark different points of a QRS; a difference of beats shows that first.
    Beats of another shape stay where they are.
    """
    half, reach = int(_QRS_HALF_S * CONTEXT_FS_HZ), int(_ALIGN_S * CONTEXT_FS_HZ)
    around = np.arange(-half - reach, half + reach + 1)
    centres = (r_s * CONTEXT_FS_HZ).astype(int)
    qrs = signal[np.clip(centres[:, None] + around, 0, signal.size - 1)]
    median_qrs = np.median(qrs[:, reach:-reach], axis=0)
    shifted = np.lib.stride_tricks.sliding_window_view(qrs, median_qrs.size, axis=1)
    strength = np.linalg.norm(shifted, axis=2) * np.linalg.norm(median_qrs)
    likeness = shifted @ median_qrs / np.maximum(strength, 1e-12)
    best = likeness.argmax(axis=1)
    alike = likeness[np.arange(r_s.size), best] > ALIKE
    return r_s + np.where(alike, best - reach, 0) / CONTEXT_FS_HZ


def _sampled(signal: np.ndarray, r_s: np.ndarray, offsets_s: np.ndarray) -> np.ndarray:
    at = (r_s[:, None] + offsets_s) * CONTEXT_FS_HZ
    return np.interp(at.ravel(), np.arange(signal.size), signal, left=np.nan, right=np.nan).reshape(at.shape)


def _median_over_beats(beats: np.ndarray) -> np.ndarray:
    """Median beat; beats cut by the strip's ends count where they exist, and zero where no beat does."""
    whole = beats[~np.isnan(beats).any(axis=1)]
    if len(whole) >= 3:
        return np.median(whole, axis=0)
    missing = np.isnan(beats).all(axis=0)
    return np.nanmedian(np.where(missing, 0.0, beats), axis=0)


def _companded(heights: np.ndarray) -> np.ndarray:
    """Heights within twice the QRS on a picture, small waves enlarged so that P waves are seen."""
    return np.clip(np.arcsinh(3 * heights) / np.arcsinh(6), -1, 1)


def _tachogram_columns(r_s: np.ndarray) -> np.ndarray:
    heights = np.clip(tachogram(r_s) / TACHOGRAM_OCTAVES, -0.97, 0.97)
    steps = np.repeat(heights, CONTEXT_COLUMNS // TACHOGRAM_INTERVALS, axis=1)
    # Each column's last sample is its own step's, so that steps are joined by verticals.
    samples = np.concatenate([steps, steps[:, -1:]], axis=1)
    return line_columns(samples, CONTEXT_COLUMNS)
