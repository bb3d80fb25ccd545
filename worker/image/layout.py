"""What the ink of a picture is: one trace, several, or something else."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from worker.image.frame import Region, inside_of_frame
from worker.image.paper_edge import without_paper_edge
from worker.image.trace import Runs, Trace, best_path, ink_of_runs, redrawn, runs_of, trace_along

MIN_INK_LEVEL: Final = 0.10  # of darkness, for anything to count as drawn
_THRESHOLDS: Final = (0.5, 0.33, 0.7)  # of the ink's own level
_LABEL_WIDTH: Final = 0.15
_LABEL_HEIGHT: Final = 0.35
_ROW_COVERAGE: Final = 0.30
_GOOD_ENOUGH: Final = 0.93
_EDGES: Final = 4  # of paper that may be seen, and be jumped to one after the other
_MOST_RUNS: Final = 8  # per column; more is texture


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """One reading of one darkness map; fractions are 0 to 1, pixels are of the region in the work copy."""

    region: Region
    trace: Trace
    mask: np.ndarray  # ink in the region
    trace_ink: np.ndarray  # the part of it that is the trace
    rest: np.ndarray  # the part that is not
    coverage: float  # columns of the region that the trace crosses with ink
    stray: float  # ink that is neither trace nor label, of all ink
    label: float  # ink in small separate pieces, of all ink
    overlap: float  # of the redrawn trace with its ink
    softness: float  # darkness beside the trace, of that within: lines have edges, shadows have none

    @property
    def score(self) -> float:
        return self.coverage * self.overlap * (1.0 - self.stray) * (1.0 - 0.6 * self.label)

    @property
    def quality(self) -> float:
        """How far the picture can be trusted, 0 to 1: overlap of redrawn trace and ink, less gaps and stray ink."""
        return float(np.sqrt(self.overlap)) * (1.0 - self.trace.gap_fraction) * (1.0 - self.stray)

    @property
    def height(self) -> float:
        return float(np.ptp(self.trace.y))

    @property
    def flatness(self) -> float:
        """Stroke against the height the trace moves through."""
        return self.trace.stroke_px / max(1.0, self.height)

    def second_row(self) -> float:
        """Coverage of the best trace in the remaining ink, thick blobs left out: a search as long as the trace's."""
        runs = runs_of(self.rest)
        if len(runs) == 0:
            return 0.0
        thin = (runs.bottom - runs.top + 1) <= max(4 * self.trace.stroke_px, 6)
        if thin.mean() <= 0.5:
            runs = runs.taken(thin)
        return len(best_path(runs, self.region.width)) / self.region.width


def ink_level(darkness: np.ndarray) -> float:
    """How dark ink is: the median over columns of each column's darkest pixel."""
    return float(np.median(darkness.max(axis=0)))


def sketches(darkness: np.ndarray) -> list[Sketch]:
    """Readings of one map at several thresholds; stops at the first that explains nearly all ink."""
    level = max(ink_level(darkness), 0.5 * float(np.quantile(darkness, 0.995)))
    if level < MIN_INK_LEVEL:
        return []
    found = []
    for threshold in _THRESHOLDS:
        sketch = _sketch(darkness, darkness > threshold * level)
        if sketch is not None:
            found.append(sketch)
            if sketch.score > _GOOD_ENOUGH:
                break
    return found


def _sketch(darkness: np.ndarray, mask: np.ndarray) -> Sketch | None:
    if mask.mean() > 0.4:
        return None
    region = inside_of_frame(mask)
    if region.width < 24 or region.height < 12:
        return None
    mask = _without_specks(_mended(region.of(mask)))
    taken = _way(mask)
    if taken is None:
        return None
    trace = trace_along(taken, region.of(darkness))
    margin = max(2, round(trace.stroke_px / 2))
    near = ink_of_runs(taken, mask.shape, margin)
    trace_ink, rest = mask & near, mask & ~near
    stray, label = _rest_shares(rest, mask)
    return Sketch(
        region=region,
        trace=trace,
        mask=mask,
        trace_ink=trace_ink,
        rest=rest,
        coverage=len(np.unique(taken.column)) / region.width,
        stray=stray,
        label=label,
        overlap=_overlap(trace, trace_ink),
        softness=_softness(taken, region.of(darkness), trace.stroke_px),
    )


def _way(mask: np.ndarray) -> Runs | None:
    """The runs of the trace; None where there is no way through the ink."""
    ink: np.ndarray | None = mask
    taken = None
    for _ in range(_EDGES):
        if ink is None:
            break
        runs = runs_of(ink)
        if len(runs) > _MOST_RUNS * mask.shape[1]:
            return None
        path = best_path(runs, mask.shape[1])
        if len(path) < 12:
            return None
        taken = runs.taken(path)
        # All the ink still counts where the reading is judged: only the way is looked for without the paper's edge.
        ink = without_paper_edge(ink, taken)
    return taken


def _mended(mask: np.ndarray) -> np.ndarray:
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 1), np.uint8)).astype(bool)


def _without_specks(mask: np.ndarray) -> np.ndarray:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    smallest = max(3, round(mask.shape[1] * 0.004))
    keep = stats[:, cv2.CC_STAT_AREA] > smallest
    keep[0] = False
    return keep[labels] if count > 1 else mask


def _rest_shares(rest: np.ndarray, mask: np.ndarray) -> tuple[float, float]:
    height, width = mask.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(rest.astype(np.uint8), connectivity=8)
    stats = stats[1:]
    small = (stats[:, cv2.CC_STAT_WIDTH] < _LABEL_WIDTH * width) & (
        stats[:, cv2.CC_STAT_HEIGHT] < max(_LABEL_HEIGHT * height, 12)
    )
    areas = stats[:, cv2.CC_STAT_AREA]
    total = max(1, int(mask.sum()))
    return float(areas[~small].sum() / total), float(areas[small].sum() / total)


def _overlap(trace: Trace, trace_ink: np.ndarray) -> float:
    """F1 of redrawn line and ink, each allowed a pixel of the other's edge."""
    line = redrawn(trace, trace_ink.shape)
    if not line.any() or not trace_ink.any():
        return 0.0
    kernel = np.ones((3, 3), np.uint8)
    near_ink = cv2.dilate(trace_ink.astype(np.uint8), kernel).astype(bool)
    near_line = cv2.dilate(line.astype(np.uint8), kernel).astype(bool)
    precision = float((line & near_ink).sum() / line.sum())
    recall = float((trace_ink & near_line).sum() / trace_ink.sum())
    return 2 * precision * recall / max(precision + recall, 1e-9)


def _softness(runs: Runs, darkness: np.ndarray, stroke: float) -> float:
    thin = (runs.bottom - runs.top + 1) <= 1.5 * stroke + 1
    column, top, bottom = runs.column[thin], runs.top[thin], runs.bottom[thin]
    away = max(2, round(0.75 * stroke))
    # Medians: in some columns a line of the grid or a letter stands beside the trace.
    beside = [np.median(darkness[np.clip(at, 0, len(darkness) - 1), column]) for at in (top - away, bottom + away)]
    within = np.median(darkness[(top + bottom) // 2, column])
    return float(np.mean(beside) / max(within, 1e-6))


def rows_of(darkness: np.ndarray, most: int = 4) -> list[Trace]:
    """Up to ``most`` traces that lie one above the other, the longest first; for telling sheets from other things."""
    level = max(ink_level(darkness), 0.5 * float(np.quantile(darkness, 0.995)))
    if level < MIN_INK_LEVEL:
        return []
    mask = darkness > 0.5 * level
    if mask.mean() > 0.4:
        return []
    rest = _without_specks(_mended(mask))
    found: list[Trace] = []
    for _ in range(most):
        runs = runs_of(rest)
        if len(runs) > 2 * _MOST_RUNS * rest.shape[1]:
            break
        path = best_path(runs, rest.shape[1])
        if len(path) < _ROW_COVERAGE * rest.shape[1]:
            break
        taken = runs.taken(path)
        trace = trace_along(taken, darkness)
        found.append(trace)
        rest = rest & ~ink_of_runs(taken, rest.shape, max(2, round(trace.stroke_px)))
    return found


__all__ = ["MIN_INK_LEVEL", "Runs", "Sketch", "ink_level", "rows_of", "sketches"]
