"""One simulated lead: planned beats, filled with a record's own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from worker.training.records import Record
from worker.training.simulation.plans import RHYTHM_SHARES, RHYTHMS, F, N, Planned, RhythmName, S, V, plan
from worker.training.simulation.waves import (
    CUT_BEFORE_S,
    Focus,
    beat_waves,
    focus_drawn,
    fused,
    p_wave_of,
    p_wave_samples,
    repolarised,
    scaled_to,
    with_p_wave,
)

SHORTEST_RR_S: Final = 0.27
FASTEST_SINUS_S: Final = 0.5
SLOWEST_SINUS_S: Final = 1.3
SLOWEST_ATRIA_S: Final = 0.95  # with block the ventricles are half as fast
SAME_FOCUS_SHARE: Final = 0.85  # most ectopic beats of a patient look alike
NOISE_MV: Final = 0.010
FOREIGN_SHARE: Final = 0.5
FEWEST_NORMAL: Final = 50
FEWEST_VENTRICULAR: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """A simulated lead: mV, shape (n_samples,); R peaks and labels, shape (n_beats,)."""

    signal_mv: np.ndarray
    samples: np.ndarray
    labels: np.ndarray
    fs: float


@dataclass(frozen=True, slots=True, eq=False)
class _Patient:
    """A record's beats, and where its ectopic beats come from: most of them look alike."""

    normal: list[np.ndarray]
    ventricular: list[np.ndarray]
    ventricular_focus: np.ndarray | None
    fs: float
    usual_rr_s: float
    atrial_focus: Focus


def rhythm_simulated(
    record: Record,
    rng: np.random.Generator,
    *,
    minutes: float,
    foreign_ventricular: list[np.ndarray] | None = None,
    rhythm: RhythmName | None = None,
) -> Rhythm | None:
    """A simulated rhythm from a record's beats, or None where it has too few normal ones.

    Parameters
    ----------
    record : Record
    rng : numpy.random.Generator
    minutes : float
    foreign_ventricular : list of ndarray, optional
        PVCs of another record, as ``ventricular_waves`` gives them.
    rhythm : str, optional
        One of ``RHYTHMS``; drawn by ``RHYTHM_SHARES`` if not given.
    """
    patient = _patient(record, rng, foreign_ventricular)
    if patient is None:
        return None
    rhythm = rhythm or RHYTHMS[rng.choice(len(RHYTHMS), p=RHYTHM_SHARES)]
    r_s, planned = _time_line(
        plan(rhythm, rng), rng, minutes * 60, SLOWEST_ATRIA_S if rhythm == "block" else SLOWEST_SINUS_S
    )
    if not patient.ventricular:
        planned = [replace(beat, label=N) if beat.label in (V, F) else beat for beat in planned]
    signal = _beats_placed(r_s, planned, patient, rng)
    _background_add(signal, patient.fs, rng)
    if rhythm == "fibrillation":
        _fibrillation_add(signal, _fibrillating(r_s, planned, signal.size, patient.fs), patient, rng)
    labels = np.array([beat.label for beat in planned])
    return Rhythm(signal, (r_s * record.fs).astype(np.int64), labels, record.fs)


def _patient(record: Record, rng: np.random.Generator, foreign: list[np.ndarray] | None) -> _Patient | None:
    normal, ventricular = beat_waves(record, N), beat_waves(record, V)
    if len(normal) < FEWEST_NORMAL:
        return None
    if foreign and (len(ventricular) < FEWEST_VENTRICULAR or rng.random() < FOREIGN_SHARE):
        ventricular = scaled_to(normal, foreign, rng)
    if len(ventricular) < FEWEST_VENTRICULAR:
        ventricular = []
    return _Patient(
        normal=normal,
        ventricular=ventricular,
        ventricular_focus=ventricular[rng.integers(len(ventricular))] if ventricular else None,
        fs=record.fs,
        usual_rr_s=float(np.median(np.diff(record.samples))) / record.fs,
        atrial_focus=focus_drawn(rng),
    )


def _time_line(
    beats: Iterator[Planned], rng: np.random.Generator, duration_s: float, slowest_sinus_s: float
) -> tuple[np.ndarray, list[Planned]]:
    """R peaks in seconds and what each beat is; the sinus rate drifts over two minutes."""
    sinus_s = np.exp(rng.uniform(np.log(FASTEST_SINUS_S), np.log(slowest_sinus_s)))
    drift = rng.uniform(0, 0.1)
    r_s, planned = [1.0], [Planned(1.0, N)]
    while r_s[-1] <= duration_s:
        beat = next(beats)
        sinus_now_s = sinus_s * (1 + drift * np.sin(2 * np.pi * r_s[-1] / 120))
        r_s.append(r_s[-1] + max(SHORTEST_RR_S, beat.fraction * sinus_now_s))
        planned.append(beat)
    return np.array(r_s), planned


def _beats_placed(r_s: np.ndarray, planned: list[Planned], patient: _Patient, rng: np.random.Generator) -> np.ndarray:
    fs = patient.fs
    signal = np.zeros(int((r_s[-1] + 1.5) * fs))
    starts = ((r_s - CUT_BEFORE_S) * fs).astype(int)
    following_rr_s = np.append(np.diff(r_s), 1.0)
    position = int(rng.integers(len(patient.normal)))
    for number, (start, beat, rr_s) in enumerate(zip(starts, planned, following_rr_s, strict=True)):
        position = (position + 1) % len(patient.normal)
        wave = _wave(beat, patient.normal[position], patient, rng)
        _add(signal, start, repolarised(wave, fs, (rr_s / patient.usual_rr_s) ** 0.35))
        if beat.blocked:
            first, last = p_wave_samples(fs)
            halfway = (start + starts[number - 1]) // 2
            _add(signal, halfway + first, p_wave_of(patient.normal[position], fs) * np.hanning(last - first) ** 0.25)
    return signal


def _wave(beat: Planned, normal: np.ndarray, patient: _Patient, rng: np.random.Generator) -> np.ndarray:
    if beat.label in (V, F):
        ventricular = patient.ventricular[rng.integers(len(patient.ventricular))]
        if beat.label == F and patient.ventricular_focus is not None and rng.random() < SAME_FOCUS_SHARE:
            ventricular = patient.ventricular_focus
        return ventricular if beat.label == V else fused(normal, ventricular, rng)
    if beat.p_wave == "sinus":
        return normal
    if beat.p_wave == "absent":
        return with_p_wave(normal, patient.fs, Focus(rng.uniform(-0.1, 0.15)))
    same = beat.label == S and rng.random() < SAME_FOCUS_SHARE
    return with_p_wave(normal, patient.fs, patient.atrial_focus.nearby(rng) if same else focus_drawn(rng))


def _add(signal: np.ndarray, start: int, wave: np.ndarray) -> None:
    skipped = max(-start, 0)
    part = signal[start + skipped : start + wave.size]
    part += wave[skipped : skipped + part.size]


def _background_add(signal: np.ndarray, fs: float, rng: np.random.Generator) -> None:
    """Slow wander and noise."""
    t = np.arange(signal.size) / fs
    signal += rng.uniform(0, 0.1) * np.sin(2 * np.pi * (rng.uniform(0.1, 0.35) * t + rng.random()))
    signal += NOISE_MV * rng.standard_normal(signal.size)


def _fibrillating(r_s: np.ndarray, planned: list[Planned], size: int, fs: float) -> np.ndarray:
    """In which samples the atria fibrillate: 0 to 1, with ends of a fifth of a second."""
    intervals = np.array([beat.fibrillating for beat in planned], float)
    ending_at = np.searchsorted(r_s, np.arange(size) / fs).clip(max=r_s.size - 1)
    soft = np.hanning(int(0.2 * fs))
    return np.convolve(intervals[ending_at], soft / soft.sum(), mode="same")


def _fibrillation_add(signal: np.ndarray, inside: np.ndarray, patient: _Patient, rng: np.random.Generator) -> None:
    """The atria's own waves, 4 to 9 Hz."""
    t = np.arange(signal.size) / patient.fs
    height = float(np.median([np.ptp(wave) for wave in patient.normal[:FEWEST_NORMAL]])) * rng.uniform(0, 0.09)
    knots_s = np.arange(0, t[-1] + 1, 0.5)
    wandering = np.interp(t, knots_s, rng.standard_normal(knots_s.size))
    phase = 2 * np.pi * np.cumsum(rng.uniform(4, 9) * (1 + 0.15 * wandering)) / patient.fs
    signal += inside * height * (np.sin(phase) + 0.3 * np.sin(2 * phase)) * (1 + 0.4 * np.sin(0.4 * np.pi * t))
