"""A map of the paper made exact: where its lines really are against where the map counts them.

Spectra tell how far apart lines are; what that is off adds up across a page.  The phase of the lines in windows all
over the picture tells how far each line is from its count.
"""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from worker.image.sheet.paper_map import PaperMap, count_degrees, count_terms, flattened, paper_maps

_PX_PER_LINE: Final = 8.0
_WINDOW_LINES: Final = 6
_STEP_LINES: Final = 3
_LEAST_WINDOWS: Final = 6
_LEAST_STRENGTH: Final = 0.3  # of the median window's
_ROUNDS: Final = (("differences", 1), ("phases", 1), ("phases", 2), ("phases", 2))
_CLEARER: Final = 0.15
_LEAST_AGREEMENT: Final = 0.3
_CLEAR: Final = 0.6
_SQUARE: Final = 0.03
_CALM: Final = 0.1
_LIMIT: Final = 4.0  # Tukey's, of the median deviation
_LEAST_LIMIT: Final = 0.02  # lines


@dataclass(frozen=True, slots=True, eq=False)
class _Windows:
    """``phase`` in lines (wrapped to half a line) and ``weight`` on a lattice, and where the windows lie."""

    at_px: np.ndarray  # (rows, columns, 2)
    phase: np.ndarray  # (rows, columns)
    weight: np.ndarray


def exact_map(darkness: np.ndarray) -> PaperMap | None:
    """The map whose lines are where it counts them, or None where no lines are.

    Parameters
    ----------
    darkness : ndarray of float, shape (height, width)
        A map in which pale lines show.
    """
    best, most = None, _LEAST_AGREEMENT
    for found in paper_maps(darkness):
        paper = refined(found, darkness)
        agreement = min(_agreement(paper, darkness, axis) for axis in (0, 1))
        if agreement > most:
            best, most = paper, agreement
        if agreement > _CLEAR and paper.squareness < _SQUARE:
            break
    return best


def refined(paper: PaperMap, darkness: np.ndarray) -> PaperMap:
    """The map with its counts moved to the paper's own lines.

    Parameters
    ----------
    paper : PaperMap
    darkness : ndarray of float, shape (height, width)
        That the map was found in.
    """
    for axis in (0, 1):
        moved = paper
        for how, degree in _ROUNDS:
            moved = _moved(moved, darkness, axis, how, degree)
        if _agreement(moved, darkness, axis) > _agreement(paper, darkness, axis) + _CLEARER:
            paper = moved
    return paper


def _moved(paper: PaperMap, darkness: np.ndarray, axis: int, how: str, degree: int) -> PaperMap:
    windows = _windows(paper, darkness, axis)
    off = None if windows is None else _fitted(windows, paper.unit_px, how, degree)
    if off is None:
        return paper
    return replace(paper, across=paper.across + off) if axis == 0 else replace(paper, down=paper.down + off)


def _agreement(paper: PaperMap, darkness: np.ndarray, axis: int) -> float:
    """0 to 1: how far the lines of all windows are off their counts by the same."""
    windows = _windows(paper, darkness, axis)
    if windows is None:
        return 0.0
    together = (windows.weight * np.exp(2j * np.pi * windows.phase)).sum()
    return float(np.abs(together) / max(windows.weight.sum(), 1.0))


def _windows(paper: PaperMap, picture: np.ndarray, axis: int) -> _Windows | None:
    flat = flattened(picture.astype(np.float32), paper, px_per_line=_PX_PER_LINE)
    darkness, seen, origin = flat.rgb, flat.seen, flat.origin
    size, step = round(_WINDOW_LINES * _PX_PER_LINE), round(_STEP_LINES * _PX_PER_LINE)
    height, width = darkness.shape
    if min(height, width) < size:
        return None
    shown = seen.astype(np.float32)
    level = cv2.blur(darkness * shown, (size, size)) / np.maximum(cv2.blur(shown, (size, size)), 0.05)
    contrast = (darkness - level) * shown
    counts = (np.arange((width, height)[axis]) + 0.5) / _PX_PER_LINE + origin[axis]
    turning = np.exp(-2j * np.pi * counts)
    turned = contrast * (turning[None, :] if axis == 0 else turning[:, None])
    y, x = np.arange(size // 2, height - size // 2 + 1, step), np.arange(size // 2, width - size // 2 + 1, step)
    real, imaginary = (
        cv2.blur(np.ascontiguousarray(part), (size, size))[np.ix_(y, x)] for part in (turned.real, turned.imag)
    )
    whole = cv2.blur(shown, (size, size))[np.ix_(y, x)] > 0.8
    strength = np.hypot(real, imaginary) * whole
    if (strength > 0).sum() < _LEAST_WINDOWS:
        return None
    weight = np.where(strength > _LEAST_STRENGTH * np.median(strength[strength > 0]), 1.0, 0.0)
    flat_px = np.stack(np.meshgrid(x.astype(float), y.astype(float)), axis=-1)
    at_px = paper.pixels(flat_px / _PX_PER_LINE + origin)
    return _Windows(at_px, np.arctan2(imaginary, real) / (2 * np.pi), weight)


def _fitted(windows: _Windows, unit_px: float, how: str, degree: int) -> np.ndarray | None:
    """What to add to a polynomial, or None where too few windows agree."""
    terms = count_terms(windows.at_px / unit_px)
    design, wanted, weight = _differences(windows, terms) if how == "differences" else _phases(windows, terms)
    if (weight > 0).sum() < _LEAST_WINDOWS:
        return None
    used = np.append(count_degrees() <= degree, np.ones(design.shape[1] - terms.shape[-1], dtype=bool))
    calm = np.sqrt(_CALM) * np.eye(design.shape[1])  # where no window speaks, nothing moves
    trust = np.ones(len(wanted))
    found = np.zeros(design.shape[1])
    for _ in range(6):
        scale = np.sqrt(weight * trust)
        held = np.concatenate([design[:, used] * scale[:, None], calm[:, used]])
        found[used] = np.linalg.lstsq(held, np.concatenate([wanted * scale, np.zeros(len(calm))]), rcond=None)[0]
        off = np.abs(design @ found - wanted)
        limit = _LIMIT * max(float(np.median(off[weight > 0])), _LEAST_LIMIT)
        trust = np.clip(1 - (off / limit) ** 2, 0, 1) ** 2 + 1e-9
    return found[: terms.shape[-1]]


def _differences(windows: _Windows, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From one window to the next, across and down: no whole line can be missed."""
    parts = []
    for axis in (0, 1):
        count = windows.phase.shape[axis]
        one, other = np.arange(count - 1), np.arange(1, count)
        step = _wrapped(np.take(windows.phase, other, axis) - np.take(windows.phase, one, axis))
        design = np.take(terms, other, axis) - np.take(terms, one, axis)
        weight = np.take(windows.weight, other, axis) * np.take(windows.weight, one, axis)
        parts.append((design.reshape(-1, terms.shape[-1]), step.ravel(), weight.ravel()))
    design, step, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    return design, step, weight


def _phases(windows: _Windows, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Against the mean of all windows, with a constant as the last term."""
    mean = np.angle((windows.weight * np.exp(2j * np.pi * windows.phase)).sum()) / (2 * np.pi)
    design = np.concatenate([terms, np.ones((*terms.shape[:-1], 1))], axis=-1).reshape(-1, terms.shape[-1] + 1)
    return design, _wrapped(windows.phase - mean).ravel(), windows.weight.ravel()


def _wrapped(lines: np.ndarray) -> np.ndarray:
    return (lines + 0.5) % 1.0 - 0.5
