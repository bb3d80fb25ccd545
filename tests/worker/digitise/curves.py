"""Traced leads for tests, by a few values."""

from worker.tracing import TracedLead, Tracing


def lead(name, microvolts=(0, 100, None), *, start_s=0.0, fs=100.0, heights=()) -> TracedLead:
    return TracedLead(
        lead=name,
        source=None,
        row=0,
        column=0,
        start_s=start_s,
        fs=fs,
        microvolts=microvolts,
        heights=heights,
        quality=90,
        gap_fraction=0.0,
        answers=True,
        line=(),
        peaks=(),
    )


def tracing(*leads: TracedLead) -> Tracing:
    return Tracing(layout="3x4+1", page=(), grid=(), quarter_turns=0, leads=leads)
