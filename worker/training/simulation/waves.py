"""Beats cut out of a record, and what is done to one before it is placed into a simulated rhythm."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.training.records import Record

CUT_BEFORE_S: Final = 0.28
CUT_AFTER_S: Final = 0.42
P_WAVE_S: Final = (-0.28, -0.08)
NEAR_FOCUS_SHARE: Final = 0.35
_EDGE_S: Final = 0.04
_NORMAL_SHARE_OF_FUSION: Final = (0.35, 0.80)


def beat_waves(record: Record, label: int) -> list[np.ndarray]:
    """Beats of a label in mV, from -0.28 to +0.42 s, both ends drawn to zero so that they add up without seams."""
    signal = record.signal()
    before, after, edge = (int(part * record.fs) for part in (CUT_BEFORE_S, CUT_AFTER_S, _EDGE_S))
    taper = np.ones(before + after)
    taper[:edge] = np.sin(np.linspace(0, np.pi / 2, edge)) ** 2
    taper[-edge:] = taper[:edge][::-1]
    rr = np.diff(record.samples, prepend=0, append=len(signal))
    # Only beats whose cut holds no part of a neighbour's QRS.
    whole = (record.labels == label) & (rr[:-1] > before + 0.1 * record.fs) & (rr[1:] > after + 0.1 * record.fs)
    waves = []
    for sample in record.samples[whole]:
        wave = signal[sample - before : sample + after].astype(np.float64)
        waves.append((wave - np.linspace(wave[:edge].mean(), wave[-edge:].mean(), wave.size)) * taper)
    return waves


def ventricular_waves(record: Record) -> list[np.ndarray]:
    """A record's PVCs, to be lent to others."""
    return beat_waves(record, AAMI_CLASSES.index("V"))


def scaled_to(normal: list[np.ndarray], waves: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """PVCs of another patient, with a height that this patient's might have."""
    usual = float(np.median([np.ptp(wave) for wave in normal]))
    theirs = float(np.median([np.ptp(wave) for wave in waves]))
    factor = usual / max(theirs, 1e-6) * np.exp(rng.uniform(np.log(0.7), np.log(2.2)))
    return [wave * factor for wave in waves]


def p_wave_of(wave: np.ndarray, fs: float) -> np.ndarray:
    """The P wave above the line through its ends, shape (n_samples,)."""
    first, last = p_wave_samples(fs)
    return wave[first:last] - np.linspace(wave[first], wave[last], last - first)


def p_wave_samples(fs: float) -> tuple[int, int]:
    first, last = (int((CUT_BEFORE_S + edge) * fs) for edge in P_WAVE_S)
    return first, last


@dataclass(frozen=True, slots=True)
class Focus:
    """Where in the atria a beat begins: what becomes of the sinus node's P wave.

    ``scale``: its factor; ``shift``: samples it moves by; ``bump``, ``at`` and ``width``: a wave that is added, in
    heights of the P wave and fractions of its stretch.
    """

    scale: float
    shift: int = 0
    bump: float = 0.0
    at: float = 0.5
    width: float = 0.15

    def nearby(self, rng: np.random.Generator) -> "Focus":
        """The same focus in another beat."""
        return replace(self, scale=self.scale + rng.normal(0, 0.08), shift=self.shift + int(rng.integers(-2, 3)))


def focus_drawn(rng: np.random.Generator) -> Focus:
    """A focus anywhere in the atria; a third lie so near the sinus node that their P waves resemble its own."""
    near = rng.random() < NEAR_FOCUS_SHARE
    return Focus(
        scale=rng.uniform(0.55, 1.2) if near else rng.uniform(-0.8, 0.6),
        shift=int(rng.integers(-14, 15)),
        bump=rng.normal(0, 0.3),
        at=rng.uniform(0.25, 0.8),
        width=rng.uniform(0.08, 0.2),
    )


def with_p_wave(wave: np.ndarray, fs: float, focus: Focus) -> np.ndarray:
    """The beat with the P wave that a focus would give it."""
    first, last = p_wave_samples(fs)
    p_wave = p_wave_of(wave, fs)
    window = np.hanning(last - first) ** 0.25
    bump = (
        focus.bump * np.ptp(p_wave) * np.exp(-0.5 * ((np.linspace(0, 1, last - first) - focus.at) / focus.width) ** 2)
    )
    changed = wave.copy()
    changed[first:last] += window * (focus.scale * np.roll(p_wave * window, focus.shift) + bump) - p_wave * window
    return changed


def fused(normal: np.ndarray, ventricular: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Both ventricles at once from above and from a focus of their own: the beat lies between the two shapes."""
    share = rng.uniform(*_NORMAL_SHARE_OF_FUSION)
    return share * normal + (1 - share) * ventricular


def repolarised(wave: np.ndarray, fs: float, factor: float) -> np.ndarray:
    """The part after the QRS shortened or lengthened, as the QT interval follows the rate."""
    factor = min(max(factor, 0.7), 1.15)
    before = int(CUT_BEFORE_S * fs)
    qrs_end = before + (wave.size - before) // 5
    tail = wave[qrs_end:]
    stretched = np.interp(np.linspace(0, tail.size - 1, int(tail.size * factor)), np.arange(tail.size), tail)
    return np.concatenate([wave[:qrs_end], stretched])
