"""What a map of the paper leaves of its bends."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

_UNBENDING: Final = 8  # rounds: bends of a tenth of a line per line are then off by a hundred millionth


@dataclass(frozen=True, slots=True, eq=False)
class Bends:
    """What is added to counts of lines, on a lattice of such counts; beyond it what its border says.

    ``first`` and ``step`` are of counts across and down, ``off`` is in lines, shape (rows, columns, 2).
    """

    first: np.ndarray
    step: np.ndarray
    off: np.ndarray

    def at(self, lines: np.ndarray) -> np.ndarray:
        """What is added at counts, shape (..., 2) to (..., 2)."""
        across, down = np.moveaxis((lines - self.first) / self.step, -1, 0)
        at = np.stack([down.ravel(), across.ravel()])
        added = [ndimage.map_coordinates(self.off[..., axis], at, order=1, mode="nearest") for axis in (0, 1)]
        return np.stack(added, axis=-1).reshape(lines.shape)

    def undone(self, lines: np.ndarray) -> np.ndarray:
        """The counts that ``lines`` were before; bends are gentle, so that each round is far closer."""
        before = lines
        for _ in range(_UNBENDING):
            before = lines - self.at(before)
        return before
