"""The curve of one lead on a flat sheet."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.image.sheet.leads import Source

_STEEP_MM: Final = 2.0  # from one column to the next
_STEEP: Final = (0.06, 0.2)  # share of columns from which, and up to which, it counts


@dataclass(frozen=True, slots=True, eq=False)
class LeadCurve:
    """One lead's curve, ``PX_PER_MM[0]`` samples a millimetre.

    ``height_mm`` is above the row's resting level, NaN where no curve is seen.  Its first sample lies ``start_mm`` from
    the left end of the sheet's curves.  ``certainty`` is 0 to 1, mean over the samples.
    """

    lead: str | None
    source: Source | None
    row: int
    column: int
    start_mm: float
    height_mm: np.ndarray
    certainty: float
    flat_px: np.ndarray  # x and y of each sample on the flat picture, shape (n, 2)
    covered: np.ndarray  # bool (n,): not seen because another ink lies over it

    @property
    def gap_fraction(self) -> float:
        return float(np.isnan(self.height_mm).mean())


def restlessness(height_mm: np.ndarray) -> float:
    """0 to 1: letters and scribbles are steep everywhere, a heart's curve in a few of its columns."""
    steps = np.abs(np.diff(height_mm))
    steep = float((steps[np.isfinite(steps)] > _STEEP_MM).mean()) if np.isfinite(steps).any() else 0.0
    return float(np.clip((steep - _STEEP[0]) / (_STEEP[1] - _STEEP[0]), 0, 1))


def darkness_along(darkness: np.ndarray, xy_px: np.ndarray) -> np.ndarray:
    """Darkness of the ink under each point of a curve, over three pixels down.

    Parameters
    ----------
    darkness : ndarray of float, shape (height, width, channels)
        Of the flat picture.
    xy_px : ndarray, shape (n, 2)
        y NaN where the curve is not seen; what comes of those points means nothing.

    Returns
    -------
    ndarray of float, shape (n, channels)
    """
    x = np.clip(xy_px[:, 0].astype(int), 0, darkness.shape[1] - 1)
    y = np.nan_to_num(xy_px[:, 1]).astype(int)
    return np.asarray(np.mean([darkness[np.clip(y + off, 0, len(darkness) - 1), x] for off in (-1, 0, 1)], axis=0))
