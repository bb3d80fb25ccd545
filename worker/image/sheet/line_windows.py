"""What lines of the paper are off their counts, told by their phase in windows all over a picture."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from scipy import sparse
from scipy.sparse import linalg as splinalg

from worker.image.sheet.paper_map import PaperMap, count_terms, flattened

_PX_PER_LINE: Final = 8.0
_LEAST_PX_PER_LINE: Final = 4.0
_WINDOW_LINES: Final = 4
_WINDOW_FINE_LINES: Final = 6
_LEAST_WINDOWS: Final = 6
_MOST_WINDOWS: Final = 300
_MOST_FINE_WINDOWS: Final = 800
_JITTER: Final = 0.5  # of the way from one window to the next
_GOLDEN: Final = (5**0.5 - 1) / 2  # its multiples fall evenly between whole numbers, and never the same twice
_SEEN: Final = 0.8  # of a window
_LEAST_STRENGTH: Final = 0.3  # of the median window's
_INK: Final = 0.95  # quantile of darkness above which it is ink rather than a line
_FAINT: Final = 1e-3
_FAINTEST: Final = 1e-6  # of darkness: what rounding may leave
_ROUNDS: Final = 4
_LEAST_OFF: Final = 0.05  # lines


@dataclass(frozen=True, slots=True, eq=False)
class LineWindows:
    """What the lines of one direction are off their counts, on a lattice of windows.

    ``at`` are the windows' middles in counts of lines across and down, shape (rows, columns, 2); ``terms`` are those of
    the polynomials there, shape (rows, columns, terms); ``off`` is in lines, wrapped to
    half of one, shape (rows, columns), and ``in_all`` with the whole lines that neighbours say, where ``unwrapped``;
    ``weight`` is 0 where no lines are; ``strength`` is how dark they are, median.
    """

    at: np.ndarray
    terms: np.ndarray
    off: np.ndarray
    weight: np.ndarray
    strength: float
    in_all: np.ndarray | None = None

    @property
    def agreement(self) -> float:
        """0 to 1: how far the lines of all windows are off their counts by the same."""
        together = (self.weight * np.exp(2j * np.pi * self.off)).sum()
        return float(np.abs(together) / max(self.weight.sum(), 1.0))

    def moved(self, by: np.ndarray) -> "LineWindows":
        """After something was added to the polynomial."""
        more = self.terms @ by
        return replace(self, off=wrapped(self.off - more), in_all=None if self.in_all is None else self.in_all - more)

    def unwrapped(self) -> "LineWindows":
        """With as many whole lines as bring each window nearest to the sums of all steps between neighbours.

        Least squares, as Ghiglia and Romero 1994, in rounds that trust steps the less the farther they are off.
        """
        return replace(self, in_all=self.off + np.round(_summed(self) - self.off))


def line_windows(paper: PaperMap, faint: np.ndarray, multiple: float, *, uneven: bool = False) -> Iterator[LineWindows]:
    """Of the lines across, then of those down; nothing where the picture is smaller than a window.

    Parameters
    ----------
    paper : PaperMap
    faint : ndarray of float32, shape (height, width)
        Darkness in which pale lines show, ``without_ink``.
    multiple : float
        How many lines to look for where the map counts one: 5 for the finer lines between, 1 / 5 for every fifth.
    uneven : bool
        Whether windows are not all as far apart: of those that are each may be off by one line more than the one
        before, and all agree with a wrong map.
    """
    px = _LEAST_PX_PER_LINE if multiple > 1 else max(_PX_PER_LINE, _LEAST_PX_PER_LINE / multiple)
    size = round(px * (_WINDOW_LINES if multiple <= 1 else _WINDOW_FINE_LINES))
    flat = flattened(faint, paper, px_per_line=px * multiple)
    height, width = flat.rgb.shape
    if min(height, width) < size:
        return
    shown = flat.seen.astype(np.float32)
    share = cv2.blur(shown, (size, size))
    contrast = (flat.rgb - cv2.blur(flat.rgb * shown, (size, size)) / np.maximum(share, 0.05)) * shown
    most = _MOST_WINDOWS if multiple <= 1 else _MOST_FINE_WINDOWS
    step = max(size // 2, round(np.sqrt(height * width / most)))
    y, x = (_middles(length, size, step, uneven) for length in (height, width))
    flat_px = np.stack(np.meshgrid(x.astype(float), y.astype(float)), axis=-1)
    at = flat_px / flat.px_per_line + flat.origin
    terms = count_terms(paper.pixels(at) / paper.unit_px)
    whole = share[np.ix_(y, x)] > _SEEN
    means = _means_around(y, height, size), _means_around(x, width, size)
    for axis in (0, 1):
        counts = (np.arange((width, height)[axis]) + 0.5) / px + flat.origin[axis] * multiple
        turning = np.exp(-2j * np.pi * counts).astype(np.complex64)
        if axis == 0:
            found = (means[0] @ contrast) @ (means[1] * turning).T
        else:
            found = (means[0] * turning) @ (contrast @ means[1].T)
        found = found + _trace(found.shape)
        strength = np.abs(found) * whole
        off = np.angle(found) / (2 * np.pi)
        yield LineWindows(at, terms, off, _weights(strength), float(np.median(strength)))


def _middles(length: int, size: int, step: int, uneven: bool) -> np.ndarray:
    even = np.arange(size // 2, length - size // 2 + 1, step)
    if not uneven:
        return even
    jitter = (np.arange(even.size) * _GOLDEN) % 1 - 0.5
    return np.clip(even + np.round(_JITTER * step * jitter).astype(int), size // 2, length - size // 2)


def _trace(shape: tuple[int, ...]) -> np.ndarray:
    """A phase for each window that has no other: blank ones speak against lines that a chart alone has."""
    return np.asarray(_FAINTEST * np.exp(2j * np.pi * np.random.default_rng(0).random(shape)))


def _means_around(middles: np.ndarray, length: int, size: int) -> np.ndarray:
    """Of ``length`` values, those that take the mean of ``size`` around each middle, shape (middles, length)."""
    first = middles[:, None] - size // 2
    at = np.arange(length)
    return ((at >= first) & (at < first + size)).astype(np.float32) / size


def without_ink(darkness: np.ndarray) -> np.ndarray:
    """The map, shape (height, width), with what is darker than a line made as dark as one."""
    return np.minimum(darkness, np.quantile(darkness[::3, ::3], _INK)).astype(np.float32)


def _weights(strength: np.ndarray) -> np.ndarray:
    """1 where lines are about as strong as elsewhere, 0 where they are not, or where there are too few of them."""
    some = strength[strength > 0]
    if some.size < _LEAST_WINDOWS:
        return np.zeros_like(strength)
    return np.where(strength > _LEAST_STRENGTH * np.median(some), 1.0, 0.0)


def _summed(windows: LineWindows) -> np.ndarray:
    """What each window is off by the steps from one to the next, shape (rows, columns)."""
    one, other, step, weight = _steps(windows)
    edges, size = np.arange(len(step)), windows.off.size
    taken = sparse.csr_array((np.ones(len(step)), (edges, other)), (len(step), size))
    taken = taken - sparse.csr_array((np.ones(len(step)), (edges, one)), (len(step), size))
    summed, trust = np.zeros(size), np.ones(len(step))
    for _ in range(_ROUNDS):
        weighed = taken.T * (weight * trust)
        summed = splinalg.spsolve((weighed @ taken + _FAINT * sparse.eye_array(size)).tocsc(), weighed @ step)
        trust = 1 / (np.abs(taken @ summed - step) + _LEAST_OFF)
    return np.asarray(summed.reshape(windows.off.shape))


def _steps(windows: LineWindows) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """From each window to the next below and beside it: both windows' numbers, by how much, and how sure."""
    number = np.arange(windows.off.size).reshape(windows.off.shape)
    ones = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel()])
    others = np.concatenate([number[1:].ravel(), number[:, 1:].ravel()])
    off, weight = windows.off.ravel(), windows.weight.ravel()
    return ones, others, wrapped(off[others] - off[ones]), np.maximum(weight[ones] * weight[others], _FAINT)


def wrapped(lines: np.ndarray) -> np.ndarray:
    """To half a line either way."""
    return (lines + 0.5) % 1.0 - 0.5
