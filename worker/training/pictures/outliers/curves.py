"""Curves that no heart drew: what other instruments write, and what a signal generator gives."""

from typing import Final

import numpy as np
from scipy import signal

SAMPLES: Final = 2400
Rng = np.random.Generator


def respiration(rng: Rng) -> np.ndarray:
    x = _time(float(rng.uniform(3, 9)))
    return np.abs(np.sin(np.pi * x + 0.3 * np.sin(2 * x))) ** rng.uniform(0.8, 2.0) + _noise(rng, 0.01)


def pulse_oximeter(rng: Rng) -> np.ndarray:
    """A photoplethysmogram: a quick rise, a slow fall with a notch."""
    x = _time(float(rng.uniform(5, 14))) % 1.0
    notch = rng.uniform(0.15, 0.4) * np.exp(-0.5 * ((x - 0.55) / 0.08) ** 2)
    return np.exp(-0.5 * ((x - 0.25) / 0.11) ** 2) + notch + _noise(rng, 0.01)


def arterial_pressure(rng: Rng) -> np.ndarray:
    x = _time(float(rng.uniform(5, 14))) % 1.0
    rise = np.clip(x / 0.12, 0, 1)
    fall = np.exp(-np.clip(x - 0.12, 0, None) * rng.uniform(1.6, 3.0))
    return rise * fall + 0.12 * np.exp(-0.5 * ((x - 0.42) / 0.03) ** 2) + _noise(rng, 0.005)


def capnogram(rng: Rng) -> np.ndarray:
    x = _time(float(rng.uniform(4, 9))) % 1.0
    plateau = np.clip((x - 0.3) / 0.06, 0, 1) * np.clip((0.85 - x) / 0.04, 0, 1)
    return plateau * (0.9 + 0.1 * x) + _noise(rng, 0.004)


def brain_waves(rng: Rng) -> np.ndarray:
    """Pink noise with an alpha rhythm that comes and goes."""
    t = np.linspace(0, 10, SAMPLES)
    alpha = np.sin(2 * np.pi * rng.uniform(8, 12) * t) * (1 + np.sin(2 * np.pi * rng.uniform(0.2, 0.6) * t))
    return _coloured(rng, 1.0) + rng.uniform(0.5, 2.0) * alpha


def muscle(rng: Rng) -> np.ndarray:
    """An electromyogram: bursts of noise."""
    bursts = _pulses(rng, int(rng.integers(2, 6)), 0.06)
    return rng.normal(0, 1, SAMPLES) * (0.05 + bursts)


def seismogram(rng: Rng) -> np.ndarray:
    t = np.linspace(0, 1, SAMPLES)
    waves = np.zeros(SAMPLES)
    for start, weight in ((rng.uniform(0.1, 0.3), 0.4), (rng.uniform(0.4, 0.6), 1.0)):
        waves += weight * (t > start) * np.exp(-np.clip(t - start, 0, None) * 9) * rng.normal(0, 1, SAMPLES)
    return signal.sosfiltfilt(signal.butter(2, 0.2, output="sos"), waves) + _noise(rng, 0.01)


def blinks(rng: Rng) -> np.ndarray:
    """An electro-oculogram: blinks at odd moments over slow drifts."""
    return _pulses(rng, int(rng.integers(3, 9)), 0.018) + 0.15 * _coloured(rng, 2.0) + _noise(rng, 0.02)


def nerve_spikes(rng: Rng) -> np.ndarray:
    """A neuron's action potentials: needles at odd moments in noise."""
    t = np.linspace(0, 1, SAMPLES)
    values = _noise(rng, 0.04)
    for at in rng.uniform(0.02, 0.98, int(rng.integers(8, 30))):
        height = rng.uniform(0.4, 1.0)
        values += height * np.exp(-0.5 * ((t - at) / 0.0012) ** 2)
        values -= 0.4 * height * np.exp(-0.5 * ((t - at - 0.004) / 0.002) ** 2)
    return values


def heart_sounds(rng: Rng) -> np.ndarray:
    """A phonocardiogram: two tones a beat."""
    x = _time(float(rng.uniform(5, 11))) % 1.0
    shape = np.exp(-0.5 * ((x - 0.15) / 0.03) ** 2) + 0.7 * np.exp(-0.5 * ((x - 0.5) / 0.025) ** 2)
    return shape * np.sin(2 * np.pi * 90 * np.linspace(0, 10, SAMPLES)) + _noise(rng, 0.02)


def footsteps(rng: Rng) -> np.ndarray:
    x = _time(float(rng.uniform(8, 18)))
    return np.abs(np.sin(np.pi * x)) ** 3 + 0.4 * np.sin(2 * np.pi * x + 1) + 0.25 * _coloured(rng, 0.5)


def glucose(rng: Rng) -> np.ndarray:
    return _pulses(rng, int(rng.integers(3, 6)), 0.05) * rng.uniform(0.8, 1.2) + 0.2 * _coloured(rng, 2.0)


def sine_wave(rng: Rng) -> np.ndarray:
    return np.sin(2 * np.pi * _time(float(rng.uniform(1, 25))))


def square_wave(rng: Rng) -> np.ndarray:
    return (_time(float(rng.uniform(3, 15))) % 1.0 < rng.uniform(0.1, 0.6)).astype(float)


def sawtooth_wave(rng: Rng) -> np.ndarray:
    return signal.sawtooth(2 * np.pi * _time(float(rng.uniform(3, 15))), width=float(rng.uniform(0, 1)))


def pulse_train(rng: Rng) -> np.ndarray:
    """Round pulses at even distances, with nothing between them."""
    x = _time(float(rng.uniform(4, 16))) % 1.0
    return np.exp(-0.5 * ((x - 0.5) / rng.uniform(0.01, 0.05)) ** 2)


def chirp(rng: Rng) -> np.ndarray:
    return signal.chirp(np.linspace(0, 1, SAMPLES), rng.uniform(1, 4), 1, rng.uniform(15, 40))


def radio_wave(rng: Rng) -> np.ndarray:
    t = np.linspace(0, 1, SAMPLES)
    return np.sin(2 * np.pi * rng.uniform(30, 60) * t) * (1 + 0.9 * np.sin(2 * np.pi * rng.uniform(2, 5) * t))


def damped_wave(rng: Rng) -> np.ndarray:
    t = np.linspace(0, 1, SAMPLES)
    return np.exp(-rng.uniform(2, 6) * t) * np.sin(2 * np.pi * rng.uniform(6, 20) * t)


def chromatogram(rng: Rng) -> np.ndarray:
    """Peaks with tails over a flat ground."""
    t = np.linspace(0, 1, SAMPLES)
    values = _noise(rng, 0.003)
    for at in np.sort(rng.uniform(0.05, 0.95, int(rng.integers(4, 14)))):
        width = rng.uniform(0.003, 0.01)
        tail = np.where(t > at, 2.0, 1.0) * width
        values += rng.lognormal(-0.7, 0.7) * np.exp(-0.5 * ((t - at) / tail) ** 2)
    return values


def mass_spectrum(rng: Rng) -> np.ndarray:
    values = np.abs(_noise(rng, 0.004))
    at = rng.integers(10, SAMPLES - 10, int(rng.integers(8, 30)))
    values[at] += rng.exponential(0.4, len(at))
    return values


def resonance_spectrum(rng: Rng) -> np.ndarray:
    """A nuclear magnetic resonance spectrum: multiplets of narrow lines."""
    t = np.linspace(0, 1, SAMPLES)
    values = _noise(rng, 0.002)
    for at in rng.uniform(0.05, 0.95, int(rng.integers(3, 8))):
        lines = int(rng.integers(1, 5))
        weights = np.array([1.0, 3.0, 3.0, 1.0][:lines]) * rng.uniform(0.2, 1.0)
        for number, weight in enumerate(weights):
            values += weight / (1 + ((t - at - 0.008 * number) / 0.0015) ** 2)
    return values


def diffraction(rng: Rng) -> np.ndarray:
    """Peaks over a falling ground, as a powder diffractogram or a Raman spectrum shows them."""
    t = np.linspace(0, 1, SAMPLES)
    values = 0.4 * np.exp(-3 * t) + _noise(rng, 0.01)
    for at in rng.uniform(0.1, 0.95, int(rng.integers(6, 18))):
        values += rng.exponential(0.35) / (1 + ((t - at) / rng.uniform(0.002, 0.006)) ** 2)
    return values


def sound_wave(rng: Rng) -> np.ndarray:
    syllables = _pulses(rng, int(rng.integers(6, 14)), 0.025)
    return rng.normal(0, 1, SAMPLES) * syllables


def random_walk(rng: Rng) -> np.ndarray:
    return np.cumsum(rng.normal(0, 1, int(rng.integers(80, 900))))


def stepped_counts(rng: Rng) -> np.ndarray:
    return np.repeat(rng.integers(0, 12, int(rng.integers(10, 40))), 40).astype(float)


def _time(cycles: float) -> np.ndarray:
    return np.linspace(0, cycles, SAMPLES)


def _noise(rng: Rng, level: float) -> np.ndarray:
    return rng.normal(0, level, SAMPLES)


def _coloured(rng: Rng, exponent: float) -> np.ndarray:
    """Noise whose power falls with frequency to the power of ``2 * exponent``; standard deviation 1."""
    spectrum = np.fft.rfft(rng.normal(0, 1, SAMPLES))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** exponent
    spectrum[0] = 0
    values = np.fft.irfft(spectrum, SAMPLES)
    return values / values.std()


def _pulses(rng: Rng, count: int, width: float) -> np.ndarray:
    """Round pulses at odd moments, width and moment of the whole length."""
    t = np.linspace(0, 1, SAMPLES)
    values = np.zeros(SAMPLES)
    for at in rng.uniform(0.05, 0.95, count):
        values += rng.uniform(0.5, 1.0) * np.exp(-0.5 * ((t - at) / width) ** 2)
    return values


CURVES: Final = (
    respiration, pulse_oximeter, arterial_pressure, capnogram, brain_waves, muscle, seismogram, blinks, nerve_spikes,
    heart_sounds, footsteps, glucose, sine_wave, square_wave, sawtooth_wave, pulse_train, chirp, radio_wave,
    damped_wave, chromatogram, mass_spectrum, resonance_spectrum, diffraction, sound_wave, random_walk, stepped_counts,
)  # fmt: skip
