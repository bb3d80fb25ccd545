"""How far a lead's curve can be trusted without knowing the truth."""

from typing import Final

import numpy as np

from worker.image.sheet.curve import LeadCurve, restlessness

_INK: Final = 0.5  # of the darkness along the curve
_STEPS: Final = 4  # points looked at from one column to the next


def curve_quality(darkness: np.ndarray, curve: LeadCurve) -> int:
    """0 to 100: how much of the re-drawn curve lies on ink, how sure the reader is, how much of it was seen.

    Parameters
    ----------
    darkness : ndarray of float, shape (height, width)
        Of the flat picture.
    curve : LeadCurve
    """
    if np.isnan(curve.height_mm).all():
        return 0
    overlap = redrawn_overlap(darkness, curve)
    return round(100 * overlap * curve.certainty * (1 - curve.gap_fraction) * (1 - restlessness(curve.height_mm)))


def redrawn_overlap(darkness: np.ndarray, curve: LeadCurve) -> float:
    """Share of the re-drawn line, upstrokes included, that lies on ink."""
    x, y = curve.flat_px.T
    along = np.linspace(0, x.size - 1, _STEPS * x.size)
    x, y = np.interp(along, np.arange(x.size), x), np.interp(along, np.arange(y.size), y)
    known = np.isfinite(y)
    on_line = darkness[np.clip(y[known], 0, len(darkness) - 1).astype(int), x[known].astype(int)]
    level = float(np.median(on_line))
    return float((on_line > _INK * level).mean()) if level > 0 else 0.0
