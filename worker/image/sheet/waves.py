"""The grid as waves: how strongly each tile of a picture repeats itself, by direction and period.

Printed lines make a comb in the spectrum of a tile: 5 mm lines at every multiple of their frequency, 1 mm lines at
every fifth of these.  All teeth together tell period and direction to a fraction of a per cent, however pale the lines.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import fft

LONGEST_PX: Final = 70.0
SHORTEST_PX: Final = 3.0
LOG_STEP: Final = 0.02
LOG_FREQUENCIES: Final = np.arange(np.log(1 / LONGEST_PX), np.log(1 / SHORTEST_PX), LOG_STEP)
MAX_TURN_DEG: Final = 16.0
TURN_STEP_DEG: Final = 0.5
TURNS_DEG: Final = np.arange(-MAX_TURN_DEG, MAX_TURN_DEG + TURN_STEP_DEG / 2, TURN_STEP_DEG)

_SPECTRUM_PX: Final = 512
_TILE_SHARE: Final = 0.45  # of the shorter side
_TILE_PX: Final = (96, 320)
_MOST_TILES: Final = 40
_INK: Final = 0.92  # quantile of darkness above which it is ink rather than a line
_HIGHEST: Final = 2.5  # of a tooth, so that one wave of something else does not outweigh the rest
_TEETH: Final = 7
_BLURRED_AT: Final = 0.25
_OF_FEW: Final = 2  # teeth: capped alike they are a plateau, whose first turn is none of the lines


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """Spectra of one piece: ``across`` of lines that stand, ``down`` of lines that lie, shape (turns, frequencies).

    Each is the log of the spectrum less its median over directions.  ``x`` and ``y`` are the piece's middle in pixels.
    """

    x: float
    y: float
    across: np.ndarray
    down: np.ndarray


@dataclass(frozen=True, slots=True)
class Wave:
    """A tile's lines: log of their frequency per pixel, degrees they are turned by, and how clear they are."""

    log_frequency: float
    turn_deg: float
    strength: float


def grid_tiles(darkness: np.ndarray) -> list[Tile]:
    """Spectra of overlapping pieces of a map in which pale lines show, shape (height, width)."""
    height, width = darkness.shape
    side = int(np.clip(_TILE_SHARE * min(height, width), *_TILE_PX))
    side = min(side, height, width)
    columns, rows = _starts(width, side), _starts(height, side)
    while len(columns) * len(rows) > _MOST_TILES:
        columns, rows = _thinned(columns), _thinned(rows)
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    pieces = ((left, top, darkness[top : top + side, left : left + side]) for top in rows for left in columns)
    return [
        Tile(left + side / 2, top + side / 2, *spectra)
        for left, top, piece in pieces
        if (spectra := _spectra(piece, window)) is not None
    ]


def ridge(spectra: list[np.ndarray]) -> np.ndarray:
    """Mean over tiles of the clearest direction at each frequency, shape (frequencies,)."""
    return np.asarray(np.mean([spectrum.max(axis=0) for spectrum in spectra], axis=0))


def clearest_wave(
    spectrum: np.ndarray, log_frequency: float, turn_deg: float, *, within_log: float, within_deg: float
) -> Wave:
    """The wave of the strongest comb near a frequency and a turn, between steps."""
    highest = LOG_FREQUENCIES[-1] - log_frequency - within_log
    teeth = [1, *(tooth for tooth in range(2, _TEETH + 1) if np.log(tooth) <= highest)]  # the lines themselves always
    near_turns = np.abs(TURNS_DEG - turn_deg) <= within_deg
    near_logs = np.abs(LOG_FREQUENCIES - log_frequency) <= within_log
    if not near_turns.any() or not near_logs.any():
        return Wave(log_frequency, turn_deg, 0.0)
    turns, logs = _with_next(near_turns), _with_next(near_logs)
    comb = _comb(spectrum[turns], teeth, logs)
    near = near_turns[turns, None] & near_logs[logs]
    turn, step = np.unravel_index(int(np.where(near, comb, -np.inf).argmax()), comb.shape)
    return Wave(
        float(LOG_FREQUENCIES[0] + LOG_STEP * (logs.start + _vertex(comb[turn], int(step)))),
        float(TURNS_DEG[0] + TURN_STEP_DEG * (turns.start + _vertex(comb[:, step], int(turn)))),
        float(comb[turn, step]),
    )


def _with_next(near: np.ndarray) -> slice:
    """From the one before the first that is near to the one after the last."""
    at = np.flatnonzero(near)
    return slice(max(0, int(at[0]) - 1), min(near.size, int(at[-1]) + 2))


def _comb(spectrum: np.ndarray, teeth: list[int], logs: slice) -> np.ndarray:
    """Mean over the teeth of the combs that begin at some frequencies; one of two may outweigh the other."""
    capped = np.minimum(spectrum, _HIGHEST) if len(teeth) > _OF_FEW else spectrum
    comb = np.zeros((len(spectrum), logs.stop - logs.start), spectrum.dtype)
    for tooth in teeth:
        comb += _shifted(capped, np.log(tooth) / LOG_STEP, logs)
    return np.asarray(comb / max(1, len(teeth)))


def _starts(length: int, side: int) -> list[int]:
    count = max(1, round(2 * (length - side) / side) + 1)
    return [round(at) for at in np.linspace(0, length - side, count)]


def _thinned(starts: list[int]) -> list[int]:
    return [round(at) for at in np.linspace(starts[0], starts[-1], max(2, round(0.8 * len(starts))))]


def _spectra(piece: np.ndarray, window: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    piece = np.minimum(piece, np.quantile(piece[::3, ::3], _INK)).astype(np.float32)
    piece = piece - _blurred(piece)
    spread = float(piece.std())
    if spread < 2e-3:
        return None
    piece = np.clip(piece, -3 * spread, 3 * spread) * window
    half = np.abs(fft.rfft2(piece, (_SPECTRUM_PX, _SPECTRUM_PX)))
    spectrum = np.log1p(fft.fftshift(half, axes=0) / np.median(half[::3, ::3])).astype(np.float32)
    radians, frequency = np.radians(TURNS_DEG)[:, None], np.exp(LOG_FREQUENCIES)[None, :]
    along, aside = frequency * np.cos(radians), frequency * np.sin(radians)
    return _above_usual(_sampled(spectrum, along, aside)), _above_usual(_sampled(spectrum, -aside, along))


def _blurred(piece: np.ndarray) -> np.ndarray:
    """By a twelfth of its side, at a quarter of its size: finer than that nothing is left."""
    small = cv2.resize(piece, None, fx=_BLURRED_AT, fy=_BLURRED_AT, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), _BLURRED_AT * len(piece) / 12)
    return cv2.resize(small, piece.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _sampled(spectrum: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """At frequencies across and down; the half with negative ones across mirrors the other."""
    mirrored = x < 0
    x, y = np.where(mirrored, -x, x), np.where(mirrored, -y, y)
    columns, rows = x * _SPECTRUM_PX, y * _SPECTRUM_PX + _SPECTRUM_PX / 2
    return cv2.remap(spectrum, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR)


def _above_usual(spectrum: np.ndarray) -> np.ndarray:
    return np.asarray(spectrum - np.median(spectrum, axis=0, keepdims=True))


def _shifted(spectrum: np.ndarray, steps: float, logs: slice) -> np.ndarray:
    """What lies ``steps`` further than some frequencies of the spectrum; 0 beyond the last."""
    whole = int(steps)
    share, first, last = steps - whole, logs.start + whole, min(logs.stop + whole, spectrum.shape[1] - 1)
    shifted = np.zeros((len(spectrum), logs.stop - logs.start), spectrum.dtype)
    if last > first:
        shifted[:, : last - first] = (1 - share) * spectrum[:, first:last] + share * spectrum[:, first + 1 : last + 1]
    return shifted


def _vertex(heights: np.ndarray, at: int) -> float:
    if not 0 < at < len(heights) - 1:
        return float(at)
    left, middle, right = heights[at - 1 : at + 2]
    bend = left - 2 * middle + right
    return float(at) if bend >= 0 else float(at + np.clip(0.5 * (left - right) / bend, -0.5, 0.5))
