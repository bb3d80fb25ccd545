"""R peaks of several leads at once: a beat that one lead hides stands out in another."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from worker.ecg.pacing import beats_without_spikes
from worker.ecg.r_peaks import SAMPLES_PER_S, complete_complexes, deflection_near, peaks_of_strength, resampled
from worker.ecg.rhythm_strips import rhythm_strips, without_absent
from worker.ecg.voices import TimedLead, is_curve, together, voice_of


def merged_r_peaks(leads: Sequence[TimedLead]) -> np.ndarray:
    """Times of the beats in seconds, ascending, shape (n_beats,).

    The strengths of all leads that show a moment are averaged, each against its own typical beat and weighted by how
    far its beats stand out.  Where a rhythm strip runs beside columns, a beat of which it shows nothing is none.

    Parameters
    ----------
    leads : sequence of TimedLead
        Of one recording.
    """
    leads = [lead for lead in leads if is_curve(lead)]
    if not leads:
        return np.empty(0)
    start_s = min(lead.start_s for lead in leads)
    curves = [(round((lead.start_s - start_s) * SAMPLES_PER_S), _seen(lead)) for lead in leads]
    peaks = beats_without_spikes(
        lambda change: _peaks([replace(lead, values=change(lead.values, lead.fs)) for lead in leads], start_s),
        curves,
        SAMPLES_PER_S,
    )
    return start_s + np.array(peaks) / SAMPLES_PER_S


def _peaks(leads: Sequence[TimedLead], start_s: float) -> list[int]:
    """Samples at ``SAMPLES_PER_S`` from a start, ascending."""
    voices = [voice_of(lead, start_s) for lead in leads]
    strength, sharp = together(voices, [voice.believed for voice in voices])
    return without_absent(peaks_of_strength(strength, sharp), rhythm_strips(voices))


def _seen(lead: TimedLead) -> np.ndarray:
    """Its values at ``SAMPLES_PER_S``, NaN where nothing was seen."""
    values = resampled(lead.values, lead.fs)
    if lead.gap is None:
        return values
    return np.where(resampled(lead.gap.astype(float), lead.fs) > 0, np.nan, values)


def r_peaks_in_lead(lead: TimedLead, times_s: np.ndarray) -> np.ndarray:
    """The merged beats as sample indices of one lead, each at its largest deflection; without those cut by its ends."""
    inside = [round((time - lead.start_s) * lead.fs) for time in times_s]
    found = [deflection_near(lead.values, at, lead.fs) for at in inside if 0 <= at < lead.values.size]
    return complete_complexes(lead.values, np.unique(np.array(found, dtype=int)), lead.fs)
