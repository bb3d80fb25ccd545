"""A curve that was read, held against the signal that was drawn."""

from dataclasses import dataclass
from typing import Final

import numpy as np

_SHIFT_S: Final = 0.2
_COARSE_S: Final = 0.004
_FINE_S: Final = 0.0005
_LEAST_SHARE: Final = 1e-12  # of the signal's energy: an error of nothing is 120 dB


@dataclass(frozen=True, slots=True, eq=False)
class ReadCurve:
    """Samples of a read curve: ``at_s`` ascending, ``mv``, and whether each was ``seen``; all of shape (n,)."""

    at_s: np.ndarray
    mv: np.ndarray
    seen: np.ndarray


@dataclass(frozen=True, slots=True)
class CurveFigures:
    """How truly one lead was read; see ``curve_figures``."""

    snr_db: float
    r: float
    rmse_mv: float
    read_share: float


def curve_figures(true_mv: np.ndarray, fs: float, visible: np.ndarray, read: ReadCurve | None) -> CurveFigures:
    """SNR, correlation and error of a read curve.

    ``SNR = 10 log10(sum x^2 / sum (y - x)^2)`` over the samples that the picture shows, with x the drawn signal less
    its mean over them, and y the read curve at one shift within 0.2 s and one offset, those that make the error
    smallest.  A sample that was not read counts as y = 0: a curve that was not read at all has 0 dB.

    Parameters
    ----------
    true_mv : ndarray, shape (n,)
    fs : float
        Hz.
    visible : ndarray of bool, shape (n,)
        Samples that lie within the picture; at least two.
    read : ReadCurve or None
        Its time counts from the first of ``true_mv``.

    Raises
    ------
    ValueError
        If nothing is visible, or it is a flat line: nothing has a ratio to it.
    """
    at_s, x = np.flatnonzero(visible) / fs, true_mv[visible].astype(float)
    if x.size < 2 or np.ptp(x) == 0:
        raise ValueError(f"true_mv: expected two visible samples that differ. Received: {x.size}")
    x = x - x.mean()
    if read is None or not read.seen.any():
        y, seen = np.zeros(x.size), np.zeros(x.size, bool)
    else:
        y, seen = _aligned(x, at_s, read)
    error, energy = float(((y - x) ** 2).sum()), float((x**2).sum())
    return CurveFigures(
        snr_db=float(10 * np.log10(energy / max(error, _LEAST_SHARE * energy))),
        r=float(np.corrcoef(x, y)[0, 1]) if np.ptp(y) else 0.0,
        rmse_mv=float(np.sqrt(error / x.size)),
        read_share=float(seen.mean()),
    )


def _aligned(x: np.ndarray, at_s: np.ndarray, read: ReadCurve) -> tuple[np.ndarray, np.ndarray]:
    """The read curve at the samples of ``x``, 0 where it was not read, and where it was."""
    coarse = np.arange(-_SHIFT_S, _SHIFT_S + _COARSE_S / 2, _COARSE_S)
    near = min(coarse, key=lambda shift: _error(x, *_shifted(x, at_s, read, shift)))
    fine = np.clip(near + np.arange(-_COARSE_S, _COARSE_S + _FINE_S / 2, _FINE_S), -_SHIFT_S, _SHIFT_S)
    best = min(fine, key=lambda shift: _error(x, *_shifted(x, at_s, read, shift)))
    return _shifted(x, at_s, read, best)


def _shifted(x: np.ndarray, at_s: np.ndarray, read: ReadCurve, shift: float) -> tuple[np.ndarray, np.ndarray]:
    y = np.interp(at_s - shift, read.at_s, read.mv)
    seen = np.interp(at_s - shift, read.at_s, read.seen.astype(float), left=0.0, right=0.0) > 1 - 1e-9
    offset = float((x[seen] - y[seen]).mean()) if seen.any() else 0.0
    return np.where(seen, y + offset, 0.0), seen


def _error(x: np.ndarray, y: np.ndarray, seen: np.ndarray) -> float:
    return float(((y - x) ** 2).sum())
