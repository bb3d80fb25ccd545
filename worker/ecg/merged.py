"""R peaks of several leads at once: a beat that one lead hides stands out in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.ecg.r_peaks import (
    SAMPLES_PER_S,
    complete_complexes,
    deflection_near,
    peaks_of_strength,
    qrs_strength,
    resampled,
    sharp_strength,
    strength_candidates,
    typical_strength,
)

_STRONGEST: Final = 2.0  # of a lead's typical beat: one artefact does not outvote the others
_NOISE: Final = 2.0  # a typical beat against the median strength: below there are no beats to see,
_CLEAR: Final = 10.0  # and from here on all that a lead says is believed
_LEAST_WEIGHT: Final = 0.02
_END_S: Final = 0.2
_LEAST_S: Final = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class TimedLead:
    """``values`` of shape (n,), positive up, any unit, without NaN; ``start_s`` is the time of the first.

    ``trust``, 0 to 1, is how far it is believed beside the others.
    """

    start_s: float
    values: np.ndarray
    fs: float
    trust: float = 1.0


def merged_r_peaks(leads: Sequence[TimedLead]) -> np.ndarray:
    """Times of the beats in seconds, ascending, shape (n_beats,).

    The strengths of all leads that show a moment are averaged, each against its own typical beat and weighted by how
    far its beats stand out.

    Parameters
    ----------
    leads : sequence of TimedLead
        Of one recording.
    """
    leads = [lead for lead in leads if lead.values.size >= _LEAST_S * lead.fs and np.ptp(lead.values) > 0]
    if not leads:
        return np.empty(0)
    start_s = min(lead.start_s for lead in leads)
    length = 1 + max(round((lead.start_s - start_s + lead.values.size / lead.fs) * SAMPLES_PER_S) for lead in leads)
    totals, weights = np.zeros((2, length)), np.zeros(length)
    for lead in leads:
        at_250 = resampled(lead.values, lead.fs)
        strength = qrs_strength(at_250)
        both = np.stack([strength, sharp_strength(at_250)])
        typical = typical_strength(strength[strength_candidates(strength)], strength.size)
        weight = _weight(typical / max(float(np.median(strength)), 1e-12))
        first = round((lead.start_s - start_s) * SAMPLES_PER_S)
        shown = slice(first, min(length, first + strength.size))
        believed = lead.trust * weight * _away_from_ends(strength.size)
        totals[:, shown] += (believed * np.minimum(both / max(typical, 1e-12), _STRONGEST))[:, : length - first]
        weights[shown] += believed[: length - first]
    strength, sharp = totals / np.maximum(weights, 1e-12)
    return start_s + np.array(peaks_of_strength(strength, sharp)) / SAMPLES_PER_S


def _away_from_ends(size: int) -> np.ndarray:
    """Less near a lead's ends, where separators stand and complexes are cut: another lead knows better."""
    from_end = np.minimum(np.arange(size), np.arange(size)[::-1]) / SAMPLES_PER_S
    return np.clip(from_end / _END_S, _LEAST_WEIGHT, 1.0)


def _weight(contrast: float) -> float:
    return float(np.clip((contrast - _NOISE) / (_CLEAR - _NOISE), _LEAST_WEIGHT, 1.0))


def r_peaks_in_lead(lead: TimedLead, times_s: np.ndarray) -> np.ndarray:
    """The merged beats as sample indices of one lead, each at its largest deflection; without those cut by its ends."""
    inside = [round((time - lead.start_s) * lead.fs) for time in times_s]
    found = [deflection_near(lead.values, at, lead.fs) for at in inside if 0 <= at < lead.values.size]
    return complete_complexes(lead.values, np.unique(np.array(found, dtype=int)), lead.fs)
