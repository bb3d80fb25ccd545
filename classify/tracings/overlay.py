"""What was found, over the picture: in pixels of the upright picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from classify.models import Beat
from classify.tracings.marks import PeakMark, marks_of
from classify.tracings.thinning import thinned
from classify.tracings.upright import quarter_turns_of
from worker.tracing import Point, TracedLead, Tracing

SHOWN_PX: Final = 800  # about as wide as a page shows a picture
FIRST_OF: Final = 4  # the first quarter of a curve's points tells its resting level


@dataclass(frozen=True, slots=True)
class LeadOver:
    name: str | None
    x: float
    y: float
    points: str
    answers: bool
    marks: list[PeakMark]


@dataclass(frozen=True, slots=True)
class Overlay:
    """``unit`` is about one pixel of the page, in pixels of the picture; ``turns`` as of ``Upright``."""

    unit: float
    turns: int
    page: str
    grid: list[str]
    leads: list[LeadOver]

    @property
    def has_several(self) -> bool:
        return len(self.leads) > 1

    @property
    def letter_degrees(self) -> int:
        """That keep a name level where the picture is turned."""
        return -90 * self.turns

    @property
    def letter(self) -> float:
        return 13 * self.unit

    @property
    def radius(self) -> float:
        return 4.5 * self.unit


def overlay_of(tracing: Tracing, beats: Sequence[Beat], *, size_px: tuple[int, int]) -> Overlay:
    turns = quarter_turns_of(tracing.page)
    unit = max(size_px[turns % 2] / SHOWN_PX, 0.25)
    return Overlay(
        unit=unit,
        turns=turns,
        page=_points(tracing.page),
        grid=[_points(line) for line in tracing.grid],
        leads=[
            _lead(lead, marks, unit, turns) for lead, marks in zip(tracing.leads, marks_of(tracing, beats), strict=True)
        ],
    )


def _lead(lead: TracedLead, marks: list[PeakMark], unit: float, turns: int) -> LeadOver:
    x, y = _start(lead.line, turns) if lead.line else (0.0, 0.0)
    is_level = all(before[0] < after[0] for before, after in pairwise(lead.line))
    line = thinned(lead.line, unit / 2) if is_level else lead.line
    return LeadOver(lead.lead, x, y, _points(line), lead.answers, marks)


def _start(line: Sequence[Point], turns: int) -> Point:
    """Of a curve, at its resting level: it may begin with a steep stroke that parts two leads."""
    first = line[: max(len(line) // FIRST_OF, 1)]
    (x, y), rest = line[0], [median(values) for values in zip(*first, strict=True)]
    return (rest[0], y) if turns % 2 else (x, rest[1])


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
