"""Where things on a flat sheet lie in the upright picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.image.boxes import beat_spans, box_around
from worker.image.sheet.paper_map import FlatPaper
from worker.image.sheet.row_reader import PX_PER_MM
from worker.image.view import View
from worker.results import Box

_GRID_EVERY_MM: Final = 5.0
_GRID_POINTS: Final = 12
_BOX_ROOM_MM: Final = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class SheetPlace:
    """``scale`` is the work copy's pixels per pixel of the view; the flat picture is that of the rows."""

    flat: FlatPaper
    view: View
    scale: float

    def curve_px(self, flat_px: np.ndarray) -> np.ndarray:
        """Points of the flat picture, shape (n, 2), in the upright picture."""
        return self.view.in_picture(self.flat.in_picture(flat_px) / self.scale)

    @property
    def px_per_mm(self) -> tuple[float, float]:
        """Across and down, in the middle of the view."""
        across, down = (round(px / self._line_mm / self.scale, 3) for px in self.flat.paper.line_px)
        return across, down

    def boxes(self, flat_px: np.ndarray, r_peaks: np.ndarray) -> Iterator[Box]:
        """Around each beat of a curve, with a little room above and below."""
        corners = np.array([_corners_around(flat_px, *span) for span in beat_spans(r_peaks, len(flat_px))])
        yield from map(box_around, self.curve_px(corners.reshape(-1, 2)).reshape(-1, 4, 2))

    def grid_px(self) -> Iterator[np.ndarray]:
        """The paper's lines, 5 mm apart, as far as the picture shows them, each of shape (n, 2)."""
        lines = list(self._lines_seen())
        if lines:
            ends = np.cumsum([len(line) for line in lines])[:-1]
            yield from np.split(self.curve_px(np.concatenate(lines)), ends)

    def _lines_seen(self) -> Iterator[np.ndarray]:
        """On the flat picture."""
        height, width = self.flat.seen.shape
        for axis, (length, other) in enumerate(((width, height), (height, width))):
            for at in self._lines_at(axis, length):
                along = np.linspace(0, other - 1, _GRID_POINTS)
                points = np.stack([np.full(_GRID_POINTS, at), along], axis=1)
                points = points if axis == 0 else points[:, ::-1]
                seen = self.flat.seen[points[:, 1].astype(int), points[:, 0].astype(int)]
                if seen.sum() >= 2:
                    yield points[seen]

    def _lines_at(self, axis: int, length: int) -> np.ndarray:
        every = _GRID_EVERY_MM / self._line_mm  # in lines
        first = np.ceil(self.flat.origin[axis] / every) * every - self.flat.origin[axis]
        return np.arange(first, length / self.flat.px_per_line[axis], every) * self.flat.px_per_line[axis]

    @property
    def _line_mm(self) -> float:
        assert self.flat.paper.line_mm is not None
        return self.flat.paper.line_mm


def _corners_around(flat_px: np.ndarray, start: float, end: float) -> np.ndarray:
    """Of the box around what a curve does from ``start`` to ``end``, shape (4, 2)."""
    part = flat_px[int(start) : max(int(start) + 1, int(np.ceil(end)))]
    room = np.array([0, _BOX_ROOM_MM * PX_PER_MM[1]])
    (left, top), (right, bottom) = part.min(axis=0) - room, part.max(axis=0) + room
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
