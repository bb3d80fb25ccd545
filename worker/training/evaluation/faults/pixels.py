"""What is done to the pixels of a drawn picture: reflections, cut edges, a pen, a second page."""

from typing import Final

import cv2
import numpy as np

from worker.generator.camera import table_drawn
from worker.generator.marks import PENS
from worker.generator.truth import DrawnPicture
from worker.image.decode import decode_picture

_SATURATES: Final = 500.0  # of 255, in a reflection's middle


def with_glare(rgb: np.ndarray, drawn: DrawnPicture, reach: float, rng: np.random.Generator) -> np.ndarray:
    """A lamp's reflection around a point of a curve, white in its middle."""
    height, width = rgb.shape[:2]
    curve = drawn.rows[rng.integers(len(drawn.rows))].trace_px
    middle = curve[rng.integers(curve.shape[0] // 4, 3 * curve.shape[0] // 4)]
    x, y = np.arange(width) - middle[0], np.arange(height)[:, None] - middle[1]
    across, down = max(width, height) * reach * np.array([rng.uniform(1.0, 1.6), rng.uniform(0.6, 1.0)])
    light = _SATURATES * np.exp(-((x / across) ** 2 + (y / down) ** 2))
    return np.clip(rgb + light[..., None], 0, 255).astype(np.uint8)


def cut_through_a_row(rgb: np.ndarray, drawn: DrawnPicture, kept: float, rng: np.random.Generator) -> np.ndarray:
    """The picture ends within its first or last row, along time."""
    across = drawn.turned_deg in (90, 270)
    along = 0 if across else 1
    at_the_end = bool(rng.random() < 0.5)
    middles = [float(np.median(row.trace_px[:, along])) for row in drawn.rows]
    curve = drawn.rows[int(np.argmax(middles) if at_the_end else np.argmin(middles))].trace_px[:, along]
    rest, outermost = float(np.median(curve)), float(curve.max() if at_the_end else curve.min())
    cut = round(float(np.clip(rest + kept * (outermost - rest), 8, rgb.shape[1 - along] - 8)))
    part = slice(0, cut) if at_the_end else slice(cut, None)
    return np.ascontiguousarray(rgb[:, part] if across else rgb[part])


def written_over(rgb: np.ndarray, drawn: DrawnPicture, share: float, rng: np.random.Generator) -> np.ndarray:
    """A pen that goes to and fro over a part of every row."""
    colour = PENS[rng.integers(len(PENS))]
    width = max(1, round(float(rng.uniform(0.4, 0.8)) * drawn.px_per_mm_x))
    ink = np.zeros(rgb.shape[:2], np.uint8)
    for row in drawn.rows:
        count = row.trace_px.shape[0]
        start = int(rng.integers(0, max(1, round((1 - share) * count))))
        under = row.trace_px[start : start + max(2, round(share * count)) : max(1, count // 150)]
        swing = rng.normal(0.0, 3.0 * drawn.px_per_mm_y, under.shape)
        stroke = np.round(16 * (under + swing)).astype(np.int32)
        cv2.polylines(ink, [stroke], False, 255, width, cv2.LINE_AA, 4)
    share_of_ink = 0.85 * ink[..., None] / 255
    return np.round(rgb * (1 - share_of_ink) + np.array(colour) * share_of_ink).astype(np.uint8)


def beside_each_other(pages: list[DrawnPicture], gap: float, rng: np.random.Generator) -> np.ndarray:
    """Pages on one table, below each other; a gap below 0 lays the second over the first."""
    shown = [(decode_picture(page.data).rgb, page.corners) for page in pages]
    width = max(rgb.shape[1] for rgb, _ in shown)
    step = round(gap * max(width, *(rgb.shape[0] for rgb, _ in shown)))
    boxes = [(corners.min(axis=0), corners.max(axis=0)) for _, corners in shown]
    tops = [step if gap > 0 else 0, 0]
    tops[1] = tops[0] + round(float(boxes[0][1][1] - boxes[1][0][1])) + step
    height = max(top + rgb.shape[0] for top, (rgb, _) in zip(tops, shown, strict=True))
    ground = table_drawn((width, height + abs(step)), rng)
    for (rgb, corners), top in zip(shown, tops, strict=True):
        _laid(ground, rgb, corners, max(0, top))
    return np.round(ground).astype(np.uint8)


def _laid(ground: np.ndarray, rgb: np.ndarray, corners: np.ndarray, top: int) -> None:
    """A page cut out along its corners and laid on a ground, which is changed."""
    page = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(page, [np.round(corners).astype(np.int32)], 1)
    height, width = min(rgb.shape[0], ground.shape[0] - top), rgb.shape[1]
    inside = page[:height].astype(bool)
    ground[top : top + height, :width][inside] = rgb[:height][inside]
