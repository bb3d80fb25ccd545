"""Tracings as values, for tests that do not need a picture to be read."""

from typing import Any

from worker.tracing import TracedLead, TracedPeak, Tracing


def traced_lead(lead: str | None = "II", *, beats: int = 3, fs: float | None = 100.0, **fields: Any) -> TracedLead:
    """A flat line with a spike of 1 mV at 0.4 s and every 0.8 s after it; 60 px a beat, its R peak 30 px in."""
    samples = [0] * (80 * beats)
    for at in range(40, len(samples), 80):
        samples[at] = 1000
    return TracedLead(
        **{
            "lead": lead,
            "source": "user" if lead else None,
            "row": 0,
            "column": 0,
            "start_s": 0.0,
            "fs": fs,
            "microvolts": tuple(samples),
            "heights": (),
            "quality": 90,
            "gap_fraction": 0.0,
            "answers": True,
            "line": tuple(
                point
                for n in range(beats)
                for point in ((60.0 * n, 80.0), (60.0 * n + 30, 20.0), (60.0 * n + 40, 80.0))
            ),
            "peaks": tuple(
                TracedPeak(None if fs is None else 0.4 + 0.8 * n, (60.0 * n + 30, 20.0)) for n in range(beats)
            ),
            **fields,
        }
    )


def tracing_with(*leads: TracedLead, **fields: Any) -> Tracing:
    """Of a picture of 300 × 100 px that is read as a whole."""
    return Tracing(
        **{
            "layout": "strip",
            "page": ((0.0, 0.0), (300.0, 0.0), (300.0, 100.0), (0.0, 100.0)),
            "grid": (((50.0, 0.0), (50.0, 100.0)), ((0.0, 50.0), (300.0, 50.0))),
            "quarter_turns": 0,
            "leads": leads or (traced_lead(),),
            **fields,
        }
    )
