"""How a sheet is printed, and the frame in which things stand on it."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from worker.generator.fonts import FONTS
from worker.generator.layouts import Layout

Separator = Literal["none", "tick", "bar", "double", "gap", "step", "dotted"]
NamePlace = Literal["above", "on", "below", "before"]
SEPARATORS: Final[tuple[Separator, ...]] = get_args(Separator)
NAME_PLACES: Final[tuple[NamePlace, ...]] = get_args(NamePlace)

Side = Literal["none", "left", "right"]
_SIDES: Final[tuple[Side, ...]] = ("none", "left", "left", "right")
SCALES: Final = ((25.0, 10.0), (25.0, 5.0), (25.0, 20.0), (50.0, 10.0), (50.0, 5.0), (50.0, 20.0))
_SCALE_CHANCES: Final = (0.76, 0.08, 0.05, 0.07, 0.02, 0.02)
_SHARE_NAMED: Final = 0.88
_PAGE_SHAPES: Final = (1.414, 1.294)  # A4 and letter


@dataclass(frozen=True, slots=True)
class SheetStyle:
    """How a sheet is printed.

    ``spacing`` is the share of the height that a row might have that it gets; ``framed`` sheets have a line around
    their rows, and the rows of those ``on_lines`` rest on lines of the paper.
    """

    separator: Separator = "none"
    name_place: NamePlace = "above"
    named: bool = True
    name_mm: float = 3.0
    font: str = ""
    pulses: Side = "left"
    pulse_s: float = 0.2
    header: bool = True
    footer: bool = True
    words_mm: float = 2.6
    margin_mm: float = 10.0
    spacing: float = 0.9
    portrait: bool = False
    page_shape: float = _PAGE_SHAPES[0]
    framed: bool = False
    on_lines: bool = False


def sheet_style_drawn(layout: Layout, rng: np.random.Generator) -> SheetStyle:
    places = NAME_PLACES if layout.columns == 1 else NAME_PLACES[:-1]
    return SheetStyle(
        separator=SEPARATORS[rng.integers(len(SEPARATORS))] if layout.columns > 1 else "none",
        name_place=places[rng.integers(len(places))],
        named=bool(rng.random() < _SHARE_NAMED),
        name_mm=float(rng.uniform(2.0, 5.2)),
        font=FONTS[rng.integers(len(FONTS))],
        pulses=_SIDES[rng.integers(len(_SIDES))],
        pulse_s=(0.2, 0.2, 0.1)[rng.integers(3)],
        header=bool(rng.random() < (0.7 if layout.fixed_height else 0.3)),
        footer=bool(rng.random() < 0.6),
        words_mm=float(rng.uniform(1.8, 3.6)),
        margin_mm=float(rng.uniform(5.0, 16.0)),
        spacing=float(rng.uniform(0.5, 1.0)),
        portrait=layout.portrait and bool(rng.random() < 0.5),
        page_shape=_PAGE_SHAPES[rng.integers(len(_PAGE_SHAPES))],
    )


def scale_drawn(rng: np.random.Generator) -> tuple[float, float]:
    """Speed in mm/s and gain in mm/mV at random: three of four are the usual 25 and 10."""
    return SCALES[rng.choice(len(SCALES), p=_SCALE_CHANCES)]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things stand, in millimetres: ``zero_mm`` are the lines that the rows rest on, the rhythm strips' last."""

    width_mm: float
    height_mm: float
    left_mm: float
    column_mm: float
    gap_mm: float
    zero_mm: tuple[float, ...]

    def column_left(self, column: int) -> float:
        return self.left_mm + column * (self.column_mm + self.gap_mm)

    @property
    def row_reach_mm(self) -> float:
        """Half of the way from one row to the next."""
        return (self.zero_mm[1] - self.zero_mm[0]) / 2 if len(self.zero_mm) > 1 else self.height_mm / 4
