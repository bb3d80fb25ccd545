"""A tracing as bytes for the database: JSON, compressed, since a sheet has tens of thousands of samples."""

import gzip
import json
from collections.abc import Iterable
from typing import Any

from worker.tracing import Point, TracedLead, TracedPeak, Tracing, tracing_dict


def tracing_packed(tracing: Tracing) -> bytes:
    text = json.dumps(tracing_dict(tracing), separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode(), mtime=0)


def tracing_unpacked(packed: bytes) -> Tracing:
    stored = json.loads(gzip.decompress(packed))
    return Tracing(
        layout=stored["layout"],
        page=_points(stored["page"]),
        grid=tuple(_points(line) for line in stored["grid"]),
        quarter_turns=stored["quarter_turns"],
        leads=tuple(_lead(lead) for lead in stored["leads"]),
    )


def _lead(stored: dict[str, Any]) -> TracedLead:
    microvolts = stored["microvolts"]
    return TracedLead(
        lead=stored["lead"],
        source=stored["source"],
        row=stored["row"],
        column=stored["column"],
        start_s=stored["start_s"],
        fs=stored["fs"],
        microvolts=None if microvolts is None else tuple(microvolts),
        heights=tuple(stored["heights"]),
        quality=stored["quality"],
        gap_fraction=stored["gap_fraction"],
        answers=stored["answers"],
        line=_points(stored["line"]),
        peaks=tuple(TracedPeak(peak["at_s"], _point(peak["point"])) for peak in stored["peaks"]),
    )


def _points(stored: Iterable[Any]) -> tuple[Point, ...]:
    return tuple(_point(xy) for xy in stored)


def _point(stored: Any) -> Point:
    x, y = stored
    return float(x), float(y)
