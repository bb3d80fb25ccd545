"""A map of the paper made exact: where its lines really are against where the map counts them.

Spectra tell how far apart lines are; what that is off adds up across a page.  The phase of the lines in windows all
over the picture tells how far each line is from its count: first of the lines themselves, then of the finer ones
between them, which tell five times as exactly.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import tee
from typing import Final

import numpy as np

from worker.image.grid import find_grid
from worker.image.sheet.bending import bent
from worker.image.sheet.line_windows import line_windows, without_ink
from worker.image.sheet.paper_map import (
    MAJOR_MM,
    MINOR_MM,
    PaperMap,
    count_degrees,
    term_of,
)
from worker.image.sheet.refining import CLEAR, CLEARER, FINE, LEAST_FINE_PX, polished, refined, refined_until_calm
from worker.image.sheet.spectral_maps import fine_maps, paper_maps
from worker.image.sheet.waves import LONGEST_PX, grid_tiles

_INK: Final = 0.95  # quantile of darkness above which it is ink rather than a line
_LEAST_AGREEMENT: Final = 0.5  # half of the maps below it are off by more than a millimetre
# Of 44 drawn photographs all maps above it were true to 0.11 mm, and most below were off by a millimetre and more.
_LEAST_OF_WHOLE_LINES: Final = 0.7
_LEAST_OF_ONE_WAVE: Final = 0.8  # curves on white paper reached 0.66, drawn lines of one strength 0.84 and more
_UNTOLD: Final = 0.1  # agreement that lines of unknown millimetres need more: a count of fine lines may slip by one
_HOLDS: Final = 0.78  # of the agreement: true maps had 0.89 and more in windows that lie unevenly, wrong ones up to 0.7
_SURE: Final = 0.9  # lines that were thirds of 5 mm lines reached it once
_ALL: Final = 0.97  # agreement that whole lines cannot better
_LESS: Final = 0.15  # agreement that the counted lines may lose: ink moves it by as much
# Single waves of 52 drawn pages, in windows without a bell: of those that were halves or thirds of 5 mm lines all but
# one agreed with these by 0.66 and more in both directions, of those that were lines none by more than 0.55.
_PARTS_OF_A_LINE: Final = (3, 2)
_PART_AGREES: Final = 0.6
_WAVES_TO_A_LINE: Final = (2, 3, 5)
_ABOUT: Final = 0.05
# Between 5 mm lines 0.97 and more where waves told them, 0.93 and more in 15 of 21 drawn pages where nothing else did;
# between 1 mm lines, where their own edges make some, at most 0.82 in both directions.
_FIFTHS_AGREE: Final = 0.9
_HEAVIER_EVERY: Final = (5, 3)
# Of 21 drawn strips and sheets whose lines were not told: 0.70 to 0.94 and 0.43 to 0.80 where there are heavier lines,
# up to 0.67 and 0.28 where there are none, never both.
_HEAVIER_AGREE: Final = 0.65
_HEAVIER_STRENGTH: Final = 0.35
_HALVES_AGREE: Final = 0.9
_HALVES_STRENGTH: Final = 1.2
_SQUARE: Final = 0.03


def exact_map(darkness: np.ndarray) -> PaperMap | None:
    """The map whose lines are where it counts them, or None where no lines are.

    Parameters
    ----------
    darkness : ndarray of float, shape (height, width)
        A map in which pale lines show.
    """
    faint = without_ink(darkness)
    by_whole_lines = cache(partial(_refined_by_whole_lines, faint))  # it is asked twice of the same maps
    maps, same = tee(_from_spectra(darkness, faint))
    found = _best_of(maps, faint)
    if not _is_clear(found):
        found = _better(found, _best_of_whole_lines(same, faint, by_whole_lines))
    if not _is_clear(found):  # straight maps agree with turned pages, too, and are asked last
        found = _better(found, _best_of(_upright_maps(darkness), faint))
    if found is None:
        return None
    return _finished(_told_by_other_lines(_with_whole_lines(*found, faint, by_whole_lines), faint), faint)


Refined = tuple[PaperMap, PaperMap]  # as it was found, and with its lines where they are
Refine = Callable[[PaperMap], tuple[PaperMap, float]]  # to the map, and how far the lines agree with it


def _best_of(maps: Iterable[PaperMap], faint: np.ndarray) -> Refined | None:
    """The map that agrees with its lines best, or the first one that cannot be much better; None where none does."""
    best: Refined | None = None
    for start in maps:
        paper, agreement = refined(start, faint)
        if agreement > _least_to_beat(best, paper) and _holds(paper, agreement, faint):
            best = start, replace(paper, strength=agreement)
            if agreement > _SURE and _is_clear(best):
                break
    return best


def _least_to_beat(best: Refined | None, paper: PaperMap) -> float:
    if best is None:
        return _LEAST_AGREEMENT
    return _agreement(best) + (_UNTOLD if best[1].line_mm is not None and paper.line_mm is None else 0.0)


def _best_of_whole_lines(maps: Iterable[PaperMap], faint: np.ndarray, by_whole_lines: Refine) -> Refined | None:
    """The map that fine lines make of one that nothing else could refine; None where none agrees well with them.

    The counted lines of bent or blurred paper may lead a map astray that its fine lines set right from the start.
    """
    best: Refined | None = None
    for start in maps:
        if min(start.line_px) < FINE * LEAST_FINE_PX:
            continue
        paper, agreement = by_whole_lines(start)
        least = _LEAST_OF_WHOLE_LINES if best is None else _agreement(best)
        if agreement > least and _holds(paper, agreement, faint):
            best = start, replace(paper, strength=agreement)
    return best


def _holds(paper: PaperMap, agreement: float, faint: np.ndarray) -> bool:
    """Whether lines agree with a map about as well in other windows, too."""
    multiples = (1, FINE) if min(paper.line_px) >= FINE * LEAST_FINE_PX else (1,)
    others = (line_windows(paper, faint, multiple, uneven=True) for multiple in multiples)
    return max(min((one.agreement for one in windows), default=0.0) for windows in others) >= _HOLDS * agreement


def _better(one: Refined | None, other: Refined | None) -> Refined | None:
    return max(filter(None, (one, other)), key=_agreement, default=None)


def _agreement(found: Refined) -> float:
    return found[1].strength


def _is_clear(found: Refined | None) -> bool:
    return found is not None and found[1].strength > CLEAR and found[1].squareness < _SQUARE


def _from_spectra(darkness: np.ndarray, faint: np.ndarray) -> Iterator[PaperMap]:
    tiles, combs = grid_tiles(darkness), list[PaperMap]()
    for comb in paper_maps(tiles, darkness.shape):
        combs.append(comb)
        yield comb
    for found in fine_maps(tiles, darkness.shape):
        paper, agreement = refined(found, faint)
        led_to = list(_counted_by_waves(paper, combs))
        if agreement > _LEAST_OF_ONE_WAVE and _holds(paper, agreement, faint):
            led_to.append(_of_whole_lines(paper, faint) or paper)
        yield from sorted(led_to, key=lambda one: one.line_mm is None)  # as they may agree alike


def _counted_by_waves(paper: PaperMap, combs: Iterable[PaperMap]) -> Iterator[PaperMap]:
    """The lines of combs that a single wave is a part of: told by itself, it follows bent paper farther."""
    for comb in combs:
        times = np.divide(comb.line_px, paper.line_px)
        every = round(float(times.mean()))
        if every in _WAVES_TO_A_LINE and np.abs(times / every - 1).max() < _ABOUT:
            yield replace(_every(every, paper), line_mm=comb.line_mm)
            return


def _of_whole_lines(paper: PaperMap, faint: np.ndarray) -> PaperMap | None:
    """The lines whose half or third a wave is, or None where it is a wave of lines."""
    for every in _PARTS_OF_A_LINE:
        wider = list(line_windows(paper, faint, 1 / every))
        if wider and all(one.agreement > _PART_AGREES for one in wider):
            lines, agreement = refined(_every(every, paper), faint)
            if agreement > _PART_AGREES and _holds(lines, agreement, faint):
                return lines.told(MAJOR_MM) if _has_fifths(lines, faint) else lines
    return None


def _has_fifths(paper: PaperMap, faint: np.ndarray) -> bool:
    """Whether there are finer lines between these, five from one to the next."""
    if min(paper.line_px) < FINE * LEAST_FINE_PX:
        return False
    fifths = list(line_windows(paper, faint, FINE))
    return bool(fifths) and all(one.agreement > _FIFTHS_AGREE for one in fifths)


def _every(every: int, paper: PaperMap) -> PaperMap:
    return replace(paper, across=paper.across / every, down=paper.down / every)


def _finished(paper: PaperMap, faint: np.ndarray) -> PaperMap:
    multiple = FINE if min(paper.line_px) >= FINE * LEAST_FINE_PX else 1
    return bent(polished(paper, faint, multiple), faint, multiple)


def _told_by_other_lines(paper: PaperMap, faint: np.ndarray) -> PaperMap:
    """Five finer lines to each: 5 mm.  Every fifth heavier: 1 mm; every third: a part of the true lines was counted."""
    if paper.line_mm is not None:
        return paper
    if _has_fifths(paper, faint):
        return paper.told(MAJOR_MM)
    for every in _HEAVIER_EVERY:
        if _heavier(paper, faint, every):
            if every == MAJOR_MM / MINOR_MM:
                return paper.told(MINOR_MM)
            return _told_by_other_lines(_every(every, paper), faint)
    return paper


def _heavier(paper: PaperMap, faint: np.ndarray, every: int) -> bool:
    """Whether lines ``every`` so many repeat at the same places all over the picture, across and down."""
    all_lines, heavier = (list(line_windows(paper, faint, multiple)) for multiple in (1, 1 / every))
    return bool(all_lines and heavier) and all(
        heavy.agreement > _HEAVIER_AGREE and heavy.strength > _HEAVIER_STRENGTH * every_line.strength
        for every_line, heavy in zip(all_lines, heavier, strict=True)
    )


def twice_as_fine(paper: PaperMap, darkness: np.ndarray) -> PaperMap | None:
    """A map of 5 mm lines that count twice, where lines stand halfway between those that were counted; else None.

    Thin lines make such waves, too, and only what is printed between them can tell: the map is a second guess.

    Parameters
    ----------
    paper : PaperMap
    darkness : ndarray of float, shape (height, width)
        That the map was found in.
    """
    if paper.line_mm is not None:
        return None
    faint = without_ink(darkness)
    all_lines, finer = (list(line_windows(paper, faint, multiple)) for multiple in (1, 2))
    stand_out = bool(all_lines and finer) and all(
        fine.agreement > _HALVES_AGREE and fine.strength > _HALVES_STRENGTH * every_line.strength
        for every_line, fine in zip(all_lines, finer, strict=True)
    )
    if not stand_out:
        return None
    return _finished(replace(paper, across=2 * paper.across, down=2 * paper.down, bends=None).told(MAJOR_MM), faint)


def _upright_maps(darkness: np.ndarray) -> Iterator[PaperMap]:
    """For a picture that is nearly straight: by how it repeats as a whole."""
    grid = find_grid(darkness, darkness > np.quantile(darkness, _INK))
    if not grid.is_square or grid.x is None or grid.y is None or max(grid.x.px, grid.y.px) > LONGEST_PX:
        return
    known = grid.x.px_per_mm is not None and grid.y.px_per_mm is not None
    line_px = [side.px_per_mm * MAJOR_MM if known and side.px_per_mm else side.px for side in (grid.x, grid.y)]
    height, width = darkness.shape
    unit = float(max(height, width))
    across, down = np.zeros((2, count_degrees().size))
    across[term_of(1, 0)], down[term_of(0, 1)] = unit / np.array(line_px)
    yield PaperMap(across, down, unit, width, height, MAJOR_MM if known else None, grid.x.contrast)


def _with_whole_lines(start: PaperMap, paper: PaperMap, faint: np.ndarray, by_whole_lines: Refine) -> PaperMap:
    """The refined map, or where its fine lines are off by whole ones in places, one that neighbours tell these.

    A map that is stretched by a fine line from each window to the next agrees with itself, too: so it must be nearly
    right before, and the lines that are counted must agree with it about as well as before.
    """
    best = paper
    if paper.strength > _ALL or min(paper.line_px) < FINE * LEAST_FINE_PX:
        return best
    least = _agreement_of_counted(paper, faint) - _LESS
    for first in (paper, start):
        moved, more = by_whole_lines(first)
        if more > best.strength + CLEARER and _agreement_of_counted(moved, faint) >= least:
            best = replace(moved, strength=more)
    return best


def _agreement_of_counted(paper: PaperMap, faint: np.ndarray) -> float:
    return min((one.agreement for one in line_windows(paper, faint, 1)), default=0.0)


def _refined_by_whole_lines(faint: np.ndarray, paper: PaperMap) -> tuple[PaperMap, float]:
    return refined_until_calm(paper, faint, multiple=FINE, whole_lines=True)
