"""Rhythms that the training records do not hold, laid out anew from their own beats.

DS1 has few patients with atrial ectopy, and none whose ectopic beats outnumber the normal ones.  So normal
beats (and the record's own PVCs) are cut out and placed on a new time line; what makes a beat S here is
when it comes and what its P wave looks like.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.training.records import Record

N, S, V = (AAMI_CLASSES.index(name) for name in "NSV")
CUT_BEFORE_S: Final = 0.28
CUT_AFTER_S: Final = 0.42
P_WAVE_S: Final = (-0.28, -0.08)
SHORTEST_RR_S: Final = 0.27
NOISE_MV: Final = 0.010
FIBRILLATION_SHARE: Final = 0.3
FOREIGN_SHARE: Final = 0.5

# One beat to come: its interval as a fraction of the sinus interval, and its label.
Planned = tuple[float, int]


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """A simulated lead: mV, shape (n_samples,); R peaks and labels, shape (n_beats,)."""

    signal_mv: np.ndarray
    samples: np.ndarray
    labels: np.ndarray
    fs: float


def _premature_beat(rng: np.random.Generator) -> list[Planned]:
    return [(rng.uniform(0.50, 0.82), S), (rng.uniform(1.0, 1.5), N)]


def _couplet(rng: np.random.Generator) -> list[Planned]:
    return [(rng.uniform(0.50, 0.80), S), (rng.uniform(0.50, 0.80), S), (rng.uniform(1.0, 1.6), N)]


def _bigeminy(rng: np.random.Generator) -> list[Planned]:
    early, late = rng.uniform(0.50, 0.80), rng.uniform(1.0, 1.5)
    return [
        beat
        for _ in range(rng.integers(3, 12))
        for beat in ((early * rng.normal(1, 0.02), S), (late * rng.normal(1, 0.02), N))
    ]


def _atrial_run(rng: np.random.Generator) -> list[Planned]:
    interval = rng.uniform(0.35, 0.78)
    length = int(np.exp(rng.uniform(np.log(3), np.log(60))))
    return [(interval * rng.normal(1, 0.02), S) for _ in range(length)] + [(rng.uniform(1.0, 2.4), N)]


def _sinus_pause(rng: np.random.Generator) -> list[Planned]:
    return [(rng.uniform(1.4, 3.0), N)]


def _ventricular_beats(rng: np.random.Generator) -> list[Planned]:
    """Mostly single; at times a couplet or a short run."""
    length = rng.choice((1, 2, 3, 5), p=(0.75, 0.15, 0.06, 0.04))
    interval = rng.uniform(0.4, 0.95)
    return [(interval * rng.normal(1, 0.04), V) for _ in range(length)] + [(rng.uniform(0.9, 1.6), N)]


def _ventricular_bigeminy(rng: np.random.Generator) -> list[Planned]:
    early, late = rng.uniform(0.5, 0.9), rng.uniform(0.95, 1.5)
    return [beat for _ in range(rng.integers(3, 10)) for beat in ((early, V), (late * rng.normal(1, 0.02), N))]


EVENTS: Final[tuple[Callable[[np.random.Generator], list[Planned]], ...]] = (
    _premature_beat,
    _couplet,
    _bigeminy,
    _atrial_run,
    _sinus_pause,
    _ventricular_beats,
    _ventricular_bigeminy,
)


def _planned_beats(rng: np.random.Generator) -> Iterator[Planned]:
    if rng.random() < FIBRILLATION_SHARE:
        spread = rng.uniform(0.12, 0.32)
        while True:
            yield float(rng.lognormal(0, spread)), N
            if rng.random() < 0.02:
                yield rng.uniform(0.45, 1.0), V
    weights = rng.dirichlet(np.full(len(EVENTS), 0.5))
    sinus_beats, breath, depth = rng.integers(4, 40), rng.uniform(3, 7), rng.uniform(0.0, 0.12)
    phase = 0
    while True:
        for _ in range(rng.integers(1, sinus_beats)):
            phase += 1
            yield 1 + depth * np.sin(2 * np.pi * phase / breath) + rng.normal(0, 0.015), N
        yield from EVENTS[rng.choice(len(EVENTS), p=weights)](rng)


def rhythm_simulated(
    record: Record, rng: np.random.Generator, *, minutes: float, foreign_ventricular: list[np.ndarray] | None = None
) -> Rhythm | None:
    """A simulated rhythm from a record's beats, or None where it has too few normal ones.

    Parameters
    ----------
    record : Record
    rng : numpy.random.Generator
    minutes : float
    foreign_ventricular : list of ndarray, optional
        PVCs of another record, as ``ventricular_waves`` gives them.
    """
    signal, fs = record.signal(), record.fs
    normal, ventricular = (_beat_waves(record, signal, label) for label in (N, V))
    if len(normal) < 50:
        return None
    if foreign_ventricular and (len(ventricular) < 5 or rng.random() < FOREIGN_SHARE):
        ventricular = _scaled_to(normal, foreign_ventricular, rng)
    r_s, labels = _time_line(rng, minutes * 60, has_ventricular=len(ventricular) >= 5)
    out = np.zeros(int((r_s[-1] + 1.5) * fs))
    before = int(CUT_BEFORE_S * fs)
    position = int(rng.integers(len(normal)))
    following_rr = np.append(np.diff(r_s), 1.0)
    usual_rr = float(np.median(np.diff(record.samples))) / fs
    for at_s, label, rr in zip(r_s, labels, following_rr, strict=True):
        position = (position + 1) % len(normal)
        wave = ventricular[rng.integers(len(ventricular))] if label == V else normal[position]
        if label == S:
            wave = _with_ectopic_p_wave(wave, fs, rng)
        wave = _repolarised(wave, before, (rr / usual_rr) ** 0.35)
        start = int(at_s * fs) - before
        out[start : start + wave.size] += wave[: out.size - start]
    t = np.arange(out.size) / fs
    out += rng.uniform(0, 0.1) * np.sin(2 * np.pi * (rng.uniform(0.1, 0.35) * t + rng.random()))
    out += NOISE_MV * rng.standard_normal(out.size)
    return Rhythm(out, (r_s * fs).astype(np.int64), labels, fs)


def ventricular_waves(record: Record) -> list[np.ndarray]:
    """A record's PVCs, ready to be placed into a simulated rhythm."""
    return _beat_waves(record, record.signal(), V)


def _scaled_to(normal: list[np.ndarray], waves: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """PVCs of another patient, with a height that this patient's might have."""
    usual = float(np.median([np.ptp(wave) for wave in normal]))
    theirs = float(np.median([np.ptp(wave) for wave in waves]))
    factor = usual / max(theirs, 1e-6) * np.exp(rng.uniform(np.log(0.7), np.log(2.2)))
    return [wave * factor for wave in waves]


def _time_line(rng: np.random.Generator, duration_s: float, *, has_ventricular: bool) -> tuple[np.ndarray, np.ndarray]:
    sinus_s = np.exp(rng.uniform(np.log(0.5), np.log(1.3)))
    drift = rng.uniform(0, 0.1)
    r_s, labels = [1.0], [N]
    for fraction, label in _planned_beats(rng):
        sinus_now = sinus_s * (1 + drift * np.sin(2 * np.pi * r_s[-1] / 120))
        r_s.append(r_s[-1] + max(SHORTEST_RR_S, fraction * sinus_now))
        labels.append(N if label == V and not has_ventricular else label)
        if r_s[-1] > duration_s:
            break
    return np.array(r_s), np.array(labels)


def _beat_waves(record: Record, signal: np.ndarray, label: int) -> list[np.ndarray]:
    """Beats of a label, from -0.28 to +0.42 s, with both ends drawn to zero so that they add up without seams."""
    before, after = int(CUT_BEFORE_S * record.fs), int(CUT_AFTER_S * record.fs)
    taper = np.ones(before + after)
    edge = int(0.04 * record.fs)
    taper[:edge] = np.sin(np.linspace(0, np.pi / 2, edge)) ** 2
    taper[-edge:] = taper[:edge][::-1]
    waves = []
    rr = np.diff(record.samples, prepend=0, append=len(signal))
    # Only beats whose cut holds no part of a neighbour's QRS.
    whole = (record.labels == label) & (rr[:-1] > before + 0.1 * record.fs) & (rr[1:] > after + 0.1 * record.fs)
    for sample in record.samples[whole]:
        wave = signal[sample - before : sample + after].astype(np.float64)
        level = np.linspace(wave[:edge].mean(), wave[-edge:].mean(), wave.size)
        waves.append((wave - level) * taper)
    return waves


def _with_ectopic_p_wave(wave: np.ndarray, fs: float, rng: np.random.Generator) -> np.ndarray:
    first, last = (int((CUT_BEFORE_S + edge) * fs) for edge in P_WAVE_S)
    p_wave = wave[first:last] - np.linspace(wave[first], wave[last], last - first)
    moved = np.roll(p_wave * np.hanning(last - first) ** 0.25, rng.integers(-8, 9))
    changed = wave.copy()
    changed[first:last] += rng.uniform(-0.6, 0.7) * moved - p_wave
    return changed


def _repolarised(wave: np.ndarray, before: int, factor: float) -> np.ndarray:
    """The part after the QRS shortened or lengthened, as the QT interval follows the rate."""
    factor = min(max(factor, 0.7), 1.15)
    qrs_end = before + (wave.size - before) // 5
    tail = wave[qrs_end:]
    stretched = np.interp(np.linspace(0, tail.size - 1, int(tail.size * factor)), np.arange(tail.size), tail)
    return np.concatenate([wave[:qrs_end], stretched])
