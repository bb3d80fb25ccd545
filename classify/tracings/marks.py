"""Which R peak of a tracing is which beat of a result."""

from collections.abc import Sequence
from dataclasses import dataclass

from classify.models import Beat
from worker.tracing import TracedLead, TracedPeak, Tracing


@dataclass(frozen=True, slots=True)
class PeakMark:
    """An R peak; ``beat`` is None where it is not classified from this lead."""

    peak: TracedPeak
    beat: Beat | None


def marks_of(tracing: Tracing, beats: Sequence[Beat]) -> list[list[PeakMark]]:
    """For each lead in turn. Beats count through the leads that answer, from the left column to the right."""
    in_turn = sorted((lead for lead in tracing.leads if lead.answers), key=lambda lead: lead.column)
    known = iter(beats if sum(len(lead.peaks) for lead in in_turn) == len(beats) else ())
    beats_of = {id(lead): [next(known, None) for _ in lead.peaks] for lead in in_turn}
    return [_marks(lead, beats_of.get(id(lead), [None] * len(lead.peaks))) for lead in tracing.leads]


def _marks(lead: TracedLead, beats: Sequence[Beat | None]) -> list[PeakMark]:
    return [PeakMark(peak, beat) for peak, beat in zip(lead.peaks, beats, strict=True)]
