"""The five example beats of the class descriptions, as small SVG drawings on ECG paper.

The same beats as hospital 0's crops (``demo_pictures``), here from 0.4 s before to 0.6 s after the R peak.
"""

from pathlib import Path
from typing import Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES, AamiClass
from worker.training.pictures.demo_pictures import (
    CROP_ORDINAL,
    GAIN_MM_MV,
    RULE_COUNT,
    SPEED_MM_S,
    nth_beat,
    record_by_rule,
)
from worker.training.records import DS2, PACED_TEST, Record, record_load

BEFORE_S: Final = 0.4
AFTER_S: Final = 0.6
UNITS_PER_MM: Final = 10
WIDTH_MM: Final = 25
HEIGHT_MM: Final = 35

_SVG: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" class="ecg-example" role="img">
<title>{title}</title>
<desc>MIT-BIH Arrhythmia Database 1.0.0, record {record}, sample {sample}, lead {lead}, annotated {symbol}. \
25 mm/s, 10 mm/mV. Moody and Mark 2001; PhysioNet, Goldberger et al. 2000; ODC-By 1.0.</desc>
<rect class="ecg-paper" width="{width}" height="{height}" fill="#fff7f5"/>
<path class="ecg-minor" d="{minor}" fill="none" stroke="#f6d5cf"/>
<path class="ecg-major" d="{major}" fill="none" stroke="#e9a79c" stroke-width="1.5"/>
<path class="ecg-trace" d="{trace}" fill="none" stroke="#111" stroke-width="3" stroke-linejoin="round"/>
</svg>
"""


def example_beats_draw(data: Path, folder: Path) -> None:
    """Write ``N.svg``, ``S.svg``, ``V.svg``, ``F.svg`` and ``Q.svg``."""
    folder.mkdir(parents=True, exist_ok=True)
    records = {name: record_load(data, name) for name in DS2 + PACED_TEST}
    for aami_class in AAMI_CLASSES:
        record = record_by_rule(records, aami_class, 0, RULE_COUNT["beat"][aami_class])
        index = nth_beat(record, aami_class, CROP_ORDINAL)
        (folder / f"{aami_class}.svg").write_text(beat_svg(record, index, aami_class))


def beat_svg(record: Record, index: int, aami_class: AamiClass) -> str:
    """One beat on paper, as an SVG document without inline style."""
    sample = int(record.samples[index])
    first, last = sample - int(BEFORE_S * record.fs), sample + int(AFTER_S * record.fs)
    trace_mv = record.signal()[first:last]
    x = np.arange(trace_mv.size) / record.fs * SPEED_MM_S * UNITS_PER_MM
    middle = (float(trace_mv.min()) + float(trace_mv.max())) / 2
    y = (HEIGHT_MM / 2 - (trace_mv - middle) * GAIN_MM_MV) * UNITS_PER_MM
    points = " ".join(f"{a:.0f},{b:.0f}" for a, b in zip(x[::2], y[::2], strict=True))
    return _SVG.format(
        width=WIDTH_MM * UNITS_PER_MM,
        height=HEIGHT_MM * UNITS_PER_MM,
        title=f"A beat of class {aami_class}",
        record=record.name,
        sample=sample,
        lead=record.lead,
        symbol=record.symbols[index],
        minor=_grid_path(1),
        major=_grid_path(5),
        trace=f"M{points}",
    )


def _grid_path(step_mm: int) -> str:
    width, height, step = WIDTH_MM * UNITS_PER_MM, HEIGHT_MM * UNITS_PER_MM, step_mm * UNITS_PER_MM
    upright = "".join(f"M{x} 0V{height}" for x in range(0, width + 1, step))
    return upright + "".join(f"M0 {y}H{width}" for y in range(0, height + 1, step))
