"""Small square windows of a picture, each sampled along the paper's own lines."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from worker.image.sheet.paper_map import PaperMap

_CORNERS: Final = np.array([[[-1, -1], [1, -1]], [[-1, 1], [1, 1]]]) / 2  # x and y, from above and from the left


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """A lattice of windows: ``at_px`` are their middles in the picture, shape (rows, columns, 2).

    ``values`` are what stands in each less its mean, shape (rows, side, columns, side), 0 outside the picture, of which
    each shows a ``share``, shape (rows, columns).
    """

    at_px: np.ndarray
    values: np.ndarray
    share: np.ndarray


def windows_sampled(darkness: np.ndarray, paper: PaperMap, at: np.ndarray, *, lines: float, side_px: int) -> Windows:
    """Windows of a picture.

    Parameters
    ----------
    darkness : ndarray of float32, shape (height, width)
        What ``paper`` was found in.
    paper : PaperMap
    at : ndarray, shape (rows, columns, 2)
        Middles, in counts of lines across and down.
    lines : float
        How many a window is wide and high.
    side_px : int
        Of each window as it is sampled.
    """
    corners_px = paper.pixels(at[:, :, None, None] + lines * _CORNERS)
    after = ((np.arange(side_px) + 0.5) / side_px).astype(np.float32)
    shares = np.stack([1 - after, after])
    x, y = (_between(corners_px[..., axis].astype(np.float32) - 0.5, shares) for axis in (0, 1))
    side_by_side = (x.shape[0] * side_px, x.shape[2] * side_px)
    sampled = cv2.remap(darkness, x.reshape(side_by_side), y.reshape(side_by_side), cv2.INTER_LINEAR).reshape(x.shape)
    height, width = darkness.shape
    seen = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5)
    share = seen.mean(axis=(1, 3))
    mean = (sampled * seen).mean(axis=(1, 3)) / np.maximum(share, 1e-9)
    values = (sampled - mean[:, None, :, None].astype(np.float32)) * seen
    return Windows(corners_px.mean(axis=(2, 3)), values, share)


def _between(corners: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """What corners, shape (rows, columns, 2, 2), say between them, shape (rows, side, columns, side)."""
    return np.ascontiguousarray(np.einsum("yxab,ai,bj->yixj", corners, shares, shares, optimize=True))
