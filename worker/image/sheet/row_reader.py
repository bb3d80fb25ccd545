"""The height of one curve in every column of a band of flat paper, told by a small network.

It was taught on generated pages that were flattened as pictures are: it knows a curve from its neighbours, from
letters, separators, calibration pulses and the paper's lines, and a steep upstroke from the middle of its blot.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from worker.image.ink import darkness_against_paper
from worker.image.sheet.steady_path import steady_path

PX_PER_MM: Final = (8.0, 4.0)  # across and down
BAND_PX: Final = 192  # 48 mm
LONGEST_PIECE_PX: Final = 1200  # half of a usual row; what longer ones save is little, and they take more memory
OVERLAP_PX: Final = 96  # of two pieces, of which each knows its own half
MULTIPLE_PX: Final = 16
NETWORK: Final = Path(__file__).with_name("row_reader.onnx")
_NEAR_PX: Final = 4  # around the likeliest height, for the height between pixels; where it is steep, a step of it
_STEP_COST: Final = 0.15  # over bare paper, which lies between a curve and the letters on it
_ALONG_INK: Final = 0.75  # of that, which ink saves: it leads up and down all of a tall QRS complex
_LEAST_LIKELY: Final = 1e-5
_FAINTEST: Final = 0.05  # of darkness, that a curve has


class Network(Protocol):
    def scores(self, batch: np.ndarray) -> np.ndarray:
        """(n, BAND_PX, width, 3) to (n, BAND_PX + 1, width): of each height and, last, of no curve.

        The width is a multiple of ``MULTIPLE_PX``.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ReadRow:
    """``height_px`` is the curve's middle in pixels from the band's upper edge, NaN where there is none, shape (n,)."""

    height_px: np.ndarray
    certainty: np.ndarray  # 0 to 1: how much of what the network says of a column lies near that height


def darkness_channels(rgb: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Darkness in red, green and blue, 0 outside the picture, float32 (height, width, 3)."""
    darkness = np.empty(rgb.shape, np.float32)
    for channel in range(3):
        of_channel = darkness_against_paper(np.ascontiguousarray(rgb[..., channel]))
        np.multiply(of_channel, seen, out=darkness[..., channel])
    return darkness


class RowReader:
    """Reads bands of any length, in pieces that overlap."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def read(self, band: np.ndarray) -> ReadRow:
        """Read one band.

        Parameters
        ----------
        band : ndarray of float32, shape (BAND_PX, width, 3)
            Darkness against the paper, 0 to 1, at ``PX_PER_MM``, the curve's resting level near its middle.
        """
        width = band.shape[1]
        count = max(1, -(-(width - OVERLAP_PX) // (LONGEST_PIECE_PX - OVERLAP_PX)))
        step = -(-(width - OVERLAP_PX) // count)
        length = -(-(step + OVERLAP_PX) // MULTIPLE_PX) * MULTIPLE_PX
        padded = np.pad(band, ((0, 0), (0, (count - 1) * step + length - width), (0, 0)))
        scores = np.zeros((BAND_PX + 1, padded.shape[1]), np.float32)
        for start in range(0, count * step, step):  # one after the other: memory stays small
            inner = OVERLAP_PX // 2 if start else 0
            piece = self._network.scores(padded[None, :, start : start + length])[0]
            scores[:, start + inner : start + length] = piece[:, inner:]
        return _decoded(scores[:, :width], band.mean(axis=2))


def _decoded(scores: np.ndarray, darkness: np.ndarray) -> ReadRow:
    """From scores of each height and, last, of there being no curve, and the band, shape (BAND_PX, width)."""
    likely = np.exp(scores - scores.max(axis=0))
    likely /= likely.sum(axis=0)
    heights = np.arange(BAND_PX)
    best = steady_path(-np.log(np.maximum(likely[:BAND_PX], _LEAST_LIKELY)).T, _step_costs(likely, darkness).T)
    off = np.abs(heights[:, None] - best)
    near = likely[:BAND_PX] * (off <= np.maximum(_NEAR_PX, _steps_beside(best)))
    mass = near.sum(axis=0)
    height = np.where(mass > _LEAST_LIKELY, heights @ near / np.maximum(mass, _LEAST_LIKELY), best)
    certainty = (likely[:BAND_PX] * (off <= _NEAR_PX)).sum(axis=0)
    return ReadRow(np.where(likely[BAND_PX] < 0.5, height + 0.5, np.nan), certainty)


def _steps_beside(path: np.ndarray) -> np.ndarray:
    """The larger of the steps before and after each column: an upstroke lies somewhere in all of its blot."""
    steps = np.abs(np.diff(path))
    return np.maximum(np.append(0, steps), np.append(steps, 0))


def _step_costs(likely: np.ndarray, darkness: np.ndarray) -> np.ndarray:
    """Less where ink as dark as the curve's leads up or down, in a column or in the one before it."""
    shown = np.flatnonzero(likely[BAND_PX] < 0.5)
    of_curve = darkness[likely[:BAND_PX, shown].argmax(axis=0), shown]
    level = float(np.median(of_curve)) if shown.size else 1.0
    ink = np.minimum(darkness / max(level, _FAINTEST), 1)
    ink[:, 1:] = np.maximum(ink[:, 1:], ink[:, :-1])
    return np.asarray(_STEP_COST * (1 - _ALONG_INK * ink))
