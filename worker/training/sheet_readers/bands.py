"""Bands of generated pages, flattened as pictures are, with the height of the curve in every column."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.generator.truth import DrawnPicture
from worker.image.sheet.row_reader import BAND_PX, PX_PER_MM
from worker.training.sheet_readers.flat import FlatPage, SeenPage

BAND_WIDTH_PX: Final = 512
NO_CURVE: Final = -1.0
_REST_SPREAD_MM: Final = 1.2
_OFF_MM: Final = 9.0
_ASKEW_MM: Final = 5.0
_LOOKS_IN_A_COLUMN: Final = 13
_HALF_A_COLUMN: Final = 0.6  # and a little more, for crests that lie between two
_AT_AN_END: Final = 0.25  # share of bands that show where a row begins or ends
_OFF_ROWS_SHARE: Final = 0.12  # of bands in whose middle no row runs: lines of the paper, words, neighbours
_OFF_ROWS_MM: Final = 10.0  # from the resting level of any row


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """``pixels`` uint8 (n, BAND_PX, BAND_WIDTH_PX, 3), darkness times 255; ``heights`` float16 (n, BAND_WIDTH_PX)."""

    pixels: np.ndarray
    heights: np.ndarray


def bands_of(page: SeenPage, count: int, rng: np.random.Generator) -> Bands:
    """Some bands of a page's rows, at places and scales that vary as the reader's do."""
    flat = page.flat(PX_PER_MM, rng)
    rows = _rows(page.picture, flat)
    found = [_band_drawn(flat, rows, rng) for _ in range(count)]
    pixels, heights = zip(*(band for band in found if band is not None), strict=True) if any(found) else ((), ())
    return Bands(np.array(pixels, np.uint8), np.array(heights, np.float16))


def _band_drawn(
    flat: FlatPage, rows: list[list[np.ndarray]], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray] | None:
    if rng.random() < _OFF_ROWS_SHARE:
        return _band_off_rows(flat, rows, rng)
    return _band(flat, rows[int(rng.integers(len(rows)))], rng)


def _band_off_rows(
    flat: FlatPage, rows: list[list[np.ndarray]], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray] | None:
    """A band in whose middle no row runs; None where rows are too close, or the picture ends."""
    rests = np.array([np.median(np.concatenate(curves)[:, 1]) for curves in rows])
    middles = np.arange(flat.darkness.shape[0])
    free = middles[np.abs(middles[:, None] - rests).min(axis=1) > _OFF_ROWS_MM * PX_PER_MM[1]]
    if free.size == 0:
        return None
    pixels = _cut(flat.darkness, int(rng.choice(free)) - BAND_PX // 2, _left(flat, np.concatenate(rows[0]), rng))
    return (np.round(255 * pixels).astype(np.uint8), np.full(BAND_WIDTH_PX, NO_CURVE)) if pixels.any() else None


def _rows(picture: DrawnPicture, flat: FlatPage) -> list[list[np.ndarray]]:
    numbers = sorted({row.row for row in picture.rows})
    return [[flat.placed(row.trace_px) for row in picture.rows if row.row == number] for number in numbers]


def _band(flat: FlatPage, curves: list[np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray] | None:
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
    heights = np.where(shown, height - top - 0.5, NO_CURVE)
    return (np.round(255 * pixels).astype(np.uint8), heights) if lies_along(heights) else None


def lies_along(heights: np.ndarray) -> bool:
    """Whether a curve stays in the middle of its band: of paper that stayed askew nobody could say which row is meant.

    Parameters
    ----------
    heights : ndarray of float, shape (BAND_WIDTH_PX,)
        With ``NO_CURVE``.
    """
    parts = [part[part >= 0] for part in np.array_split(heights, 3)]
    levels = [float(np.median(part)) for part in parts if part.size]
    return all(abs(level - BAND_PX / 2) < _OFF_MM * PX_PER_MM[1] for level in levels) and (
        not levels or max(levels) - min(levels) < _ASKEW_MM * PX_PER_MM[1]
    )


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


def _left(flat: FlatPage, points: np.ndarray, rng: np.random.Generator) -> int:
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
