"""Which pixels of a picture are ink of a curve, lines of the paper, letters: for networks that learn to tell them."""

from collections.abc import Sequence

import numpy as np

from worker.generator.ink import ink_shares
from worker.generator.marks import mark_shares
from worker.generator.page import text_shares
from worker.generator.paper import line_shares
from worker.generator.truth import DrawnPicture, DrawnRow, turned_pixels


def trace_mask(picture: DrawnPicture, rows: Sequence[DrawnRow] | None = None) -> np.ndarray:
    """How much of each pixel is covered by curves, at the width at which they were drawn.

    Parameters
    ----------
    picture : DrawnPicture
    rows : sequence of DrawnRow, optional
        Of the picture; all without.

    Returns
    -------
    ndarray of float32, shape (height, width)
        From 0 to 1, of the file's pixels; neither blurred nor shaken as the picture is.
    """
    return _lines(picture, [row.trace_px for row in (picture.rows if rows is None else rows)])


def pulse_mask(picture: DrawnPicture) -> np.ndarray:
    """As ``trace_mask``, of the calibration pulses."""
    scene = picture.scene
    return _lines(picture, [scene.seen(points) for points in scene.page.pulses_mm()])


def separator_mask(picture: DrawnPicture) -> np.ndarray:
    """As ``trace_mask``, of the lines between columns."""
    return _lines(picture, [picture.scene.seen(points) for points in picture.scene.page.strokes])


def grid_mask(picture: DrawnPicture) -> np.ndarray:
    """As ``trace_mask``, of the paper's lines; on white paper there are none, and those of plots are not known."""
    scene = picture.scene
    if scene.paper is None or not scene.paper.has_lines:
        return np.zeros((picture.height_px, picture.width_px), np.float32)
    minors, majors = line_shares(scene.paper, _page_shape(picture), scene.px_per_mm)
    return _seen(picture, np.minimum(1.0, majors if minors is None else np.maximum(minors, majors)))


def text_mask(picture: DrawnPicture) -> np.ndarray:
    """As ``trace_mask``, of printed letters."""
    scene = picture.scene
    return _seen(picture, text_shares(scene.page.texts, _page_shape(picture), scene.px_per_mm))


def marks_mask(picture: DrawnPicture) -> np.ndarray:
    """As ``trace_mask``, of strokes of a pen, stamps, holes and staples."""
    scene = picture.scene
    return _seen(picture, mark_shares(scene.marks, _page_shape(picture), scene.px_per_mm))


def _lines(picture: DrawnPicture, curves: Sequence[np.ndarray]) -> np.ndarray:
    shape = (picture.height_px, picture.width_px)
    scale = float(np.sqrt(picture.px_per_mm_x * picture.px_per_mm_y)) / picture.scene.px_per_mm
    drawn_px = max(1.0, picture.scene.line_mm * picture.scene.px_per_mm)
    return ink_shares(curves, shape, max(1.0, drawn_px * scale))


def _page_shape(picture: DrawnPicture) -> tuple[int, int]:
    page, px_per_mm = picture.scene.page, picture.scene.px_per_mm
    return max(1, round(page.height_mm * px_per_mm)), max(1, round(page.width_mm * px_per_mm))


def _seen(picture: DrawnPicture, shares: np.ndarray) -> np.ndarray:
    """Shares of the page's pixels as they lie in the picture."""
    scene = picture.scene
    width, height = scene.size
    nothing = np.zeros((height, width, 3), np.float32)
    stacked = np.repeat(255.0 * shares[..., None], 3, axis=2).astype(np.float32)
    seen = scene.warp.applied(stacked, scene.size, nothing)[..., 0] / 255.0
    return turned_pixels(seen.astype(np.float32), scene.quarter_turns)
