"""A picture to one trace with its time, its R peaks and its beats' boxes, or a named reason why not."""

import itertools
from dataclasses import dataclass, replace
from typing import Final, Literal

import cv2
import numpy as np

from worker.ecg.r_peaks import complete_complexes, detect_r_peaks
from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.gate import check_one_trace, check_polarity, check_rate, check_whole, kind_of, nothing_readable
from worker.image.grid import find_grid
from worker.image.ink import WorkCopy, grid_map, ink_maps, work_copy
from worker.image.layout import Sketch, sketches
from worker.image.pulse import without_pulse
from worker.image.time_scale import with_time
from worker.results import Box

STANDARD_SPEED_MM_S: Final = 25.0
MIN_HEIGHT_PX: Final = 10.0  # that the trace moves through, in the picture
MIN_RR_PX: Final = 12.0
_ENOUGH_SCORE: Final = 0.90


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One lead as it was read.

    ``values`` is one sample per column of the work copy, positive up, in pixels of the picture, without NaN;
    ``fs`` is its samples per second, or None where the picture carries no time; ``r_peaks`` are its sample indices.
    The middle of sample ``i`` lies at ``left_px + (i + 0.5) * step_px`` in the picture.
    """

    kind: Literal["beat", "strip"]
    values: np.ndarray
    fs: float | None
    r_peaks: np.ndarray
    left_px: float
    step_px: float
    boxes: tuple[Box, ...]
    speed_mm_s: float | None
    px_per_mm_x: float | None
    px_per_mm_y: float | None
    quality: int  # 0 to 100
    gap_fraction: float

    @property
    def r_peaks_px(self) -> np.ndarray:
        """x of each R peak in the picture."""
        return self.left_px + (self.r_peaks + 0.5) * self.step_px


def read_picture(picture: Picture, *, speed_mm_s: float | None = None) -> Reading:
    """Read the one trace of a picture.

    Parameters
    ----------
    picture : Picture
    speed_mm_s : float, optional
        Of the paper; without it, paper whose squares were found is taken as 25 mm/s.

    Raises
    ------
    EcgError
        ``blank_picture``, ``not_an_ecg``, ``several_leads``, ``dark_background``, ``trace_unclear``,
        ``no_beats_found`` or ``low_resolution``.
    """
    copy = work_copy(picture)
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
    speed = speed_mm_s or STANDARD_SPEED_MM_S
    check_rate(r_peaks, grid, speed)
    grid, fs = with_time(grid, values, r_peaks, speed)
    if kind == "strip" and fs is not None:
        r_peaks = _detected_again(values, fs, r_peaks)
    return Reading(
        kind=kind,
        values=values,
        fs=fs,
        r_peaks=r_peaks,
        left_px=(sketch.region.left + sketch.trace.left) / copy.scale,
        step_px=1 / copy.scale,
        boxes=tuple(_boxes(sketch, r_peaks, kind, copy.scale)),
        speed_mm_s=speed if fs is not None else None,
        px_per_mm_x=_px_per_mm(grid.x.px_per_mm, copy.scale) if grid.x and fs is not None else None,
        px_per_mm_y=_px_per_mm(grid.y.px_per_mm, copy.scale) if grid.y else None,
        quality=round(100 * sketch.quality),
        gap_fraction=sketch.trace.gap_fraction,
    )


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


def _boxes(sketch: Sketch, r_peaks: np.ndarray, kind: str, scale: float) -> list[Box]:
    trace, region = sketch.trace, sketch.region
    edges = [(0.0, float(trace.width))] if kind == "beat" else _spans(r_peaks, trace.width)
    boxes = []
    for start, end in edges:
        columns = slice(int(start), max(int(start) + 1, int(np.ceil(end))))
        top = trace.top[columns].min() + region.top
        bottom = trace.bottom[columns].max() + 1 + region.top
        left = start + trace.left + region.left
        boxes.append(
            (
                round(left / scale),
                round(top / scale),
                max(1, round((end - start) / scale)),
                max(1, round((bottom - top) / scale)),
            )
        )
    return boxes


def _spans(r_peaks: np.ndarray, width: int) -> list[tuple[float, float]]:
    """From midway to midway between neighbours; half a mean interval outwards at the ends."""
    half = float(np.mean(np.diff(r_peaks))) / 2 if len(r_peaks) > 1 else width / 2
    middles = (r_peaks[:-1] + r_peaks[1:]) / 2
    limits = np.concatenate([[r_peaks[0] - half], middles, [r_peaks[-1] + half]])
    limits = np.clip(limits, 0, width)
    return [(float(a), float(b)) for a, b in itertools.pairwise(limits)]
