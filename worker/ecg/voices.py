"""Leads that tell of the same beats, each of which stands out more or less in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.ecg.r_peaks import (
    SAMPLES_PER_S,
    qrs_strength,
    resampled,
    sharp_strength,
    strength_candidates,
    typical_strength,
)

END_S: Final = 0.2  # of a lead, in which complexes are cut
STRONGEST: Final = 2.0  # of a lead's typical beat: one artefact does not outvote the others
_NOISE: Final = 2.0  # a typical beat against the median strength: below there are no beats to see,
_CLEAR: Final = 10.0  # and from here on all that a lead says is believed
_LEAST_WEIGHT: Final = 0.02
_LEAST_S: Final = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class TimedLead:
    """``values`` of shape (n,), positive up, any unit, without NaN; ``start_s`` is the time of the first.

    ``trust``, 0 to 1, is how far it is believed beside the others; ``gap`` of shape (n,) says where nothing was seen.
    """

    start_s: float
    values: np.ndarray
    fs: float
    trust: float = 1.0
    gap: np.ndarray | None = None

    @property
    def seconds(self) -> float:
        return self.values.size / self.fs


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """What a lead says of each moment: ``levels`` are its strengths of two kinds against its own typical beat."""

    lead: TimedLead
    first: int
    levels: np.ndarray  # shape (2, n)
    weight: float

    @property
    def believed(self) -> np.ndarray:
        return self.lead.trust * self.weight * _away_from_ends(self.levels.shape[1])


def is_curve(lead: TimedLead) -> bool:
    return lead.values.size >= _LEAST_S * lead.fs and bool(np.ptp(lead.values) > 0)


def voice_of(lead: TimedLead, start_s: float) -> Voice:
    at_250 = resampled(lead.values, lead.fs)
    strength = qrs_strength(at_250)
    typical = typical_strength(strength[strength_candidates(strength)], strength.size)
    levels = np.stack([strength, sharp_strength(at_250)]) / max(typical, 1e-12)
    weight = _weight(typical / max(float(np.median(strength)), 1e-12))
    return Voice(lead, round((lead.start_s - start_s) * SAMPLES_PER_S), levels, weight)


def together(voices: Sequence[Voice], believed: Sequence[np.ndarray | float]) -> np.ndarray:
    """The mean of both kinds of strength at each moment, shape (2, n); ``believed`` are their weights there."""
    length = max(voice.first + voice.levels.shape[1] for voice in voices)
    totals, weights = np.zeros((2, length)), np.zeros(length)
    for voice, weight in zip(voices, believed, strict=True):
        shown = slice(voice.first, voice.first + voice.levels.shape[1])
        totals[:, shown] += weight * np.minimum(voice.levels, STRONGEST)
        weights[shown] += weight
    return np.asarray(totals / np.maximum(weights, 1e-12))


def _away_from_ends(size: int) -> np.ndarray:
    """Less near a lead's ends, where separators stand and complexes are cut: another lead knows better."""
    from_end = np.minimum(np.arange(size), np.arange(size)[::-1]) / SAMPLES_PER_S
    return np.clip(from_end / END_S, _LEAST_WEIGHT, 1.0)


def _weight(contrast: float) -> float:
    return float(np.clip((contrast - _NOISE) / (_CLEAR - _NOISE), _LEAST_WEIGHT, 1.0))
