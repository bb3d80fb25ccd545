"""Ink on paper: curves at their true height, at any width in pixels."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from worker.generator.paper import Rgb

INKS: Final[dict[str, Rgb]] = {
    "black": (18, 18, 20),
    "gray": (74, 74, 78),
    "blue": (28, 40, 120),
    "royal": (0, 0, 178),
    "brown": (70, 40, 34),
}
_FINER: Final = 4  # curves are drawn at so many times the size and averaged
_SHIFT: Final = 4  # cv2 takes sixteenths of a pixel


def ink_shares(curves: Sequence[np.ndarray], shape: tuple[int, int], width_px: float) -> np.ndarray:
    """How much of each pixel is covered by some curves.

    Parameters
    ----------
    curves : sequence of ndarray, each of shape (n, 2)
        x and y in pixels; pixel (0, 0) covers 0 to 1 in both.
    shape : tuple of int
        Height and width.
    width_px : float
        Of the line.  A peak reaches half of it farther than its middle line, as a pen's does.

    Returns
    -------
    ndarray of float32, shape (height, width)
    """
    canvas = np.zeros((shape[0] * _FINER, shape[1] * _FINER), np.uint8)
    thickness = max(1, round(width_px * _FINER))
    for curve in curves:
        # cv2 counts from the middle of the first pixel.
        fixed = np.round((curve * _FINER - 0.5) * (1 << _SHIFT)).astype(np.int32)
        cv2.polylines(canvas, [fixed.reshape(-1, 1, 2)], False, 255, thickness, cv2.LINE_8, _SHIFT)
    return cv2.resize(canvas, shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0


def inked(pixels: np.ndarray, shares: np.ndarray, ink: Rgb) -> np.ndarray:
    """Paper ``[height, width, 3]`` with ink on it, from 0 to 255."""
    painted = np.asarray(ink, np.float32)
    return pixels + shares[..., None] * (painted - pixels)
