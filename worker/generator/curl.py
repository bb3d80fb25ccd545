"""Paper that does not lie flat: a warp that also shifts points up, down and aside in slow waves."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from worker.generator.warp import Warp

_COARSE_PX: Final = 8  # the way back is worked out for so wide a lattice, and evenly between


@dataclass(frozen=True, slots=True, eq=False)
class CurledWarp(Warp):
    """A warp with waves: of ``wave_px`` up and down along the page, of ``lean_px`` aside down the page.

    ``cycles`` and ``phases`` are of both waves, in this order.
    """

    height_px: float = 1.0
    wave_px: float = 0.0
    lean_px: float = 0.0
    cycles: tuple[float, float] = (1.0, 1.0)
    phases: tuple[float, float] = (0.0, 0.0)

    def forward(self, points: np.ndarray) -> np.ndarray:
        x = points[:, 0] + self._lean(points[:, 1])
        return Warp.forward(self, np.stack([x, points[:, 1] - self._wave(x)], axis=1))

    def backward(self, points: np.ndarray) -> np.ndarray:
        flat = Warp.backward(self, points)
        y = flat[:, 1] + self._wave(flat[:, 0])
        return np.stack([flat[:, 0] - self._lean(y), y], axis=1)

    def applied(self, pixels: np.ndarray, size: tuple[int, int], ground: np.ndarray) -> np.ndarray:
        source = self._sources(size)
        x, y = np.ascontiguousarray(source[..., 0]), np.ascontiguousarray(source[..., 1])
        drawn = cv2.remap(pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        inside = (x >= 0) & (x <= pixels.shape[1] - 1) & (y >= 0) & (y <= pixels.shape[0] - 1)
        return np.where(inside[..., None], np.clip(drawn, 0.0, 255.0), ground)

    def _sources(self, size: tuple[int, int]) -> np.ndarray:
        """Where on the page each pixel of the picture comes from, shape (height, width, 2)."""
        width, height = size
        across, down = (length // _COARSE_PX + 3 for length in size)
        columns, rows = np.meshgrid((np.arange(across) - 0.5) * _COARSE_PX, (np.arange(down) - 0.5) * _COARSE_PX)
        coarse = self.backward(np.stack([columns.ravel(), rows.ravel()], axis=1)) - 0.5
        lattice = coarse.reshape(down, across, 2).astype(np.float32)
        fine = cv2.resize(lattice, (across * _COARSE_PX, down * _COARSE_PX), interpolation=cv2.INTER_LINEAR)
        return fine[_COARSE_PX : _COARSE_PX + height, _COARSE_PX : _COARSE_PX + width]

    def _wave(self, x: np.ndarray) -> np.ndarray:
        along = np.clip(x / self.width_px, 0.0, 1.0)
        return self.wave_px * np.sin(2 * np.pi * self.cycles[0] * along + self.phases[0])

    def _lean(self, y: np.ndarray) -> np.ndarray:
        along = np.clip(y / self.height_px, 0.0, 1.0)
        return self.lean_px * np.sin(2 * np.pi * self.cycles[1] * along + self.phases[1])
