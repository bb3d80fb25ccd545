"""R peaks of several leads at once: a beat that one lead hides stands out in another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
_OUTLASTS: Final = 1.5  # the shortest lead: a rhythm strip beside columns
# Of a lead's typical beat.  Of 22,618 beats in clear ten-second pieces of DS1's MLII 14 were weaker, of 445 of LUDB's
# II none; where three columns took letters, or spikes of a pacemaker, for a beat, the strip below had 0.15 and less.
_ABSENT: Final = 0.2
_SURE_OF_ABSENCE: Final = 0.75  # weight of a lead of which silence is believed
_NEAR_S: Final = 0.05
_LAG_S: Final = 0.25
_LEAST_LAG_S: Final = 0.06
_TOGETHER: Final = 0.6  # of the strengths of a strip and of the columns, at the lag at which they fit best
_APART: Final = 0.5  # of that, without it
_MOST_ABSENT: Final = 1 / 3  # of the beats: a strip that lacks more is of another time


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
class _Voice:
    """What a lead says of each moment: ``levels`` are its strengths of two kinds against its own typical beat."""

    lead: TimedLead
    first: int
    levels: np.ndarray  # shape (2, n)
    weight: float

    @property
    def believed(self) -> np.ndarray:
        return self.lead.trust * self.weight * _away_from_ends(self.levels.shape[1])

    def is_silent_at(self, sample: int) -> bool | None:
        """Whether there is no beat in it, or None where it does not show the moment, or not clearly enough to tell."""
        at, reach = sample - self.first, round(_NEAR_S * SAMPLES_PER_S)
        end = round(_END_S * SAMPLES_PER_S)
        if self.weight < _SURE_OF_ABSENCE or not end <= at < self.levels.shape[1] - end or self._has_gap(at):
            return None
        return bool(self.levels[0, at - reach : at + reach + 1].max() < _ABSENT)

    def _has_gap(self, at: int) -> bool:
        if self.lead.gap is None:
            return False
        first, last = (round((at / SAMPLES_PER_S + off) * self.lead.fs) for off in (-_NEAR_S, _NEAR_S))
        return bool(self.lead.gap[max(0, first) : last + 1].any())


def strips_in_time(leads: Sequence[TimedLead]) -> tuple[TimedLead, ...]:
    """The leads with rhythm strips moved to the time of the columns, where these have the same beats earlier or later.

    Paper may be cut, or columns printed apart, so that what stands below each other is not of one time.
    """
    if not leads:
        return ()
    start_s, shortest = min(lead.start_s for lead in leads), min(lead.seconds for lead in leads)
    of_columns = [_voice(lead, start_s) for lead in leads if lead.seconds < _OUTLASTS * shortest and _is_curve(lead)]
    return tuple(
        replace(lead, start_s=lead.start_s + _lag_s(_voice(lead, start_s), of_columns))
        if lead.seconds >= _OUTLASTS * shortest and _is_curve(lead)
        else lead
        for lead in leads
    )


def _lag_s(strip: _Voice, columns: Sequence[_Voice]) -> float:
    """What to add to a strip's time, 0 where its beats are those of the columns as it is, or at no other time."""
    strength, _ = _together([strip, *columns], [0.0, *(voice.lead.trust * voice.weight for voice in columns)])
    own = np.zeros(strength.size)
    own[strip.first : strip.first + strip.levels.shape[1]] = np.minimum(strip.levels[0], _STRONGEST)
    scale = max(float(np.sqrt((own**2).sum() * (strength**2).sum())), 1e-12)
    reach = round(_LAG_S * SAMPLES_PER_S)
    lags = np.array(sorted(range(-reach, reach + 1), key=abs))
    fits = np.array([(np.roll(own, lag) * strength).sum() / scale for lag in lags])
    lag_s, fit = lags[fits.argmax()] / SAMPLES_PER_S, fits.max()
    moves = abs(lag_s) >= _LEAST_LAG_S and fit >= _TOGETHER and fits[0] <= _APART * fit
    return float(lag_s) if moves else 0.0


def _is_curve(lead: TimedLead) -> bool:
    return lead.values.size >= _LEAST_S * lead.fs and bool(np.ptp(lead.values) > 0)


def merged_r_peaks(leads: Sequence[TimedLead]) -> np.ndarray:
    """Times of the beats in seconds, ascending, shape (n_beats,).

    The strengths of all leads that show a moment are averaged, each against its own typical beat and weighted by how
    far its beats stand out.  Where a rhythm strip runs beside columns, a beat of which it shows nothing is none.

    Parameters
    ----------
    leads : sequence of TimedLead
        Of one recording.
    """
    leads = [lead for lead in leads if _is_curve(lead)]
    if not leads:
        return np.empty(0)
    start_s = min(lead.start_s for lead in leads)
    voices = [_voice(lead, start_s) for lead in leads]
    strength, sharp = _together(voices, [voice.believed for voice in voices])
    peaks = _without_absent(peaks_of_strength(strength, sharp), _rhythm_strips(voices))
    return start_s + np.array(peaks) / SAMPLES_PER_S


def _together(voices: Sequence[_Voice], believed: Sequence[np.ndarray | float]) -> np.ndarray:
    """The mean of both kinds of strength at each moment, shape (2, n); ``believed`` are their weights there."""
    length = max(voice.first + voice.levels.shape[1] for voice in voices)
    totals, weights = np.zeros((2, length)), np.zeros(length)
    for voice, weight in zip(voices, believed, strict=True):
        shown = slice(voice.first, voice.first + voice.levels.shape[1])
        totals[:, shown] += weight * np.minimum(voice.levels, _STRONGEST)
        weights[shown] += weight
    return np.asarray(totals / np.maximum(weights, 1e-12))


def _voice(lead: TimedLead, start_s: float) -> _Voice:
    at_250 = resampled(lead.values, lead.fs)
    strength = qrs_strength(at_250)
    typical = typical_strength(strength[strength_candidates(strength)], strength.size)
    levels = np.stack([strength, sharp_strength(at_250)]) / max(typical, 1e-12)
    weight = _weight(typical / max(float(np.median(strength)), 1e-12))
    return _Voice(lead, round((lead.start_s - start_s) * SAMPLES_PER_S), levels, weight)


def _rhythm_strips(voices: Sequence[_Voice]) -> list[_Voice]:
    shortest = min(voice.lead.seconds for voice in voices)
    return [voice for voice in voices if voice.lead.seconds >= _OUTLASTS * shortest]


def _without_absent(peaks: Sequence[int], strips: Sequence[_Voice]) -> list[int]:
    kept = [peak for peak in peaks if not _is_absent(peak, strips)]
    return kept if len(peaks) - len(kept) <= _MOST_ABSENT * len(peaks) else list(peaks)


def _is_absent(sample: int, strips: Sequence[_Voice]) -> bool:
    said = [silent for strip in strips if (silent := strip.is_silent_at(sample)) is not None]
    return bool(said) and all(said)


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
