"""Which leads of a picture are answered from: one long enough for rhythm, else one of each column."""

from collections.abc import Sequence
from typing import Final

from worker.image.reading import LeadReading

MAX_GAP: Final = 0.12
# Of 117 rows on 20 generated pages of LUDB's odd records the least was 91; of words read as rows 83 was most.
MIN_QUALITY: Final = 85
LONG_S: Final = 6.0
_PREFERRED: Final = ("II", "V5", "V1", None, "I", "V6", "V4", "V2", "V3", "III", "aVF", "aVL", "aVR")
_GOOD: Final = 92  # of quality; among good ones the lead decides


def answering_of(leads: Sequence[LeadReading]) -> tuple[int, ...]:
    """Numbers of the leads, in the order of time; empty where none was read well and without large gaps.

    A heartbeat is answered once.  Rhythm strips are the longest, and leads that models were taught come first.
    """
    whole = [
        at
        for at, lead in enumerate(leads)
        if lead.gap_fraction <= MAX_GAP and lead.quality >= MIN_QUALITY and lead.r_peaks.size
    ]
    long = [at for at in whole if (leads[at].seconds or 0.0) >= LONG_S]
    if long:
        return (min(long, key=lambda at: _rank(leads[at])),)
    columns = sorted({leads[at].column for at in whole})
    return tuple(min((at for at in whole if leads[at].column == c), key=lambda at: _rank(leads[at])) for c in columns)


def _rank(lead: LeadReading) -> tuple[bool, int, int]:
    known = lead.lead if lead.lead in _PREFERRED else None
    return lead.quality < _GOOD, _PREFERRED.index(known), -lead.row
