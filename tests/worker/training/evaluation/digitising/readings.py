"""A drawn sheet, and readings of it that are as true as can be, or wrong in one thing."""

import dataclasses

import numpy as np

from tests.worker.drawings import made_up_ecg
from worker.ecg.leads import STANDARD_LEADS
from worker.generator.levels import level_named
from worker.generator.sheet_picture import sheet_picture
from worker.generator.truth import DrawnPicture
from worker.image.reading import LeadReading, Reading
from worker.training.evaluation.digitising.drawing import Recording

FS = 200.0
ECG = made_up_ecg(np.random.default_rng(4))
LEADS = {lead: ECG.mv * height for lead, height in zip(STANDARD_LEADS, np.linspace(-0.9, 1.4, 12), strict=True)}
RECORDING = Recording("made up", LEADS, ECG.fs, ECG.r_s, np.empty(0), (0.0, 10.0))


def sheet(layout: str = "3x4+1", **options) -> DrawnPicture:
    level = dataclasses.replace(level_named("clean"), sheet_px_per_mm=(3.6, 4.0), cut=0.0)
    return sheet_picture(LEADS, ECG.fs, level=level, rng=np.random.default_rng(3), layout=layout, **options)


def true_reading(drawn: DrawnPicture, **changes) -> Reading:
    """Of every row at 200 Hz, answered from the last; ``changes`` are of the reading."""
    read = {
        "kind": "sheet",
        "leads": tuple(_lead(row) for row in drawn.rows),
        "answering": (len(drawn.rows) - 1,),
        "layout": drawn.layout,
        "speed_mm_s": drawn.speed_mm_s,
        "speed_source": "printed",
        "gain_mm_mv": drawn.gain_mm_mv,
        "gain_source": "printed",
        "px_per_mm_x": drawn.px_per_mm_x,
        "px_per_mm_y": drawn.px_per_mm_y,
        "quality": 90,
        "page_px": drawn.corners,
        "quarter_turns": 0,
    }
    return Reading(**{**read, **changes})


def _lead(row) -> LeadReading:
    at_s = np.arange(int((row.signal_mv.size - 1) / row.fs * FS)) / FS
    true_s = np.arange(row.signal_mv.size) / row.fs
    beats = np.round((ECG.r_s - row.start_s) * FS).astype(int)
    return LeadReading(
        values=np.interp(at_s, true_s, row.signal_mv),
        per_mv=1.0,
        fs=FS,
        r_peaks=beats[(beats > 0.1 * FS) & (beats < at_s.size - 0.1 * FS)],
        at_px=np.stack([np.interp(at_s, true_s, row.trace_px[:, axis]) for axis in (0, 1)], axis=1),
        boxes=(),
        gap=np.zeros(at_s.size, bool),
        quality=90,
        lead=row.lead,
        start_s=row.start_s,
        row=row.row,
        column=row.column,
    )


def with_lead(reading: Reading, number: int, **changes) -> Reading:
    """The same but for one lead."""
    leads = list(reading.leads)
    leads[number] = dataclasses.replace(leads[number], **changes)
    return dataclasses.replace(reading, leads=tuple(leads))
