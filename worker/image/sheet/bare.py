"""A plain scale for a picture without squares: straight by its own rows, and as wide as a person says that it lasts.

Curled paper stays curled.  How much of a millimetre a pixel is matters little for following rows; time itself comes
from the rows' ends once they are read (``seconds.py``).
"""

from typing import Final

import cv2
import numpy as np

from worker.image.ink import darkness_against_paper, lightest_channel
from worker.image.layout import MIN_INK_LEVEL, ink_level
from worker.image.sheet.ink import curve_ink
from worker.image.sheet.paper_map import MAJOR_MM, PaperMap, count_degrees, flattened, term_of
from worker.image.sheet.rows import rows_traced
from worker.image.sheet.sign_reader import PX_PER_MM

_SMALL_PX: Final = 900  # longer side, where the tilt is looked for
_MOST_TILT_DEG: Final = 8.0
_STEPS_DEG: Final = (0.5, 0.1)
_LONG: Final = 0.7  # of the longest row
_LOOKS: Final = 2  # each is as wide as the rows of the one before
_NEAR: Final = 0.04
_SIDES_MM: Final = (25.0, 700.0)  # least width and longest side of a picture's flat copy, whatever is told


def bare_map(rgb: np.ndarray, width_mm: float) -> PaperMap | None:
    """The map of a picture without squares, or None where no ink stands out.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
        Dark on light.
    width_mm : float
        From the first to the last point of its rows.
    """
    tilt_deg = tilt_of(rgb)
    if tilt_deg is None:
        return None
    height, width = rgb.shape[:2]
    rows_px = float(width)
    for _ in range(_LOOKS):
        paper = _straight(height, width, tilt_deg, _kept_in(rows_px / width_mm, height, width))
        found_px = _rows_width_px(rgb, paper)
        if found_px is None or abs(np.log(found_px / rows_px)) < _NEAR:
            return paper
        rows_px = found_px
    return _straight(height, width, tilt_deg, _kept_in(rows_px / width_mm, height, width))


def tilt_of(rgb: np.ndarray) -> float | None:
    """By how many degrees rows fall to the right: at which their ink lies in the fewest lines."""
    darkness = darkness_against_paper(lightest_channel(rgb))
    level = max(ink_level(darkness), 0.5 * float(np.quantile(darkness, 0.9995)))
    if level < MIN_INK_LEVEL:
        return None
    shrink = min(1.0, _SMALL_PX / max(darkness.shape))
    ink = np.clip(darkness / level, 0, 1)
    small = cv2.resize(ink, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else ink
    best, reach = 0.0, _MOST_TILT_DEG
    for step in _STEPS_DEG:
        tried = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(tried, key=lambda deg: (_lines_together(small, deg), -abs(deg))))
        reach = step
    return best


def _lines_together(ink: np.ndarray, deg: float) -> float:
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), deg, 1.0)
    profile = cv2.warpAffine(ink, turn, (width, height)).sum(axis=1)
    return float((profile**2).sum())


def _straight(height: int, width: int, tilt_deg: float, px_per_mm: float) -> PaperMap:
    unit, tilt = float(max(height, width)), np.radians(tilt_deg)
    across, down = np.zeros((2, count_degrees().size))
    lines, linear = unit / (px_per_mm * MAJOR_MM), [term_of(1, 0), term_of(0, 1)]
    across[linear] = lines * np.array([np.cos(tilt), np.sin(tilt)])
    down[linear] = lines * np.array([-np.sin(tilt), np.cos(tilt)])
    return PaperMap(across, down, unit, width, height, MAJOR_MM, strength=0.0, is_squared=False)


def _kept_in(px_per_mm: float, height_px: int, width_px: int) -> float:
    least = max(height_px, width_px) / _SIDES_MM[1]
    return float(np.clip(px_per_mm, least, max(least, width_px / _SIDES_MM[0])))


def _rows_width_px(rgb: np.ndarray, paper: PaperMap) -> float | None:
    """From the first to the last point of the long rows, in pixels of the picture."""
    rows = rows_traced(curve_ink(flattened(rgb, paper, px_per_line=MAJOR_MM * PX_PER_MM)), PX_PER_MM)
    if not rows:
        return None
    longest = max(row.trace.width for row in rows)
    wide = float(np.median([row.trace.width for row in rows if row.trace.width >= _LONG * longest]))
    return wide / PX_PER_MM * paper.line_px[0] / MAJOR_MM
