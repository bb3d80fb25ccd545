"""The part of a picture that is to be read, and the way back from its pixels to the picture's."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.ink import WorkCopy, dark_for_light, work_copy
from worker.image.told import Corners

_LEAST_SIDE_PX: Final = 32
_MOST_OF_PICTURE: Final = 4.0  # times its pixels, that a part may be made into


@dataclass(frozen=True, eq=False)
class View:
    """Pixels to read; ``back`` is the homography, shape (3, 3), from them to the upright picture's."""

    picture: Picture
    back: np.ndarray
    quarter_turns: int = 0  # clockwise, that were found rather than told

    @cached_property
    def work(self) -> WorkCopy:
        """Its bounded copy, made once for all who read it."""
        return work_copy(self.picture)

    def in_picture(self, xy: np.ndarray) -> np.ndarray:
        """Points of the view, shape (n, 2), in pixels of the upright picture."""
        there = np.concatenate([xy, np.ones((len(xy), 1))], axis=1) @ self.back.T
        return np.asarray(there[:, :2] / there[:, 2:])

    def from_picture(self, xy: np.ndarray) -> np.ndarray:
        """The inverse of ``in_picture``."""
        there = np.concatenate([xy, np.ones((len(xy), 1))], axis=1) @ np.linalg.inv(self.back).T
        return np.asarray(there[:, :2] / there[:, 2:])

    def outline_px(self) -> np.ndarray:
        """Its corners in the upright picture, shape (4, 2)."""
        return self.in_picture(_corners_of(self.picture.width_px, self.picture.height_px))

    def inverted(self) -> "View":
        """Dark for light."""
        return replace(self, picture=Picture(dark_for_light(self.picture.rgb)))

    def turned(self, quarter_turns: int) -> "View":
        """The same part, turned clockwise."""
        turns = quarter_turns % 4
        if turns == 0:
            return self
        rgb = np.rot90(self.picture.rgb, -turns)  # of the same memory: failed readings hold their views for a while
        height, width = rgb.shape[:2]
        old = _corners_of(self.picture.width_px, self.picture.height_px)
        # What stood at corner n stands at corner n + turns now.
        there = cv2.getPerspectiveTransform(
            _corners_of(width, height).astype(np.float32), np.roll(old, turns, axis=0).astype(np.float32)
        )
        return replace(
            self, picture=Picture(rgb), back=self.back @ there, quarter_turns=(self.quarter_turns + turns) % 4
        )


def view_of(picture: Picture, corners: Corners | None = None) -> View:
    """The whole picture, or the part within four corners made a rectangle.

    Raises
    ------
    EcgError
        ``too_small`` where hardly anything lies within the corners.
    """
    if corners is None:
        return View(picture, np.eye(3))
    quad = np.array(corners, np.float32)
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    width, height = round(float(max(sides[0], sides[2]))), round(float(max(sides[1], sides[3])))
    if min(sides) < _LEAST_SIDE_PX or not cv2.isContourConvex(quad):
        raise EcgError("too_small", f"expected a part of at least {_LEAST_SIDE_PX} px. Received: {width} x {height}")
    width, height = _bounded(width, height, picture)
    flat = _corners_of(width, height).astype(np.float32)
    forward = cv2.getPerspectiveTransform(quad, flat)
    between_middles = _shifted(-0.5) @ forward @ _shifted(0.5)  # OpenCV counts from the middle of the first pixel
    rgb = cv2.warpPerspective(
        picture.rgb, between_middles, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255,) * 3
    )
    return View(Picture(rgb), cv2.getPerspectiveTransform(flat, quad))


def _bounded(width: int, height: int, picture: Picture) -> tuple[int, int]:
    """Both sides by the same share: squares of the paper stay squares, also where the part is turned."""
    share = min(1.0, (_MOST_OF_PICTURE * picture.width_px * picture.height_px / (width * height)) ** 0.5)
    return max(1, round(width * share)), max(1, round(height * share))


def _shifted(by: float) -> np.ndarray:
    return np.array([[1.0, 0.0, by], [0.0, 1.0, by], [0.0, 0.0, 1.0]])


def _corners_of(width: int, height: int) -> np.ndarray:
    return np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
