"""Millimetres of ECG paper in pixels: the period of the grid, with 1 mm and 5 mm told apart."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage, signal

_BAND_PX: Final = 16
_MIN_PERIOD_PX: Final = 3.0
_MIN_LINES: Final = 5
_MIN_CONTRAST: Final = 0.12
_MAJOR_EVERY: Final = 5
_SQUARE: Final = 0.12
_SAME: Final = 0.05
_CLEAR: Final = 0.4
_NEAR_TOOTH: Final = 0.15  # of a period
_EXPLAINED: Final = 0.65
_HEAVIER: Final = 0.06


@dataclass(frozen=True, slots=True)
class Period:
    """``px`` between lines; ``minor`` says what the lines are: True 1 mm, False 5 mm, None not told."""

    px: float
    contrast: float  # of the lines against the space between, in the autocorrelation
    minor: bool | None

    @property
    def px_per_mm(self) -> float | None:
        if self.minor is None:
            return None
        return self.px if self.minor else self.px / _MAJOR_EVERY


@dataclass(frozen=True, slots=True)
class Grid:
    """Periods in both directions, in pixels of the work copy; None where there are no lines."""

    x: Period | None
    y: Period | None

    @property
    def is_ecg_paper(self) -> bool:
        """Squares, with heavier lines every five: what no table and no chart has."""
        x, y = (p.px_per_mm if p is not None else None for p in (self.x, self.y))
        return x is not None and y is not None and abs(x / y - 1) < _SQUARE

    @property
    def is_squared(self) -> bool:
        """Clear squares of one strength: millimetre paper at low resolution, or plain squared paper."""
        return self.is_square and all(p is not None and p.contrast > _CLEAR for p in (self.x, self.y))

    @property
    def is_contradictory(self) -> bool:
        """Both directions know their millimetres, and differ."""
        x, y = (p.px_per_mm if p is not None else None for p in (self.x, self.y))
        return x is not None and y is not None and abs(x / y - 1) > _SAME

    @property
    def is_square(self) -> bool:
        return self.x is not None and self.y is not None and abs(self.x.px / self.y.px - 1) < _SQUARE


def find_grid(darkness: np.ndarray, hidden: np.ndarray) -> Grid:
    """The grid's periods.

    Parameters
    ----------
    darkness : ndarray of float, shape (height, width)
        Of the map in which pale lines show.
    hidden : ndarray of bool, shape (height, width)
        Ink of trace and labels, left out.
    """
    x, y = _period(darkness, ~hidden), _period(darkness.T, ~hidden.T)
    return Grid(*agreed(x, y))


def agreed(x: Period | None, y: Period | None) -> tuple[Period | None, Period | None]:
    """What one direction knows of 1 mm and 5 mm, told to the other where the squares agree."""
    if x is None or y is None:
        return x, y
    if x.minor is None and y.minor is not None:
        x = _told(x, y)
    elif y.minor is None and x.minor is not None:
        y = _told(y, x)
    return x, y


def _told(asking: Period, knowing: Period) -> Period:
    mm = knowing.px_per_mm
    assert mm is not None
    for minor, in_mm in ((True, 1), (False, _MAJOR_EVERY)):
        if abs(asking.px / in_mm / mm - 1) < _SQUARE:
            return Period(asking.px, asking.contrast, minor)
    return asking


def _period(darkness: np.ndarray, seen: np.ndarray) -> Period | None:
    correlation = _band_autocorrelation(darkness, seen)
    if correlation is None:
        return None
    peaks, facts = signal.find_peaks(correlation, prominence=0.5 * _MIN_CONTRAST)
    lags = np.array([_vertex(correlation, int(p)) for p in peaks])
    weights = facts["prominences"]
    usable = len(correlation) - 1
    tried = [lag for lag in lags if lag >= _MIN_PERIOD_PX and lag * _MIN_LINES / 2 <= usable]
    scored = [(_comb(correlation, lag), float(lag)) for lag in tried]
    for score, lag in scored:
        if score < _MIN_CONTRAST:
            continue
        px = _refined(correlation, lag)
        if _explained(px, lags, weights) >= _EXPLAINED:
            return _resolved(correlation, px)
    return None


def _explained(px: float, lags: np.ndarray, weights: np.ndarray) -> float:
    """Share of the correlation's peaks, by prominence, at multiples of ``px``.

    Of lines 1 mm apart with heavier ones every five, 3 mm fit some peaks well; only 1 mm fits them all.
    """
    near = lags <= (2 * _MAJOR_EVERY + 0.5) * px
    off = np.abs(lags / px - np.round(lags / px))
    fits = (off < _NEAR_TOOTH) & (np.round(lags / px) >= 1)
    return float(weights[near & fits].sum() / max(weights[near].sum(), 1e-9))


def _resolved(correlation: np.ndarray, px: float) -> Period:
    """Told by the 5:1 comb: finer lines between these make them 5 mm, stronger ones every fifth make them 1 mm."""
    contrast = _comb(correlation, px)
    if px / _MAJOR_EVERY >= _MIN_PERIOD_PX and _subdivided(correlation, px):
        return Period(px / _MAJOR_EVERY, contrast, True)
    if _emphasised(correlation, px):
        return Period(px, contrast, True)
    return Period(px, contrast, None)


def _subdivided(correlation: np.ndarray, px: float) -> bool:
    fine = px / _MAJOR_EVERY
    on = [_at(correlation, k * fine) for k in range(1, 15) if k % _MAJOR_EVERY]
    off = [_at(correlation, (k + 0.5) * fine) for k in range(0, 15)]
    spacing = float(np.mean(on) - np.mean(off))
    wins = np.mean([a > b for a, b in zip(on, off, strict=False)])
    return bool(spacing > 0.04 and wins > 0.8)


def _emphasised(correlation: np.ndarray, px: float) -> bool:
    """Whether every fifth tooth, and no other, stands above both its neighbours."""
    teeth = int(min(3 * _MAJOR_EVERY + 1, (len(correlation) - 1) // px))
    if teeth <= 2 * _MAJOR_EVERY:
        return False
    # Lines drawn at whole pixels share a tooth between two lags, so a tooth is what stands within a pixel of it.
    blurred = ndimage.uniform_filter1d(correlation, 3, mode="nearest") if px >= 6 else correlation
    heights = np.array([_at(blurred, k * px) for k in range(1, teeth + 1)])
    above = heights[1:-1] - np.maximum(heights[:-2], heights[2:])  # of teeth 2 to teeth - 1
    fifth = np.arange(2, teeth) % _MAJOR_EVERY == 0
    least = _HEAVIER * float(np.ptp(blurred[round(0.5 * px) :]))
    return bool(above[fifth].min() > least and above[fifth].min() > 2 * max(0.0, above[~fifth].max()))


def _band_autocorrelation(darkness: np.ndarray, seen: np.ndarray) -> np.ndarray | None:
    """Summed over narrow bands, so that a tilt of a degree or two does not blur the lines; lag 0 is 1."""
    height, width = darkness.shape
    bands = max(1, height // _BAND_PX)
    if width < 24:
        return None
    rows = np.array_split(np.arange(height), bands)
    weight = np.stack([seen[r].mean(axis=0) for r in rows])
    profile = np.stack([(darkness[r] * seen[r]).sum(axis=0) / np.maximum(seen[r].sum(axis=0), 1) for r in rows])
    weight = np.where(weight > 0.3, 1.0, 0.0)
    wide = max(9, min(width // 3, 161)) | 1
    level = ndimage.uniform_filter1d(profile * weight, wide, axis=1, mode="reflect")
    share = ndimage.uniform_filter1d(weight, wide, axis=1, mode="reflect")
    profile = (profile - level / np.maximum(share, 1e-3)) * weight
    limit = 4 * profile[weight > 0].std() if (weight > 0).any() else 0.0
    if limit <= 1e-4:
        return None
    profile = np.clip(profile, -limit, limit)
    size = 2 * width
    energy = np.fft.irfft((np.abs(np.fft.rfft(profile, size, axis=1)) ** 2).sum(axis=0))[: width * 2 // 3]
    pairs = np.fft.irfft((np.abs(np.fft.rfft(weight, size, axis=1)) ** 2).sum(axis=0))[: width * 2 // 3]
    correlation = energy / np.maximum(pairs, 1.0)
    return correlation / correlation[0] if correlation[0] > 0 else None


def _at(correlation: np.ndarray, lag: float) -> float:
    return float(np.interp(lag, np.arange(len(correlation)), correlation))


def _comb(correlation: np.ndarray, px: float) -> float:
    teeth = int(min(8, (len(correlation) - 1) // px - 1))
    if teeth < 2:
        return -1.0
    on = [max(_at(correlation, k * px + d) for d in (-0.5, 0.0, 0.5)) for k in range(1, teeth + 1)]
    off = [_at(correlation, (k + 0.5) * px) for k in range(0, teeth)]
    return float(np.mean(on) - np.mean(off)) * float(np.mean([a > b for a, b in zip(on, off, strict=True)]))


def _vertex(correlation: np.ndarray, peak: int) -> float:
    if not 0 < peak < len(correlation) - 1:
        return float(peak)
    left, middle, right = correlation[peak - 1 : peak + 2]
    bend = left - 2 * middle + right
    return peak if bend >= 0 else peak + 0.5 * (left - right) / bend


def _refined(correlation: np.ndarray, px: float) -> float:
    """The period within 4 % whose teeth, far ones included, stand highest."""
    for share, teeth in ((0.04, 6), (0.015, 20), (0.005, 60)):
        teeth = int(min(teeth, (len(correlation) - 1) // (px * 1.05)))
        if teeth < 1:
            break
        tried = px * np.linspace(1 - share, 1 + share, 61)
        lags = tried[:, None] * np.arange(1, teeth + 1)
        heights = np.interp(lags, np.arange(len(correlation)), correlation).mean(axis=1)
        px = float(tried[int(heights.argmax())])
    return px
