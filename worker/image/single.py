"""A picture of one trace: its curve, its time, its R peaks and its beats' boxes, or a named reason why not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import cv2
import numpy as np

from worker.ecg.r_peaks import complete_complexes, detect_r_peaks
from worker.errors import EcgError
from worker.image.beats_told import PlacedCurve, beats_told
from worker.image.boxes import beat_spans, box_around
from worker.image.gate import check_one_trace, check_polarity, check_rate, check_whole, kind_of, nothing_readable
from worker.image.grid import Grid, find_grid
from worker.image.ink import WorkCopy, grid_map, ink_maps
from worker.image.layout import Sketch, sketches
from worker.image.pulse import without_pulse
from worker.image.reading import STANDARD_GAIN_MM_MV, STANDARD_SPEED_MM_S, LeadReading, Reading, Source
from worker.image.seconds import fs_by_seconds, usual_speed, with_seconds
from worker.image.time_scale import with_time
from worker.image.told import Told
from worker.image.view import View
from worker.results import Box

MIN_HEIGHT_PX: Final = 10.0  # that the trace moves through, in the picture
MIN_RR_PX: Final = 12.0
_ENOUGH_SCORE: Final = 0.90


def read_single(view: View, told: Told) -> Reading:
    """Read the one trace of a picture.

    Raises
    ------
    EcgError
        ``blank_picture``, ``not_an_ecg``, ``several_leads``, ``dark_background``, ``trace_unclear``,
        ``no_beats_found`` or ``low_resolution``.
    """
    copy = view.work
    check_polarity(copy)
    sketch, others = best_sketch(copy)
    grid = find_grid(grid_map(copy), _hidden(copy, sketch))
    if sketch is None:
        raise nothing_readable(copy, grid)
    check_whole(sketch, others)
    check_one_trace(copy, sketch, grid)
    sketch = replace(sketch, trace=without_pulse(sketch.trace))
    values = (sketch.trace.y.max() - sketch.trace.y) / copy.scale
    kind, r_peaks = kind_of(values, sketch, grid)
    _check_resolution(values, r_peaks, copy.scale)
    speed = _speed(values, grid, told)
    check_rate(r_peaks, grid, speed[0])
    grid, fs = with_time(grid, values, r_peaks, speed[0])
    by_seconds = fs is None and told.seconds_across is not None
    if by_seconds:
        fs = fs_by_seconds(values, r_peaks, told)
    if kind == "strip" and fs is not None:
        r_peaks = _detected_again(values, fs, r_peaks)
    placed = PlacedCurve(view.in_picture(_at_px(sketch, copy.scale)))
    r_peaks = beats_told(r_peaks, [placed], told, second=fs).astype(int)
    curve = _Curve(values, fs, r_peaks, placed.at_px, copy.scale)
    reading = _reading(view, told, kind, sketch, grid, curve, speed)
    return with_seconds(reading, told, copy.scale) if by_seconds else reading


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    """Heights in pixels of the view, and ``scale``, the work copy's pixels for one of them."""

    values: np.ndarray
    fs: float | None
    r_peaks: np.ndarray
    at_px: np.ndarray
    scale: float


def _reading(
    view: View,
    told: Told,
    kind: Literal["beat", "strip"],
    sketch: Sketch,
    grid: Grid,
    curve: _Curve,
    speed: tuple[float, Source],
) -> Reading:
    px_per_mm_y = _px_per_mm(grid.y.px_per_mm, curve.scale) if grid.y else None
    gain = told.gain_mm_mv or STANDARD_GAIN_MM_MV
    has_time = curve.fs is not None
    lead = LeadReading(
        values=curve.values,
        per_mv=px_per_mm_y * gain if px_per_mm_y else None,
        fs=curve.fs,
        r_peaks=curve.r_peaks,
        at_px=curve.at_px,
        boxes=tuple(_boxes(view, sketch, curve.r_peaks, kind, curve.scale)),
        gap=sketch.trace.gap,
        quality=round(100 * sketch.quality),
        lead=told.lead,
        lead_source="user" if told.lead else None,
    )
    return Reading(
        kind=kind,
        leads=(lead,),
        answering=(0,),
        layout="rows-1",
        speed_mm_s=speed[0] if has_time else None,
        speed_source=speed[1] if has_time else None,
        gain_mm_mv=gain if px_per_mm_y else told.gain_mm_mv,
        gain_source="user" if told.gain_mm_mv else "assumed" if px_per_mm_y else None,
        px_per_mm_x=_px_per_mm(grid.x.px_per_mm, curve.scale) if grid.x and has_time else None,
        px_per_mm_y=px_per_mm_y,
        quality=lead.quality,
        page_px=view.outline_px(),
        quarter_turns=view.quarter_turns,
    )


def _speed(values: np.ndarray, grid: Grid, told: Told) -> tuple[float, Source]:
    """By the squares' millimetres where seconds are told and no speed."""
    if told.speed_mm_s is not None:
        return told.speed_mm_s, "user"
    px_per_mm = grid.x.px_per_mm if grid.x is not None else None
    if told.seconds_across is None or px_per_mm is None:
        return STANDARD_SPEED_MM_S, "assumed"
    return usual_speed(values.size / px_per_mm / told.seconds_across), "user"


def _at_px(sketch: Sketch, scale: float) -> np.ndarray:
    """Where each sample lies in the view, shape (n, 2)."""
    trace, region = sketch.trace, sketch.region
    x = region.left + trace.left + np.arange(trace.width) + 0.5
    return np.stack([x, region.top + trace.y + 0.5], axis=1) / scale


def best_sketch(copy: WorkCopy) -> tuple[Sketch | None, list[Sketch]]:
    """The reading that explains most of the ink, and all readings over darkness maps and thresholds."""
    found: list[Sketch] = []
    for darkness in ink_maps(copy):
        found += sketches(darkness)
        if found and max(sketch.score for sketch in found) > _ENOUGH_SCORE:
            break
    return max(found, key=lambda sketch: sketch.score, default=None), found


def _hidden(copy: WorkCopy, sketch: Sketch | None) -> np.ndarray:
    """Everything that is no grid: ink, and all outside a frame."""
    shape = copy.rgb.shape[:2]
    if sketch is None:
        return np.zeros(shape, dtype=bool)
    hidden = np.ones(shape, dtype=bool)
    region = sketch.region
    ink = cv2.dilate(sketch.mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    hidden[region.top : region.bottom, region.left : region.right] = ink
    return hidden


def _check_resolution(values: np.ndarray, r_peaks: np.ndarray, scale: float) -> None:
    low, high = np.quantile(values, [0.002, 0.998])
    if high - low < MIN_HEIGHT_PX:
        raise EcgError("low_resolution", f"expected waves of {MIN_HEIGHT_PX} px. Received: {high - low:.1f}")
    if len(r_peaks) > 1 and np.median(np.diff(r_peaks)) / scale < MIN_RR_PX:
        raise EcgError("low_resolution", f"expected {MIN_RR_PX} px from beat to beat", kind="strip")


def _detected_again(values: np.ndarray, fs: float, without_time: np.ndarray) -> np.ndarray:
    """With a known scale the detector knows better, unless the scale itself is in doubt."""
    found = complete_complexes(values, detect_r_peaks(values, fs), fs)
    return found if len(found) >= 2 else without_time


def _px_per_mm(work_px: float | None, scale: float) -> float | None:
    return None if work_px is None else round(float(work_px) / scale, 3)


def _boxes(view: View, sketch: Sketch, r_peaks: np.ndarray, kind: str, scale: float) -> Iterator[Box]:
    trace, region = sketch.trace, sketch.region
    edges = [(0.0, float(trace.width))] if kind == "beat" else beat_spans(r_peaks, trace.width)
    for start, end in edges:
        columns = slice(int(start), max(int(start) + 1, int(np.ceil(end))))
        left, right = (at + trace.left + region.left for at in (start, end))
        top = trace.top[columns].min() + region.top
        bottom = trace.bottom[columns].max() + 1 + region.top
        yield box_around(
            view.in_picture(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) / scale)
        )
