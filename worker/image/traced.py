"""A reading as plain values that can be stored and drawn."""

from typing import Final

import cv2
import numpy as np

from worker.image.reading import LeadReading, Reading
from worker.tracing import Point, TracedLead, TracedPeak, Tracing

_THINNED_PX: Final = 0.4  # how far a thinned line may be off


def tracing_of(reading: Reading) -> Tracing:
    """The curves of a reading and where they lie."""
    return Tracing(
        layout=reading.layout,
        page=_points(reading.page_px),
        grid=tuple(_points(line) for line in reading.grid_px),
        quarter_turns=reading.quarter_turns,
        leads=tuple(_lead(lead, at in reading.answering) for at, lead in enumerate(reading.leads)),
    )


def _lead(lead: LeadReading, answers: bool) -> TracedLead:
    mv = lead.millivolts
    return TracedLead(
        lead=lead.lead,
        source=lead.lead_source,
        row=lead.row,
        column=lead.column,
        start_s=round(lead.start_s, 4),
        fs=lead.fs,
        microvolts=None if mv is None else tuple(None if np.isnan(v) else round(1000 * float(v)) for v in mv),
        heights=() if mv is not None else _shares(lead),
        quality=lead.quality,
        gap_fraction=round(lead.gap_fraction, 4),
        answers=answers,
        line=_thinned(lead.at_px),
        peaks=tuple(
            TracedPeak(None if lead.fs is None else round(int(at) / lead.fs, 4), _points(lead.at_px[[at]])[0])
            for at in lead.r_peaks
        ),
    )


def _shares(lead: LeadReading) -> tuple[float | None, ...]:
    low, high = float(lead.values.min()), float(lead.values.max())
    shares = (lead.values - low) / max(high - low, 1e-9)
    return tuple(None if gap else round(float(share), 4) for share, gap in zip(shares, lead.gap, strict=True))


def _thinned(at_px: np.ndarray) -> tuple[Point, ...]:
    line = cv2.approxPolyDP(at_px.astype(np.float32)[:, None], _THINNED_PX, closed=False)
    return _points(line[:, 0])


def _points(xy: np.ndarray) -> tuple[Point, ...]:
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in xy)
