"""What polynomials do not follow of bent paper, such as a corner that curls up: its finest lines tell it by place."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage

from worker.image.sheet.bends import Bends
from worker.image.sheet.line_windows import LineWindows, line_windows
from worker.image.sheet.paper_map import PaperMap

_LEAST_AGREEMENT: Final = 0.6
_MORE: Final = 0.03  # agreement that bending has to gain
_LIKE_NEIGHBOURS: Final = 0.25  # lines
_NEIGHBOURS: Final = 5  # windows across and down
_LEAST_WINDOWS: Final = 15  # across and down: of fewer, as on a strip, bends follow the noise
_SMOOTH: Final = 1.0  # windows
_MOST_LINES: Final = 3.0


def bent(paper: PaperMap, faint: np.ndarray, multiple: int) -> PaperMap:
    """The map with what windows of lines are off, where bending makes the lines of others agree better.

    Parameters
    ----------
    paper : PaperMap
        Without bends.
    faint : ndarray of float32, shape (height, width)
        What the map was found in, ``without_ink``.
    multiple : int
        How many lines there are where the map counts one.
    """
    windows = list(line_windows(paper, faint, multiple))
    if _agreement(windows) < _LEAST_AGREEMENT or min(windows[0].off.shape) < _LEAST_WINDOWS:
        return paper
    off = np.stack([_smooth(one.unwrapped()) / multiple for one in windows], axis=-1)
    further = np.pad(off, ((1, 1), (1, 1), (0, 0)), mode="reflect", reflect_type="odd")  # by as much again
    at = windows[0].at
    step = at[1, 1] - at[0, 0]
    found = replace(paper, bends=Bends(at[0, 0] - step, step, further))
    before, after = (_agreement(list(line_windows(one, faint, multiple, uneven=True))) for one in (paper, found))
    return found if after > before + _MORE else paper


def _agreement(windows: Sequence[LineWindows]) -> float:
    """Of the direction that agrees less."""
    return min((one.agreement for one in windows), default=0.0)


def _smooth(windows: LineWindows) -> np.ndarray:
    """What windows are off where they are like those around them, elsewhere what those say; in their own lines."""
    assert windows.in_all is not None
    sure = windows.weight > 0
    off = windows.in_all - np.median(windows.in_all[sure])
    around = _medians_around(np.where(sure, off, np.nan))
    sure = sure & (np.abs(off - around) < _LIKE_NEIGHBOURS) & (np.abs(off) < _MOST_LINES)
    off = np.where(sure, off, 0.0)
    told, share = (ndimage.gaussian_filter(one, _SMOOTH, mode="constant") for one in (off, sure.astype(float)))
    near = share > 0.05
    if not near.any():
        return np.zeros(off.shape)
    nearest = ndimage.distance_transform_edt(~near, return_distances=False, return_indices=True)
    return (told / np.maximum(share, 1e-9))[tuple(nearest)]


def _medians_around(values: np.ndarray) -> np.ndarray:
    """Of the finite values around each, NaN where there are none, shape (rows, columns)."""
    padded = np.pad(values, _NEIGHBOURS // 2, constant_values=np.nan)
    around = sliding_window_view(padded, (_NEIGHBOURS, _NEIGHBOURS)).reshape(*values.shape, -1)
    around = np.sort(around, axis=-1)  # NaN last
    finite = np.isfinite(around).sum(axis=-1, keepdims=True)
    middle = [np.take_along_axis(around, at, axis=-1)[..., 0] for at in ((finite - 1) // 2, finite // 2)]
    return np.asarray(middle[0] + middle[1]) / 2
