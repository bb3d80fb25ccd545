"""Generated pages flattened as pictures are: by their own lines where these are found, else scaled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from worker.generator.truth import DrawnPicture
from worker.image.decode import decode_picture
from worker.image.ink import WorkCopy, grid_map, inverted, work_copy
from worker.image.sheet.paper_map import MAJOR_MM, MINOR_MM, PaperMap, flattened
from worker.image.sheet.phase import exact_map
from worker.image.sheet.row_reader import darkness_channels

_SCALE_SPREAD: Final = 0.03  # of the logarithm
_UNTOLD_SPREAD: Final = 0.1  # where no lines tell the scale
_SAME_SCALE: Final = 0.08


@dataclass(frozen=True, slots=True, eq=False)
class FlatPage:
    """A page's darkness at a reader's scale, and where points of the picture lie on it."""

    darkness: np.ndarray
    seen: np.ndarray
    placed: Callable[[np.ndarray], np.ndarray]


class SeenPage:
    """A picture as a reader gets it, with the true distance of its lines."""

    def __init__(self, picture: DrawnPicture) -> None:
        self.picture = picture
        copy = work_copy(decode_picture(picture.data))
        self._copy = inverted(copy) if picture.kind == "screen" else copy
        self._px_per_mm = np.array([picture.px_per_mm_x, picture.px_per_mm_y]) * self._copy.scale
        self._paper = _told(exact_map(grid_map(self._copy)), self._px_per_mm)

    def flat(self, px_per_mm: tuple[float, float], rng: np.random.Generator) -> FlatPage:
        """Flattened near a scale, as far off as readings are."""
        copy = self._copy
        wanted = np.array(px_per_mm) * np.exp(rng.normal(0, _SCALE_SPREAD, 2))
        if self._paper is None or self._paper.line_mm is None:
            return _only_scaled(copy, wanted / self._px_per_mm * np.exp(rng.normal(0, _UNTOLD_SPREAD)))
        line_mm = self._paper.line_mm
        flat = flattened(copy.rgb, self._paper, px_per_line=(wanted[0] * line_mm, wanted[1] * line_mm))
        darkness = darkness_channels(flat.rgb, flat.seen)
        return FlatPage(darkness, flat.seen, lambda xy: flat.from_picture(xy * copy.scale))


def _told(paper: PaperMap | None, true_px: np.ndarray) -> PaperMap | None:
    """The map with the true distance of its lines, unless it found something else."""
    if paper is None:
        return None
    ratio = np.array(paper.line_px) / true_px
    line_mm = min((MINOR_MM, MAJOR_MM), key=lambda mm: abs(np.log(ratio.mean() / mm)))
    return paper.told(line_mm) if np.all(np.abs(ratio / line_mm - 1) < _SAME_SCALE) else None


def _only_scaled(copy: WorkCopy, factor: np.ndarray) -> FlatPage:
    height, width = copy.rgb.shape[:2]
    size = (max(8, round(width * factor[0])), max(8, round(height * factor[1])))
    rgb = cv2.resize(copy.rgb, size, interpolation=cv2.INTER_CUBIC if factor.mean() > 1 else cv2.INTER_AREA)
    seen = np.ones(rgb.shape[:2], dtype=bool)
    return FlatPage(darkness_channels(rgb, seen), seen, lambda xy: xy * copy.scale * factor)
