"""Where a curve that was followed is nothing but a line of the paper: the curve is lost there."""

from typing import Final

import numpy as np
from scipy import ndimage

from worker.image.sheet.curve import darkness_along
from worker.image.sheet.row_reader import PX_PER_MM

# Of 72 drawn pages of the taught halves: of the columns that were read within 1.2 mm under one in a hundred has less
# ink for as long, of those that were read along a line of strong blue paper nearly all.
_LEAST_INK: Final = 0.25
_STEADY_MM: Final = 3.0  # for most of it: where curves cross or touch lines they have no ink of their own for less
_LEAST_OWN: Final = 0.1  # of the curve, that tells its own ink
_AS_DARK: Final = 0.7
_ALIKE: Final = 0.98  # cosine between darkness in red, green and blue
_AT_REST_MM: Final = 0.75


def off_ink(ink: np.ndarray, on_ink_px: np.ndarray, darkness: np.ndarray, xy_px: np.ndarray) -> np.ndarray:
    """Whether a curve runs where there is no ink but that of the paper's own lines.

    A curve that rests on a line as dark as its own ink, and of its colour, may well lie there.

    Parameters
    ----------
    ink : ndarray of float, shape (height, width)
        How likely each pixel is ink of a curve, 0 to 1, as ``ink.curve_ink`` tells it.
    on_ink_px : ndarray, shape (n, 2)
        The curve in pixels of ``ink``, one point for each column of the row reader, y NaN where it is not seen.
    darkness : ndarray of float, shape (height, width, 3)
        Of the flat picture.
    xy_px : ndarray, shape (n, 2)
        The curve in pixels of ``darkness``.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    if len(xy_px) == 0:
        return np.zeros(0, bool)
    seen = np.isfinite(xy_px[:, 1])
    x = np.clip(on_ink_px[:, 0].astype(int), 0, ink.shape[1] - 1)
    y = np.nan_to_num(on_ink_px[:, 1]).astype(int)
    near = np.max([ink[np.clip(y + off, 0, len(ink) - 1), x] for off in (-1, 0, 1)], axis=0)
    told = np.where(seen, near, 1.0)  # what is not seen says nothing of its neighbours
    off = seen & (ndimage.median_filter(told, round(_STEADY_MM * PX_PER_MM[0])) < _LEAST_INK)
    return np.asarray(off & ~_rests_on_a_line(darkness, xy_px, seen & (near >= _LEAST_INK)))


def _rests_on_a_line(darkness: np.ndarray, xy_px: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Where a curve is at rest on ink like its ``own``, shape (n,)."""
    if own.mean() < _LEAST_OWN:
        return np.zeros(own.size, bool)
    along = darkness_along(darkness, xy_px)
    usual = np.median(along[own], axis=0)
    dark, usually = np.linalg.norm(along, axis=1), float(np.linalg.norm(usual))
    alike = along @ usual >= _ALIKE * dark * usually
    at_rest = np.abs(xy_px[:, 1] - np.nanmedian(xy_px[:, 1])) <= _AT_REST_MM * PX_PER_MM[1]
    return np.asarray(alike & (dark >= _AS_DARK * usually) & at_rest)
