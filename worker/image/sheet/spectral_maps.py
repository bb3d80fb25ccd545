"""Maps of the paper from spectra: each tile of a picture says how fast, and which way, one counts lines in it.

Polynomials whose slopes agree with all tiles count the lines across and down the whole picture.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from worker.image.sheet.paper_map import MAJOR_MM, PaperMap, count_degrees, count_slopes
from worker.image.sheet.waves import (
    LOG_FREQUENCIES,
    LOG_STEP,
    MAX_TURN_DEG,
    Tile,
    Wave,
    clearest_wave,
    grid_tiles,
    ridge,
)

_TOLD_BY_SPECTRA: Final = 2
_LEAST_TEETH: Final = 4
_COUNTED_TEETH: Final = 5
_HIGHEST: Final = 1.2
_NEARLY_BEST: Final = 0.75
_UNLIKE: Final = 0.16  # log of the largest ratio of both directions: a tilted page is foreshortened
_UNLIKE_COSTS: Final = 3.0  # beats repeat, too, but seldom at the distance of the lines across them
_FINE_WAVES: Final = 2  # that are looked at: others never were the lines
_WEAK: Final = 0.30
MIN_STRENGTH: Final = 0.35  # of the comb, mean over tiles
_FIFTH: Final = 1.15
_DIGITS: Final = 6  # of coefficients: maps that differ beyond are the same
# Each look is closer than the one before, around what was found: log of the period, degrees.
_LOOKS: Final = ((0.22, MAX_TURN_DEG), (0.06, 2.5), (0.03, 1.5))


def paper_map(darkness: np.ndarray) -> PaperMap | None:
    """The paper's lines in a picture, or None where none are found; see ``paper_maps``."""
    return next(paper_maps(grid_tiles(darkness), darkness.shape), None)


def paper_maps(tiles: Sequence[Tile], shape: tuple[int, ...]) -> Iterator[PaperMap]:
    """Maps of the paper's lines, the likeliest first: then with one direction's distance for both.

    Parameters
    ----------
    tiles : sequence of Tile
        Spectra of a map in which pale lines show.
    shape : tuple of int
        Height and width of that map.
    """
    start = _fundamentals(*_ridges(tiles)) if tiles else None
    if start is not None:
        starts = dict.fromkeys((start, (start[0], start[0]), (start[1], start[1])))
        yield from _maps_from(tiles, starts, shape)


def fine_maps(tiles: Sequence[Tile], shape: tuple[int, ...]) -> Iterator[PaperMap]:
    """Maps of lines too close for a comb: a single wave tells them, such as curves and words make, too."""
    waves = _fine_waves(*_ridges(tiles)) if tiles else []
    yield from _maps_from(tiles, [(wave, wave) for wave in waves], shape)


def _maps_from(
    tiles: Sequence[Tile], starts: Iterable[tuple[float, float]], shape: tuple[int, ...]
) -> Iterator[PaperMap]:
    """The maps that log frequencies across and down lead to."""
    standing, lying, ridges = [tile.across for tile in tiles], [tile.down for tile in tiles], _ridges(tiles)
    height, width = shape
    unit = float(max(height, width))
    middles = np.array([[tile.x, tile.y] for tile in tiles]) / unit
    led_to: set[tuple[float, ...]] = set()
    for start in starts:
        across, clear_across = _counted(middles, standing, start[0], unit, lying=False)
        down, clear_down = _counted(middles, lying, start[1], unit, lying=True)
        strength = min(clear_across, clear_down)
        fifths = any(_fifth_stands_out(side, log) for side, log in zip(ridges, start, strict=True))
        found = PaperMap(across, down, unit, width, height, MAJOR_MM if fifths else None, strength)
        same = tuple(np.round(np.concatenate([across, down]), _DIGITS))
        if strength >= MIN_STRENGTH and found.squareness <= _UNLIKE and same not in led_to:
            led_to.add(same)
            yield found


def _ridges(tiles: Sequence[Tile]) -> tuple[np.ndarray, np.ndarray]:
    """Of lines that stand and of lines that lie."""
    return ridge([tile.across for tile in tiles]), ridge([tile.down for tile in tiles])


def _fine_waves(standing: np.ndarray, lying: np.ndarray) -> list[float]:
    """Log frequencies of waves that both directions show among those too fine for a comb, the clearest first.

    Lines of one strength a millimetre apart make another wave at half of that, which may be stronger: what has one is
    as clear as it.  Weaker ones beside them come from lines that were drawn on whole pixels.
    """
    both = np.minimum(standing, lying)
    fine = [at for at in _peaks(both) if _teeth(both, float(LOG_FREQUENCIES[at])).size < _LEAST_TEETH]
    most = max((float(both[at]) for at in fine), default=0.0)
    clear = {float(LOG_FREQUENCIES[at]): float(both[at]) for at in fine if both[at] >= _NEARLY_BEST * most}
    halves = {log: [clear[half] for half in clear if abs(half - log - np.log(2)) < LOG_STEP] for log in clear}
    return sorted(clear, key=lambda log: (-max(clear[log], *halves[log], 0.0), log))[:_FINE_WAVES]


def _fundamentals(standing: np.ndarray, lying: np.ndarray) -> tuple[float, float] | None:
    """Log frequencies of the widest lines whose multiples all stand out, alike in both directions.

    Three times the true frequency has teeth at each of its multiples, too: of nearly equal ones the lowest is taken.
    """
    scores = [np.array([_comb_score(side, at) for at in LOG_FREQUENCIES]) for side in (standing, lying)]
    tried: list[tuple[float, float, float]] = []
    for at in _peaks(scores[0]):
        near = [k for k in _peaks(scores[1]) if abs(LOG_FREQUENCIES[k] - LOG_FREQUENCIES[at]) < _UNLIKE]
        if near:
            unlike = {k: abs(float(LOG_FREQUENCIES[k] - LOG_FREQUENCIES[at])) for k in near}
            best = max(near, key=lambda k: float(scores[1][k]) - _UNLIKE_COSTS * unlike[k])
            total = float(scores[0][at] + scores[1][best]) - _UNLIKE_COSTS * unlike[best]
            tried.append((total, float(LOG_FREQUENCIES[at]), float(LOG_FREQUENCIES[best])))
    most = max((total for total, _, _ in tried), default=0.0)
    if most <= 0:
        return None
    enough = _NEARLY_BEST * most
    return min(((x, y) for total, x, y in tried if total >= enough), key=lambda pair: pair[0])


def _peaks(scores: np.ndarray) -> list[int]:
    inner = (scores[1:-1] >= scores[:-2]) & (scores[1:-1] > scores[2:]) & (scores[1:-1] > 0)
    return [int(at) + 1 for at in np.flatnonzero(inner)]


def _comb_score(side: np.ndarray, log_frequency: float) -> float:
    teeth = _teeth(side, log_frequency)[:_COUNTED_TEETH]
    return float(np.minimum(teeth, _HIGHEST).mean()) if len(teeth) >= _LEAST_TEETH else -1.0


def _teeth(side: np.ndarray, log_frequency: float) -> np.ndarray:
    """How far each multiple of a frequency stands above what lies halfway to its neighbours."""
    most = int(np.exp(LOG_FREQUENCIES[-1] - log_frequency) - 0.5)
    multiples = np.arange(1, min(most, 2 * _COUNTED_TEETH) + 1)

    def at(factor: np.ndarray) -> np.ndarray:
        return np.interp(log_frequency + np.log(factor), LOG_FREQUENCIES, side)

    on = np.max([at(multiples * (1 + off)) for off in (-0.02, 0.0, 0.02)], axis=0)
    off = (at(np.maximum(multiples - 0.5, 0.75)) + at(multiples + 0.5)) / 2
    return np.asarray(on - off)


def _fifth_stands_out(side: np.ndarray, log_frequency: float) -> bool:
    """Finer lines between these: 5 mm and 1 mm."""
    teeth = _teeth(side, log_frequency)
    return len(teeth) > 4 and bool(teeth[4] > _FIFTH * np.mean([*teeth[3:4], *teeth[5:6]]))


def _counted(
    middles: np.ndarray, spectra: Sequence[np.ndarray], log_frequency: float, unit: float, *, lying: bool
) -> tuple[np.ndarray, float]:
    """The polynomial of one direction, and how clear its lines are."""
    expected = np.tile([log_frequency, 0.0], (len(spectra), 1))
    for look, (within_log, within_deg) in enumerate(_LOOKS):
        waves = [
            clearest_wave(spectrum, log, turn, within_log=within_log, within_deg=within_deg)
            for spectrum, (log, turn) in zip(spectra, expected, strict=True)
        ]
        weights = np.array([max(0.0, wave.strength - _WEAK) + 1e-6 for wave in waves])
        degree = min(_TOLD_BY_SPECTRA, 1 + look)
        counted = _fitted(middles, np.array([_slope_of(wave, unit, lying) for wave in waves]), weights, degree)
        by_x, by_y = count_slopes(middles)
        expected = _as_waves(by_x @ counted, by_y @ counted, unit, lying)
    return counted, float(np.mean([wave.strength for wave in waves]))


def _slope_of(wave: Wave, unit: float, lying: bool) -> tuple[float, float]:
    lines, turn = np.exp(wave.log_frequency) * unit, np.radians(wave.turn_deg)
    along, aside = lines * np.cos(turn), lines * np.sin(turn)
    return (-aside, along) if lying else (along, aside)


def _as_waves(by_x: np.ndarray, by_y: np.ndarray, unit: float, lying: bool) -> np.ndarray:
    turn = np.arctan2(-by_x, by_y) if lying else np.arctan2(by_y, by_x)
    return np.stack([np.log(np.hypot(by_x, by_y) / unit), np.degrees(turn)], axis=1)


def _fitted(middles: np.ndarray, slopes: np.ndarray, weights: np.ndarray, degree: int) -> np.ndarray:
    """Coefficients whose slopes agree with most tiles (Tukey's biweight)."""
    by_x, by_y = count_slopes(middles)
    used = count_degrees() <= degree
    design, wanted = np.concatenate([by_x, by_y])[:, used], np.concatenate([slopes[:, 0], slopes[:, 1]])
    trust = np.ones(len(middles))
    found = np.zeros(used.size)
    for _ in range(8):
        scale = np.sqrt(np.tile(weights * trust, 2))
        found[used] = np.linalg.lstsq(design * scale[:, None], wanted * scale, rcond=None)[0]
        off = np.hypot(by_x @ found - slopes[:, 0], by_y @ found - slopes[:, 1])
        limit = 4 * max(float(np.median(off)), 1e-4 * float(np.abs(slopes).max()))
        trust = np.clip(1 - (off / limit) ** 2, 0, 1) ** 2 + 1e-9
    return found
