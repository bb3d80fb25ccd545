"""Where the camera stands: a page's warp, and what part of it the picture shows."""

from dataclasses import replace

import numpy as np

from worker.generator.camera import Shot
from worker.generator.curl import CurledWarp
from worker.generator.levels import Level
from worker.generator.page import Page
from worker.generator.warp import held_warp

Box = tuple[float, float, float, float]  # left, top, right, bottom


def aimed(
    page: Page, shot: Shot, level: Level, px_per_mm: float, rng: np.random.Generator, *, whole: bool
) -> tuple[CurledWarp, tuple[int, int]]:
    """The warp of a hand-held camera, and the picture's width and height.

    The picture is cut around the curves and pulses at the level's margins, or shows the ``whole`` page with as much
    ground as the shot says.  Where a level says so, a picture that is cut loses their left or right end.
    """
    warp = _curled(page, shot, level, px_per_mm, rng)
    curves = [page.curve_mm(row) for row in page.rows] + page.pulses_mm()
    box = _box(warp.forward(np.concatenate(curves) * px_per_mm), [0.5] * 4)
    around = rng.uniform(*level.margin_mm, 4) * px_per_mm
    if rng.random() < level.cut:
        around[2 * rng.integers(2)] = -rng.uniform(*level.cut_mm) * px_per_mm
    if whole:
        page_box = _box(warp.forward(outline_px(page, px_per_mm)), [shot.table_mm * px_per_mm] * 4)
        box = _union(box, page_box)
    else:
        box = _box(np.array([box[:2], box[2:]]), around)
    left, top, right, bottom = box
    shift = np.array([[1.0, 0.0, -left], [0.0, 1.0, -top], [0.0, 0.0, 1.0]])
    size = max(1, round(right - left)), max(1, round(bottom - top))
    return replace(warp, matrix=shift @ warp.matrix), size


def outline_px(page: Page, px_per_mm: float) -> np.ndarray:
    """Points around the page's edge, in its pixels, shape (n, 2)."""
    along = np.linspace(0.0, 1.0, 40)
    none, full = np.zeros(40), np.ones(40)
    x, y = np.concatenate([along, full, along[::-1], none]), np.concatenate([none, along, full, along[::-1]])
    return np.stack([x * page.width_mm, y * page.height_mm], axis=1) * px_per_mm


def _curled(page: Page, shot: Shot, level: Level, px_per_mm: float, rng: np.random.Generator) -> CurledWarp:
    size = (page.width_mm * px_per_mm, page.height_mm * px_per_mm)
    held = held_warp(size, (0.0, 0.0, *size), turn_deg=shot.turn_deg, tilt=shot.tilt, bend_px=shot.bend_mm * px_per_mm)
    wave, lean = rng.uniform(*level.curl_mm, 2) * px_per_mm
    return CurledWarp(
        matrix=held.matrix,
        bend_px=held.bend_px,
        width_px=held.width_px,
        height_px=size[1],
        wave_px=float(wave),
        lean_px=float(0.6 * lean),
        cycles=(float(rng.uniform(0.4, 1.4)), float(rng.uniform(0.4, 1.2))),
        phases=(float(rng.uniform(0, 6.3)), float(rng.uniform(0, 6.3))),
    )


def _box(points: np.ndarray, around: np.ndarray | list[float]) -> Box:
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left - around[0]), float(top - around[1]), float(right + around[2]), float(bottom + around[3])


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
