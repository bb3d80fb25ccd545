"""The picture with its beats on top: where boxes and labels stand, in pixels of the picture as it was read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from classify.models import Beat, Recording
from classify.tracings.upright import Box, Upright

# How wide the page shows a picture, in CSS pixels: a label is drawn so large that it can be read at this width.
SHOWN_WIDE_PX: Final = 760
SHOWN_NARROW_PX: Final = 480
LABEL_PX: Final = 15
WIDE_FROM: Final = 1.8  # width by height
GAP: Final = 0.15  # of a label's height, around it


@dataclass(frozen=True, slots=True)
class Label:
    """A chip with shape and letter."""

    x: float
    y: float
    width: float
    height: float

    @property
    def radius(self) -> float:
        return self.height * 0.3

    @property
    def shape(self) -> dict[str, float]:
        side = self.height * 0.62
        return {"x": self.x + self.height * 0.2, "y": self.y + (self.height - side) / 2, "side": side}

    @property
    def text(self) -> dict[str, float]:
        return {"x": self.x + self.height * 1.28, "y": self.y + self.height * 0.77, "size": self.height * 0.76}


@dataclass(frozen=True, slots=True)
class Canvas:
    """``labels`` are those of the beats in turn; ``has_several`` says that it shows more than one lead."""

    upright: Upright
    has_several: bool = False
    hatch: float = 1.0  # distance of the lines over an unsure beat
    labels: list[Label] = field(default_factory=list)

    @property
    def width(self) -> float:
        return self.upright.size[0]

    @property
    def top(self) -> float:
        """Above the picture where labels stand there."""
        return min([0.0, *(label.y - label.height * GAP for label in self.labels)])

    @property
    def height(self) -> float:
        return self.upright.size[1] - self.top

    @property
    def is_wide(self) -> bool:
        """Whether it is shown across the page: a sheet of any shape has small print."""
        return self.has_several or _is_wide(self.upright)


def canvas_of(recording: Recording, beats: Sequence[Beat], *, turns: int = 0, has_several: bool = False) -> Canvas:
    upright = Upright(turns, recording.width_px or 1, recording.height_px or 1)
    boxes = [upright.box((beat.x, beat.y, beat.width, beat.height)) for beat in beats]
    height = _label_height(upright, boxes, shown_wide=has_several or _is_wide(upright))
    labels = list(_labels(boxes, height, at_boxes=has_several))
    return Canvas(upright, has_several, hatch=height / 2.5, labels=labels)


def _is_wide(upright: Upright) -> bool:
    width, height = upright.size
    return width >= WIDE_FROM * height


def _label_height(upright: Upright, boxes: Sequence[Box], *, shown_wide: bool) -> float:
    """So large that it can be read, and small enough for the closest beats to keep theirs apart."""
    shown = SHOWN_WIDE_PX if shown_wide else SHOWN_NARROW_PX
    readable = LABEL_PX * 1.4 * upright.size[0] / shown
    middles = [x + across / 2 for x, _, across, _ in boxes]
    closest = min((after - before for before, after in pairwise(middles)), default=upright.size[0])
    return min(readable, max(closest, 1) / 2.1)


def _labels(boxes: Sequence[Box], height: float, *, at_boxes: bool) -> Iterator[Label]:
    """In a row over a picture of one lead, so that no wave is covered; on a sheet over the lead that answers."""
    width = height * 2
    for x, y, across, _ in boxes:
        bottom = (y if at_boxes else 0.0) - height * GAP
        yield Label(x=max(x + (across - width) / 2, 0), y=bottom - height, width=width, height=height)
