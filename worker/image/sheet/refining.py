"""A map of the paper moved, by least squares, to where its lines are in windows all over the picture."""

from dataclasses import replace
from typing import Final

import numpy as np

from worker.image.sheet.line_windows import LineWindows, line_windows, wrapped
from worker.image.sheet.paper_map import PaperMap, count_degrees

FINE: Final = 5  # fine lines from one line to the next
LEAST_FINE_PX: Final = 2.5  # of the picture, between fine lines
CLEAR: Final = 0.8
CLEARER: Final = 0.01  # that a round has to gain
_LEAST_WINDOWS: Final = 6
_DEGREES: Final = (1, 2, 3, 4, 5, 6)
_TOGETHER: Final = 0.5  # agreement below which windows say nothing
_CALM: Final = 0.0003
_LIMIT: Final = 4.0  # Tukey's, of the median deviation
_LEAST_LIMIT: Final = 0.02  # lines
_TIMES: Final = 3
_POLISHES: Final = 2
_STILL: Final = 0.002  # lines


def refined(paper: PaperMap, faint: np.ndarray) -> tuple[PaperMap, float]:
    """The map with its counts moved to the paper's own lines, and how far these agree with it, 0 to 1.

    Parameters
    ----------
    paper : PaperMap
    faint : ndarray of float32, shape (height, width)
        What the map was found in, ``without_ink``.
    """
    if min(paper.line_px) < FINE * LEAST_FINE_PX:
        return refined_until_calm(paper, faint, multiple=1)
    at_once, fine = refined_until_calm(paper, faint, multiple=FINE)
    if fine > CLEAR:
        return at_once, fine
    first, coarse = refined_until_calm(paper, faint, multiple=1)
    then, finer = refined_until_calm(first, faint, multiple=FINE)
    return max((at_once, fine), (then, (coarse + finer) / 2), key=lambda found: found[1])


def refined_until_calm(
    paper: PaperMap, faint: np.ndarray, multiple: int, *, whole_lines: bool | None = None
) -> tuple[PaperMap, float]:
    """``whole_lines`` says whether neighbours tell them: by default of the lines that are counted alone."""
    whole = multiple == 1 if whole_lines is None else whole_lines
    agreement = 0.0
    for _ in range(_TIMES):
        before = agreement
        paper, agreement = _refined(paper, faint, multiple, whole)
        if agreement < before + CLEARER:
            break
    return paper, agreement


def _refined(paper: PaperMap, faint: np.ndarray, multiple: int, whole: bool) -> tuple[PaperMap, float]:
    """The map moved to lines ``multiple`` times as fine as it counts, and how far they agree with it."""
    windows = list(line_windows(paper, faint, multiple))
    if not windows:
        return paper, 0.0
    across, down = (_fitted_in_rounds(one.unwrapped() if whole else one, whole) for one in windows)
    agreement = min(one.moved(by).agreement for one, by in zip(windows, (across, down), strict=True))
    return replace(paper, across=paper.across + across / multiple, down=paper.down + down / multiple), agreement


def polished(paper: PaperMap, faint: np.ndarray, multiple: int) -> PaperMap:
    """A map that is right, moved by what half of the windows say of it wherever the others agree.

    Parameters as of ``refined``; ``multiple`` is how many lines there are where the map counts one.
    """
    for _ in range(_POLISHES):
        windows = list(line_windows(paper, faint, multiple))
        if not windows:
            return paper
        across, down = (_agreed_by_halves(one) / multiple for one in windows)
        paper = replace(paper, across=paper.across + across, down=paper.down + down)
    return paper


def _agreed_by_halves(windows: LineWindows) -> np.ndarray:
    """What to add to the polynomial, in lines that the windows show."""
    by = np.zeros(windows.terms.shape[-1])
    design, is_told = _design(windows), np.indices(windows.off.shape).sum(axis=0) % 2 == 0
    for degree in _DEGREES:
        now = windows.moved(by)
        wanted, weight = _phases(now)
        half = _fitted(design, wanted, weight * is_told.ravel(), degree)
        others = replace(now, weight=now.weight * ~is_told)
        if half is not None and others.moved(half).agreement > others.agreement:
            more = _fitted(design, wanted, weight, degree)
            by = by if more is None else by + more
    return by if windows.moved(by).agreement >= _TOGETHER else np.zeros_like(by)


def _fitted_in_rounds(windows: LineWindows, whole: bool) -> np.ndarray:
    """What to add to the polynomial, in lines that the windows show: each round has to pay."""
    by = np.zeros(windows.terms.shape[-1])
    design = _design(windows)
    for wanted_of in (_in_all, _phases) if whole else (_phases,):
        for degree in _DEGREES:
            now = windows.moved(by)
            more = _fitted(design, *wanted_of(now), degree)
            if more is not None and now.moved(more).agreement > now.agreement + CLEARER:
                by = by + more
    return by if windows.moved(by).agreement >= _TOGETHER else np.zeros_like(by)


def _fitted(design: np.ndarray, wanted: np.ndarray, weight: np.ndarray, degree: int) -> np.ndarray | None:
    """What to add to a polynomial, or None where too few windows agree; the design's last term is a constant."""
    if (weight > 0).sum() < _LEAST_WINDOWS:
        return None
    count = design.shape[1] - 1
    used = np.append(count_degrees() <= degree, True)
    calm = _CALM * np.eye(int(used.sum()))  # where no window speaks, nothing moves
    trust = np.ones(len(wanted))
    found = np.zeros(design.shape[1])
    terms, counts = design[:, used], np.flatnonzero(weight > 0)
    off = np.full(len(wanted), np.inf)
    for _ in range(6):
        weighed, before = (terms * (weight * trust)[:, None]).T, off
        found[used] = np.linalg.solve(weighed @ terms + calm, weighed @ wanted)
        off = np.abs(terms @ found[used] - wanted)
        if np.abs(off - before).max() < _STILL:
            break
        limit = _LIMIT * max(_median(off[counts]), _LEAST_LIMIT)
        trust = np.clip(1 - (off / limit) ** 2, 0, 1) ** 2 + 1e-9
    return found[:count]


def _median(values: np.ndarray) -> float:
    """What ``np.median`` says, which takes half of a fit."""
    lower, upper = (values.size - 1) // 2, values.size // 2
    parted = np.partition(values, (lower, upper))
    return float(parted[lower] + parted[upper]) / 2


def _design(windows: LineWindows) -> np.ndarray:
    """The polynomials' terms at each window, with a constant as the last, shape (windows, terms + 1)."""
    terms = windows.terms.reshape(-1, windows.terms.shape[-1])
    return np.concatenate([terms, np.ones((len(terms), 1))], axis=1)


def _in_all(windows: LineWindows) -> tuple[np.ndarray, np.ndarray]:
    """What is off with whole lines, against the median of all windows; and the windows' weights."""
    assert windows.in_all is not None
    wanted, weight = windows.in_all.ravel(), windows.weight.ravel()
    return wanted - np.median(wanted[weight > 0] if weight.any() else wanted), weight


def _phases(windows: LineWindows) -> tuple[np.ndarray, np.ndarray]:
    """What is off, against the mean of all windows; and the windows' weights."""
    mean = np.angle((windows.weight * np.exp(2j * np.pi * windows.off)).sum()) / (2 * np.pi)
    return wrapped(windows.off - mean).ravel(), windows.weight.ravel()
