"""The picture as it was read: turned by quarters, where it lay on its side or stood on its head."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from worker.tracing import Point

Box = tuple[float, float, float, float]  # x, y, width, height


@dataclass(frozen=True, slots=True)
class Upright:
    """``turns`` are clockwise quarters; ``width`` and ``height`` are the picture's before them."""

    turns: int
    width: float
    height: float

    @property
    def size(self) -> tuple[float, float]:
        return (self.height, self.width) if self.turns % 2 else (self.width, self.height)

    @property
    def transform(self) -> str:
        """For an SVG group that holds what is in pixels of the picture."""
        return (
            "",
            f"translate({self.height:g} 0) rotate(90)",
            f"translate({self.width:g} {self.height:g}) rotate(180)",
            f"translate(0 {self.width:g}) rotate(-90)",
        )[self.turns]

    def box(self, box: Box) -> Box:
        """Where a box of the picture stands after the turns."""
        x, y, width, height = box
        return (
            (x, y, width, height),
            (self.height - y - height, x, height, width),
            (self.width - x - width, self.height - y - height, width, height),
            (y, self.width - x - width, height, width),
        )[self.turns]


def quarter_turns_of(page: Sequence[Point]) -> int:
    """Clockwise quarters that bring the page's first corner to the upper left."""
    if len(page) < 2:
        return 0
    (x0, y0), (x1, y1) = page[:2]
    return (4 - round(math.atan2(y1 - y0, x1 - x0) / (math.pi / 2))) % 4
