"""Which leads of a picture are answered from: one long enough for rhythm, else one of each column."""

from collections.abc import Callable, Sequence
from typing import Final

from worker.errors import EcgError
from worker.image.reading import LeadReading, Reading
from worker.image.traced import tracing_of

MAX_GAP: Final = 0.12
# Of 117 rows on 20 generated pages of LUDB's odd records the least was 91; of words read as rows 83 was most.
MIN_QUALITY: Final = 85
LONG_S: Final = 6.0
_A_BEAT_S: Final = 0.3  # of writing over the trace, under which one may be missed
_PREFERRED: Final = ("II", "V5", "V1", None, "I", "V6", "V4", "V2", "V3", "III", "aVF", "aVL", "aVR")
_GOOD: Final = 92  # of quality; among good ones the lead decides


def answering_of(leads: Sequence[LeadReading], beats: Callable[[LeadReading], bool | None]) -> tuple[int, ...]:
    """Numbers of the leads, in the order of time; empty where none was read well and without large gaps.

    A heartbeat is answered once, and none that was found is left out: columns answer only if each that shows beats has
    such a lead.  Rhythm strips are the longest, and leads that models were taught come first; those that do not beat
    like a heart, such as under a tremor, come last, and the columns answer for such a strip where any of them does;
    before them come those with a beat in a gap.

    Parameters
    ----------
    leads : sequence of LeadReading
    beats : callable
        Whether a lead beats like a heart; None where it has too few beats to tell.
    """
    whole = [
        at
        for at, lead in enumerate(leads)
        if lead.gap_fraction <= MAX_GAP and lead.quality >= MIN_QUALITY and lead.r_peaks.size and not hides_a_beat(lead)
    ]
    told = {at: beats(leads[at]) for at in whole}
    rank = {at: (told[at] is False, *_rank(leads[at])) for at in whole}
    long = [at for at in whole if (leads[at].seconds or 0.0) >= LONG_S]
    short = [at for at in whole if at not in long]
    best = min(long, key=rank.__getitem__, default=None)
    if best is not None and (told[best] is not False or not any(told[at] for at in short)):
        return (best,)
    columns = sorted({leads[at].column for at in short})
    beating = {lead.column for lead in leads if lead.r_peaks.size and (lead.seconds or 0.0) < LONG_S}
    if not beating <= set(columns):
        return ()
    return tuple(min((at for at in short if leads[at].column == c), key=rank.__getitem__) for c in columns)


def hides_a_beat(lead: LeadReading) -> bool:
    """Whether so much is written over a lead that a beat may lie under it: a pause would be measured where none is."""
    return lead.covered_s >= _A_BEAT_S


def written_over(reading: Reading) -> EcgError:
    """The end of a picture that could be answered from if nothing were written over it."""
    most_s = max(lead.covered_s for lead in reading.leads)
    detail = f"another ink lies over the trace for {most_s:.1f} s"
    return EcgError("written_over", detail, kind=reading.kind, found=tracing_of(reading))


def _rank(lead: LeadReading) -> tuple[bool, bool, int, int]:
    known = lead.lead if lead.lead in _PREFERRED else None
    return lead.lacks_a_beat, lead.quality < _GOOD, _PREFERRED.index(known), -lead.row
