"""What lines of the paper are off their counts, told by their phase in windows all over a picture."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.linalg import solveh_banded

from worker.image.sheet.paper_map import PaperMap, count_terms
from worker.image.sheet.windows import windows_sampled

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
    first, last = paper.reached()
    width, height = (int(length) for length in np.ceil((last - first) * px * multiple))
    if min(height, width) < size:
        return
    most = _MOST_WINDOWS if multiple <= 1 else _MOST_FINE_WINDOWS
    step = max(size // 2, round(np.sqrt(height * width / most)))
    x, y = (_middles(length, size, step, uneven) for length in (width, height))
    at = np.stack(np.meshgrid(x, y), axis=-1) / (px * multiple) + first
    windows = windows_sampled(faint, paper, at, lines=size / (px * multiple), side_px=size)
    terms = count_terms(windows.at_px / paper.unit_px)
    along = np.arange(size) + 0.5
    bell = (1 - np.cos(2 * np.pi * along / size)) / size  # Hann's: an edge or a stroke sounds less like lines
    for axis, profile in enumerate((windows.values.mean(axis=1), windows.values.mean(axis=3).swapaxes(1, 2))):
        counts = at[..., axis, None] * multiple + (along - size / 2) / px
        found = (profile * bell * np.exp(-2j * np.pi * counts)).sum(axis=-1) + _trace(windows.share.shape)
        strength = np.abs(found) * (windows.share > _SEEN)
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
    off, weight = windows.off, windows.weight
    steps = [wrapped(np.diff(off, axis=axis)) for axis in (0, 1)]
    weights = [np.maximum(weight[1:] * weight[:-1], _FAINT), np.maximum(weight[:, 1:] * weight[:, :-1], _FAINT)]
    trusts = [np.ones(step.shape) for step in steps]
    summed = np.zeros(off.shape)
    for _ in range(_ROUNDS):
        summed = _least_squares(*steps, *(weight * trust for weight, trust in zip(weights, trusts, strict=True)))
        trusts = [1 / (np.abs(np.diff(summed, axis=axis) - steps[axis]) + _LEAST_OFF) for axis in (0, 1)]
    return summed


def _least_squares(down: np.ndarray, across: np.ndarray, sure_down: np.ndarray, sure_across: np.ndarray) -> np.ndarray:
    """What has such steps from each row, and each column, to the next: as sure as these, shape (rows, columns)."""
    rows, columns = len(across), down.shape[1]
    if columns > rows:  # fewer bands
        return _least_squares(across.T, down.T, sure_across.T, sure_down.T).T
    bands, wanted = np.zeros((columns + 1, rows, columns)), np.zeros((rows, columns))
    bands[0] = _FAINT
    for here, step, sure in (
        (np.s_[1:], down, sure_down),
        (np.s_[:-1], -down, sure_down),
        (np.s_[:, 1:], across, sure_across),
        (np.s_[:, :-1], -across, sure_across),
    ):
        bands[0][here] += sure
        wanted[here] += sure * step
    bands[1, :, :-1] -= sure_across
    bands[columns, :-1] -= sure_down
    return np.asarray(solveh_banded(bands.reshape(columns + 1, -1), wanted.ravel(), lower=True)).reshape(rows, columns)


def wrapped(lines: np.ndarray) -> np.ndarray:
    """To half a line either way."""
    return (lines + 0.5) % 1.0 - 0.5
