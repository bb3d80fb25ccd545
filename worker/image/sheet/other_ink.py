"""Where a curve that was followed is another ink's: a pen went over the paper, and the curve is lost under it."""

from typing import Final

import numpy as np
from scipy import ndimage

from worker.image.sheet.curve import darkness_along
from worker.image.sheet.row_reader import PX_PER_MM

# Of the curves of 13 generated pages of the taught halves 0.2 % of the columns read within half a millimetre differ by
# more, and 74 % of those that are off by more than 1.2 mm, most of them under a pen (by a script that was not kept).
_UNLIKE: Final = 0.02  # 1 - cosine between darkness in red, green and blue
_STEADY_MM: Final = 2.0  # a line of the paper, or a letter, is crossed within less
_LEAST: Final = 1e-3
_AS_DARK: Final = 0.7
_OF_LINES: Final = 0.03  # of the paper: nobody writes over as much
_DARKEST_SHARE: Final = 0.1  # of the paper, mostly its lines
_MOST_OF_LINES: Final = 1.1  # of their darkness that a curve over them takes on
_LEAST_OF_LINES: Final = -0.3  # of its own darkness, where a thin curve has more of them elsewhere


def other_ink(darkness: np.ndarray, xy_px: np.ndarray) -> np.ndarray:
    """Whether the ink under each point of a curve has another colour than that of the curve as a whole.

    A pen of the curve's own colour is not told, and what is as dark and as common as the paper's lines is no pen: along
    a strong line a curve has its colour, and a thin one some of it.

    Parameters
    ----------
    darkness : ndarray of float, shape (height, width, 3)
        Of the flat picture.
    xy_px : ndarray, shape (n, 2)
        The curve, one point a column, y NaN where it is not seen.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    seen = np.isfinite(xy_px[:, 1])
    if not seen.any():
        return np.zeros(len(xy_px), bool)
    around = darkness_along(darkness, xy_px)
    colour = _unit(around)
    usual = _unit(np.median(colour[seen], axis=0))
    unlike = ndimage.median_filter(1 - colour @ usual, round(_STEADY_MM * PX_PER_MM[0])) > _UNLIKE
    return _without_lines(seen & unlike, around, np.median(around[seen], axis=0), darkness)


def _without_lines(other: np.ndarray, around: np.ndarray, curve: np.ndarray, darkness: np.ndarray) -> np.ndarray:
    """Without stretches whose colour much of the paper has, or that have some of it beside the curve's."""
    stretches, count = ndimage.label(other)
    if count == 0:
        return other
    paper = darkness[::4, ::4].reshape(-1, 3)
    dark, colours = np.linalg.norm(paper, axis=1), _unit(paper)
    lines = paper[dark >= np.quantile(dark, 1 - _DARKEST_SHARE)].mean(axis=0)
    for number in range(1, count + 1):
        usual = around[stretches == number].mean(axis=0)
        same = (colours @ _unit(usual) > 1 - _UNLIKE) & (dark >= _AS_DARK * np.linalg.norm(usual))
        if same.mean() > _OF_LINES or _is_mixed(usual, curve, lines):
            stretches[stretches == number] = 0
    return np.asarray(stretches > 0)


def _is_mixed(colour: np.ndarray, curve: np.ndarray, lines: np.ndarray) -> bool:
    """Whether a colour is the curve's own with more or less of the lines'."""
    of_both = np.stack([curve, lines], axis=1)
    (of_curve, of_lines), *_ = np.linalg.lstsq(of_both, colour, rcond=None)
    return bool(
        of_curve > 0
        and _LEAST_OF_LINES * of_curve <= of_lines <= _MOST_OF_LINES
        and _unit(of_both @ (of_curve, of_lines)) @ _unit(colour) > 1 - _UNLIKE
    )


def _unit(colours: np.ndarray) -> np.ndarray:
    return np.asarray(colours / np.maximum(np.linalg.norm(colours, axis=-1, keepdims=True), _LEAST))
