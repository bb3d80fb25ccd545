"""A close look at printed speed and gain: which of a few values stands there, told by a small network.

On the coarse page a sign reader finds where they stand; digits of two millimetres are told apart from nearer.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np

from worker.image.ink import lightest_channel
from worker.image.sheet.paper_map import FlatPaper, spread
from worker.image.sheet.sign_reader import GAINS, SPEEDS, SignSeen, softmax
from worker.image.sheet.sign_reader import PX_PER_MM as COARSE_PX_PER_MM

PX_PER_MM: Final = 8.0
LOOK_PX: Final = (40, 256)  # height and width: 5 by 32 mm
SCALES: Final = (*SPEEDS, *GAINS)  # in the order of the network's scores, after "none of these"
NETWORK: Final = Path(__file__).with_name("scale_reader.onnx")
_NODE_PX: Final = 8
_MOST_LOOKS: Final = 12  # the clearest: a page prints each value once or twice
_PAPER: Final = 0.7  # quantile of lightness that is paper
_INK: Final = 0.995  # quantile of darkness that is ink
_LEAST_INK: Final = 0.1
_SURE: Final = 0.8


class Network(Protocol):
    def scores(self, batch: np.ndarray) -> np.ndarray:
        """(n, *LOOK_PX, 1) to (n, 1 + scales)."""
        ...


class ScaleReader:
    """Reads signs of speed and gain that were found on a page."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def read(self, signs: Sequence[SignSeen], rgb: np.ndarray, flat: FlatPaper) -> tuple[SignSeen, ...]:
        """The other signs, then speed and gain as a close look tells them; those that it does not know are left out.

        Parameters
        ----------
        signs : sequence of SignSeen
        rgb : ndarray of uint8, shape (height, width, 3)
            The picture.
        flat : FlatPaper
            The page on which the signs were found.
        """
        others = tuple(sign for sign in signs if sign.sign not in SCALES)
        found = sorted((sign for sign in signs if sign.sign in SCALES), key=lambda sign: -sign.score)[:_MOST_LOOKS]
        if not found:
            return others
        looks = np.stack([close_look(rgb, flat, (sign.x, sign.y)) for sign in found])
        likely = softmax(self._network.scores(looks[..., None]))
        told = (_told(sign, of_sign) for sign, of_sign in zip(found, likely, strict=True))
        return (*others, *(sign for sign in told if sign is not None))


def close_look(rgb: np.ndarray, flat: FlatPaper, at_px: tuple[float, float]) -> np.ndarray:
    """What stands around a point of the flat page, as if it were straight: darkness, 0 to 1, float32 ``LOOK_PX``."""
    height, width = LOOK_PX
    across, down = (np.linspace(0.5 - side / 2, side / 2 - 0.5, side // _NODE_PX) for side in (width, height))
    nodes = np.stack(np.meshgrid(across, down), axis=-1)
    there = nodes.reshape(-1, 2) * (COARSE_PX_PER_MM / PX_PER_MM) + np.array(at_px)
    px = (flat.in_picture(there) - 0.5).reshape(nodes.shape)
    at_x, at_y = (spread(px[..., axis], width, height) for axis in (0, 1))
    return darkness_of(cv2.remap(rgb, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def darkness_of(rgb: np.ndarray) -> np.ndarray:
    """Of ink against paper, in the lightest channel, in which coloured lines are pale; shape (height, width, 3)."""
    light = lightest_channel(rgb).astype(np.float32)
    dark = np.clip(1 - light / max(float(np.quantile(light, _PAPER)), 1.0), 0, 1)
    return np.clip(dark / max(float(np.quantile(dark, _INK)), _LEAST_INK), 0, 1).astype(np.float32)


def _told(sign: SignSeen, likely: np.ndarray) -> SignSeen | None:
    best = int(likely.argmax())
    if best == 0 or likely[best] < _SURE:
        return None
    return replace(sign, sign=SCALES[best - 1], score=float(likely[best]), or_else={})
