"""Rhythm strips beside columns: set in their time, and asked of every beat that these show."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from worker.ecg.column_gaps import column_numbers, gap_between_columns_s
from worker.ecg.r_peaks import SAMPLES_PER_S
from worker.ecg.voices import END_S, STRONGEST, TimedLead, Voice, is_curve, together, voice_of

_OUTLASTS: Final = 1.5  # the shortest lead
# Of a lead's typical beat.  Of 22,618 beats in clear ten-second pieces of DS1's MLII 14 were weaker, of 445 of LUDB's
# II none; where three columns took letters, or spikes of a pacemaker, for a beat, the strip below had 0.15 and less.
_ABSENT: Final = 0.2
_SURE_OF_ABSENCE: Final = 0.75  # weight of a lead of which silence is believed
_NEAR_S: Final = 0.05
_MOST_ABSENT: Final = 1 / 3  # of the beats: a strip that lacks more is of another time
_LAG_S: Final = 0.25
_LEAST_LAG_S: Final = 0.06
_TOGETHER: Final = 0.6  # of the strengths of a strip and of the columns, at the lag at which they fit best
_APART: Final = 0.5  # of that, without it


def strips_in_time(leads: Sequence[TimedLead]) -> tuple[TimedLead, ...]:
    """The leads in one time, where rhythm strips have the beats of the columns, but earlier or later.

    Paper may be cut, or columns printed apart, so that what stands below each other is not of one time: columns are
    moved by the blanks between them, then strips to the columns.

    Parameters
    ----------
    leads : sequence of TimedLead
        Of one recording.
    """
    curves = [lead for lead in leads if is_curve(lead)]
    if not curves:
        return tuple(leads)
    start_s = min(lead.start_s for lead in leads)
    voices = [voice_of(lead, start_s) for lead in curves]
    strips = {voice.lead: voice for voice in rhythm_strips(voices)}
    columns = [voice for voice in voices if voice.lead not in strips]
    gap_s = gap_between_columns_s(list(strips.values()), columns)
    late_s = {voice.lead: gap_s * number for voice, number in zip(columns, column_numbers(columns), strict=True)}
    closed_up = [replace(voice, first=voice.first - round(late_s[voice.lead] * SAMPLES_PER_S)) for voice in columns]
    late_s |= {lead: -_lag_s(strip, closed_up) for lead, strip in strips.items()}
    return tuple(replace(lead, start_s=lead.start_s - late) if (late := late_s.get(lead)) else lead for lead in leads)


def rhythm_strips(voices: Sequence[Voice]) -> list[Voice]:
    """Those that last far longer than the shortest."""
    shortest = min(voice.lead.seconds for voice in voices)
    return [voice for voice in voices if voice.lead.seconds >= _OUTLASTS * shortest]


def without_absent(peaks: Sequence[int], strips: Sequence[Voice]) -> list[int]:
    """The beats, by their samples, but for those of which every strip that shows the moment clearly shows nothing."""
    kept = [peak for peak in peaks if not _is_absent(peak, strips)]
    return kept if len(peaks) - len(kept) <= _MOST_ABSENT * len(peaks) else list(peaks)


def _is_absent(sample: int, strips: Sequence[Voice]) -> bool:
    said = [silent for strip in strips if (silent := _is_silent(strip, sample)) is not None]
    return bool(said) and all(said)


def _is_silent(voice: Voice, sample: int) -> bool | None:
    """Whether there is no beat in it, or None where it does not show the moment, or not clearly enough to tell."""
    at, reach = sample - voice.first, round(_NEAR_S * SAMPLES_PER_S)
    end = round(END_S * SAMPLES_PER_S)
    if voice.weight < _SURE_OF_ABSENCE or not end <= at < voice.levels.shape[1] - end or _has_gap(voice.lead, at):
        return None
    return bool(voice.levels[0, at - reach : at + reach + 1].max() < _ABSENT)


def _has_gap(lead: TimedLead, at: int) -> bool:
    if lead.gap is None:
        return False
    first, last = (round((at / SAMPLES_PER_S + off) * lead.fs) for off in (-_NEAR_S, _NEAR_S))
    return bool(lead.gap[max(0, first) : last + 1].any())


def _lag_s(strip: Voice, columns: Sequence[Voice]) -> float:
    """What to add to a strip's time, 0 where its beats are those of the columns as it is, or at no other time."""
    strength, _ = together([strip, *columns], [0.0, *(voice.lead.trust * voice.weight for voice in columns)])
    own = np.zeros(strength.size)
    own[strip.first : strip.first + strip.levels.shape[1]] = np.minimum(strip.levels[0], STRONGEST)
    scale = max(float(np.sqrt((own**2).sum() * (strength**2).sum())), 1e-12)
    reach = round(_LAG_S * SAMPLES_PER_S)
    lags = np.array(sorted(range(-reach, reach + 1), key=abs))
    fits = np.array([(np.roll(own, lag) * strength).sum() / scale for lag in lags])
    lag_s, fit = lags[fits.argmax()] / SAMPLES_PER_S, fits.max()
    moves = abs(lag_s) >= _LEAST_LAG_S and fit >= _TOGETHER and fits[0] <= _APART * fit
    return float(lag_s) if moves else 0.0
