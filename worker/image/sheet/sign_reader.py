"""Printed signs on flat paper: names of leads, calibration pulses, speed and gain, each told by a small network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from scipy import ndimage

from worker.ecg.leads import STANDARD_LEADS

PX_PER_MM: Final = 5.0
CELL_PX: Final = 4
PULSE: Final = "pulse"
SPEEDS: Final = {"25 mm/s": 25.0, "50 mm/s": 50.0}
GAINS: Final = {"5 mm/mV": 5.0, "10 mm/mV": 10.0, "20 mm/mV": 20.0}
SIGNS: Final = (*STANDARD_LEADS, PULSE, *SPEEDS, *GAINS)  # in the order of the network's scores, after "none"
NETWORK: Final = Path(__file__).with_name("sign_reader.onnx")
_MOST_CELLS: Final = 320  # that are read at once, from above: 256 mm, so that usual pages are
_REACH_CELLS: Final = 12  # more than the network sees around a cell
_LEAST: Final = 0.35
_APART_CELLS: Final = 7
_ALIKE: Final = tuple([SIGNS.index(sign) for sign in kind] for kind in (SPEEDS, GAINS))  # a closer look tells which
_PLAUSIBLE: Final = 0.08  # of the likeliest sign's score


@dataclass(frozen=True, slots=True)
class SignSeen:
    """One of ``SIGNS`` and its middle (of a pulse: the middle of its top) in pixels of the flat picture.

    ``or_else`` are scores of other signs that it may be.
    """

    sign: str
    x: float
    y: float
    score: float
    or_else: Mapping[str, float] = field(default_factory=dict)


class Network(Protocol):
    def scores(self, batch: np.ndarray) -> np.ndarray:
        """(n, height, width, 3), multiples of 4, to (n, height / 4, width / 4, 1 + signs): of none and of each sign."""
        ...


class SignReader:
    """Finds the signs of a page."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def read(self, darkness: np.ndarray) -> list[SignSeen]:
        """All signs of a page.

        Parameters
        ----------
        darkness : ndarray of float32, shape (height, width, 3)
            Against the paper, 0 to 1, at ``PX_PER_MM``.
        """
        height, width = darkness.shape[:2]
        padded = np.pad(darkness, ((0, -height % CELL_PX), (0, -width % CELL_PX), (0, 0)))
        return list(_peaks(softmax(self._scores(padded))))

    def _scores(self, padded: np.ndarray) -> np.ndarray:
        """Of all cells; large pages are read in bands, so that memory stays small."""
        cells = len(padded) // CELL_PX
        step = -(-cells // max(1, -(-cells // _MOST_CELLS)))
        bands = []
        for first in range(0, cells, step):
            top, bottom = max(0, first - _REACH_CELLS), min(cells, first + step + _REACH_CELLS)
            scores = self._network.scores(padded[None, CELL_PX * top : CELL_PX * bottom])[0]
            bands.append(scores[first - top : first - top + step])
        return np.concatenate(bands)


def softmax(scores: np.ndarray) -> np.ndarray:
    """From scores to shares, over the last axis."""
    likely = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=-1, keepdims=True))


def _peaks(likely: np.ndarray) -> Iterator[SignSeen]:
    """Where cells agree on a sign: the likeliest first, and none beside a likelier one."""
    signs = likely[..., 1:]
    together = ndimage.uniform_filter(signs, size=(3, 3, 1), mode="constant")
    best = np.maximum(together.max(axis=-1), np.max([together[..., kind].sum(axis=-1) for kind in _ALIKE], axis=0))
    peaks = (best == ndimage.maximum_filter(best, size=_APART_CELLS)) & (best > _LEAST)
    for y, x in zip(*np.nonzero(peaks), strict=True):
        number = _told(together[y, x])
        near = signs[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2, number]
        off_y, off_x = ndimage.center_of_mass(near)
        yield SignSeen(
            SIGNS[number],
            CELL_PX * (max(0, x - 1) + off_x + 0.5),
            CELL_PX * (max(0, y - 1) + off_y + 0.5),
            float(together[y, x, number]),
            {SIGNS[at]: float(together[y, x, at]) for at in _plausible(together[y, x]) if at != number},
        )


def _told(scores: np.ndarray) -> int:
    """The likeliest sign, or the likeliest of a kind that is likelier together."""
    kind = max(_ALIKE, key=lambda kind: float(scores[kind].sum()))
    return int(kind[int(scores[kind].argmax())] if scores[kind].sum() > scores.max() else scores.argmax())


def _plausible(scores: np.ndarray) -> np.ndarray:
    return np.flatnonzero(scores >= _PLAUSIBLE * scores.max())
