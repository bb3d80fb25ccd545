"""Where a point of the page comes to lie in the picture: bent paper under a camera that is held askew."""

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """Page pixels to picture pixels.

    ``matrix`` is a 3 x 3 homography; before it, the page is bent: a point moves up by ``bend_px`` in the middle of a
    page of ``width_px``, by nothing at its left and right edge.
    """

    matrix: np.ndarray
    bend_px: float
    width_px: float

    def forward(self, points: np.ndarray) -> np.ndarray:
        """Points of the page, shape (n, 2), in the picture."""
        bent = np.stack([points[:, 0], points[:, 1] - self._bend(points[:, 0])], axis=1)
        return _projected(self.matrix, bent)

    def backward(self, points: np.ndarray) -> np.ndarray:
        """Points of the picture, shape (n, 2), on the page."""
        flat = _projected(np.linalg.inv(self.matrix), points)
        return np.stack([flat[:, 0], flat[:, 1] + self._bend(flat[:, 0])], axis=1)

    def applied(self, pixels: np.ndarray, size: tuple[int, int], ground: np.ndarray) -> np.ndarray:
        """The page's ``pixels`` as they lie on a ``ground``; ``size`` is width and height of the picture."""
        width, height = size
        columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
        source = self.backward(np.stack([columns.ravel(), rows.ravel()], axis=1)) - 0.5
        x, y = (source[:, axis].reshape(height, width).astype(np.float32) for axis in (0, 1))
        drawn = cv2.remap(pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        inside = (x >= 0) & (x <= pixels.shape[1] - 1) & (y >= 0) & (y <= pixels.shape[0] - 1)
        return np.where(inside[..., None], np.clip(drawn, 0.0, 255.0), ground)

    def px_per_px(self, at: np.ndarray) -> tuple[float, float]:
        """How long a page pixel across and one down become in the picture, near a point of the page."""
        origin, across, down = self.forward(at + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
        return float(np.linalg.norm(across - origin)), float(np.linalg.norm(down - origin))

    def _bend(self, x: np.ndarray) -> np.ndarray:
        return self.bend_px * np.sin(np.pi * np.clip(x / self.width_px, 0.0, 1.0))


def held_warp(
    page_size: tuple[float, float],
    window: tuple[float, float, float, float],
    *,
    turn_deg: float,
    tilt: tuple[float, float],
    bend_px: float,
) -> Warp:
    """The warp of a hand-held camera.

    Parameters
    ----------
    page_size : tuple of float
        Width and height in pixels.
    window : tuple of float
        Left, top, width and height, on the page, of what the picture shows; may reach beyond the page.
    turn_deg : float
        Of the page in the picture, clockwise.
    tilt : tuple of float
        By how much a longer side farther to the right, and farther down, paper is nearer and so larger.
    bend_px : float
    """
    left, top, width, height = window
    middle = np.array([left + width / 2, top + height / 2])
    turn = np.deg2rad(turn_deg)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = np.array([[0.0, 0.0], [page_size[0], 0.0], [page_size[0], page_size[1]], [0.0, page_size[1]]])
    around = corners - middle
    nearer = 1.0 + around @ np.array(tilt)[:, None] / max(width, height)
    seen = (around * nearer) @ rotation.T + np.array([width / 2, height / 2])
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    return Warp(np.asarray(matrix, np.float64), bend_px, page_size[0])


def _projected(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    lifted = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ matrix.T
    return lifted[:, :2] / lifted[:, 2:]
