"""Bands of generated pages, flattened as pictures are, with the height of the curve in every column."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from worker.generator.truth import DrawnPicture
from worker.image.decode import decode_picture
from worker.image.ink import WorkCopy, grid_map, work_copy
from worker.image.sheet.paper_map import MAJOR_MM, MINOR_MM, PaperMap, flattened, paper_map
from worker.image.sheet.row_reader import BAND_PX, PX_PER_MM, darkness_channels

BAND_WIDTH_PX: Final = 512
NO_CURVE: Final = -1.0
_SCALE_SPREAD: Final = 0.06  # of the logarithm
_UNTOLD_SPREAD: Final = 0.1  # where no lines tell the scale
_REST_SPREAD_MM: Final = 1.2
_SAME_SCALE: Final = 0.08
_LOOKS_IN_A_COLUMN: Final = 13
_HALF_A_COLUMN: Final = 0.6  # and a little more, for crests that lie between two
_AT_AN_END: Final = 0.25  # share of bands that show where a row begins or ends


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """``pixels`` uint8 (n, BAND_PX, BAND_WIDTH_PX, 3), darkness times 255; ``heights`` float16 (n, BAND_WIDTH_PX)."""

    pixels: np.ndarray
    heights: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class _Flat:
    """A page's darkness at the reader's scale, and where points of the picture lie on it."""

    darkness: np.ndarray
    seen: np.ndarray
    placed: Callable[[np.ndarray], np.ndarray]


def bands_of(picture: DrawnPicture, count: int, rng: np.random.Generator) -> Bands:
    """Some bands of a page's rows, at places and scales that vary as the reader's do."""
    flat = _flat(picture, rng)
    rows = _rows(picture, flat)
    found = [_band(flat, rows[int(rng.integers(len(rows)))], rng) for _ in range(count)]
    pixels, heights = zip(*(band for band in found if band is not None), strict=True) if any(found) else ((), ())
    return Bands(np.array(pixels, np.uint8), np.array(heights, np.float16))


def _flat(picture: DrawnPicture, rng: np.random.Generator) -> _Flat:
    copy = work_copy(decode_picture(picture.data))
    true_px = np.array([picture.px_per_mm_x, picture.px_per_mm_y]) * copy.scale
    wanted = np.array(PX_PER_MM) * np.exp(rng.normal(0, _SCALE_SPREAD, 2))
    paper = _told(paper_map(grid_map(copy)), true_px)
    if paper is None:
        return _only_scaled(copy, wanted / true_px * np.exp(rng.normal(0, _UNTOLD_SPREAD)))
    assert paper.line_mm is not None
    flat = flattened(copy.rgb, paper, px_per_line=(wanted[0] * paper.line_mm, wanted[1] * paper.line_mm))
    return _Flat(darkness_channels(flat.rgb, flat.seen), flat.seen, lambda xy: flat.from_picture(xy * copy.scale))


def _told(paper: PaperMap | None, true_px: np.ndarray) -> PaperMap | None:
    """The map with the true distance of its lines, unless it found something else."""
    if paper is None:
        return None
    ratio = np.array(paper.line_px) / true_px
    line_mm = min((MINOR_MM, MAJOR_MM), key=lambda mm: abs(np.log(ratio.mean() / mm)))
    return paper.told(line_mm) if np.all(np.abs(ratio / line_mm - 1) < _SAME_SCALE) else None


def _only_scaled(copy: WorkCopy, factor: np.ndarray) -> _Flat:
    height, width = copy.rgb.shape[:2]
    size = (max(8, round(width * factor[0])), max(8, round(height * factor[1])))
    rgb = cv2.resize(copy.rgb, size, interpolation=cv2.INTER_CUBIC if factor.mean() > 1 else cv2.INTER_AREA)
    seen = np.ones(rgb.shape[:2], dtype=bool)
    return _Flat(darkness_channels(rgb, seen), seen, lambda xy: xy * copy.scale * factor)


def _rows(picture: DrawnPicture, flat: _Flat) -> list[list[np.ndarray]]:
    numbers = sorted({row.row for row in picture.rows})
    return [[flat.placed(row.trace_px) for row in picture.rows if row.row == number] for number in numbers]


def _band(flat: _Flat, curves: list[np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray] | None:
    points = np.concatenate(curves)
    top = round(np.median(points[:, 1]) + rng.normal(0, _REST_SPREAD_MM) * PX_PER_MM[1]) - BAND_PX // 2
    left = _left(flat, points, rng)
    pixels = _cut(flat.darkness, top, left)
    if not pixels.any():
        return None
    columns = left + np.arange(BAND_WIDTH_PX) + 0.5
    height = np.full(BAND_WIDTH_PX, np.nan)
    for curve in curves:
        inside = (columns >= curve[:, 0].min()) & (columns <= curve[:, 0].max())
        height[inside] = column_heights(curve, columns[inside])
    shown = _shown(flat.seen, columns, height) & (height - top >= 0.5) & (height - top <= BAND_PX - 0.5)
    return np.round(255 * pixels).astype(np.uint8), np.where(shown, height - top - 0.5, NO_CURVE)


def column_heights(curve: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The height of a curve in columns: at a crest or trough the outermost one, so that an R wave keeps its height.

    Parameters
    ----------
    curve : ndarray, shape (n, 2)
        x and y of its points, in pixels.
    columns : ndarray, shape (m,)
        x of the columns' middles.
    """
    order = np.argsort(curve[:, 0])
    across = columns[:, None] + np.linspace(-_HALF_A_COLUMN, _HALF_A_COLUMN, _LOOKS_IN_A_COLUMN)
    y = np.interp(across, curve[order, 0], curve[order, 1])
    middle, ends = y[:, _LOOKS_IN_A_COLUMN // 2], y[:, [0, -1]]
    crest, trough = ends.min(axis=1) - y.min(axis=1), y.max(axis=1) - ends.max(axis=1)
    return np.where(np.maximum(crest, trough) <= 0, middle, np.where(crest >= trough, y.min(axis=1), y.max(axis=1)))


def _left(flat: _Flat, points: np.ndarray, rng: np.random.Generator) -> int:
    width = flat.darkness.shape[1]
    if rng.random() >= _AT_AN_END:
        return int(rng.integers(0, max(1, width - BAND_WIDTH_PX + 1)))
    end = points[:, 0].min() if rng.random() < 0.6 else points[:, 0].max() - 0.6 * BAND_WIDTH_PX
    return int(np.clip(end - rng.integers(0, 200), 0, max(0, width - BAND_WIDTH_PX)))


def _cut(darkness: np.ndarray, top: int, left: int) -> np.ndarray:
    height, width = darkness.shape[:2]
    band = np.zeros((BAND_PX, BAND_WIDTH_PX, 3), np.float32)
    first, last = max(0, top), min(height, top + BAND_PX)
    right = min(width, left + BAND_WIDTH_PX)
    if last > first:
        band[first - top : last - top, : right - left] = darkness[first:last, left:right]
    return band


def _shown(seen: np.ndarray, columns: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Which columns' curve lies inside the picture."""
    x, y = columns.astype(int), np.nan_to_num(height, nan=-1.0).astype(int)
    inside = (y >= 0) & (y < seen.shape[0]) & (x < seen.shape[1])
    inside[inside] = seen[y[inside], x[inside]]
    return inside


def bands_drawn(pages: Iterator[DrawnPicture], each: int, rng: np.random.Generator) -> Bands:
    """Bands of many pages in one."""
    found = [bands_of(page, each, rng) for page in pages]
    return Bands(np.concatenate([b.pixels for b in found]), np.concatenate([b.heights for b in found]))
