"""How a program plots an ECG: the resolution, the lines and letters, and what stands where."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from worker.generator.layouts import LAYOUTS, Layout

PlotNamePlace = Literal["above", "below", "before"]
PlotSeparator = Literal["none", "tick", "bar"]
PlotHeader = Literal["none", "title", "blocks"]
PLOT_NAME_PLACES: Final[tuple[PlotNamePlace, ...]] = get_args(PlotNamePlace)
PLOT_SEPARATORS: Final[tuple[PlotSeparator, ...]] = get_args(PlotSeparator)
_HEADERS: Final[tuple[PlotHeader, ...]] = get_args(PlotHeader)

MM_PER_PT: Final = 25.4 / 72
# Of the lines every 5 mm, and of those every 1 mm.
PLOT_COLOURS: Final[dict[str, tuple[str, str]]] = {
    "pink": ("#f7a3b5", "#fde0e6"),
    "red": ("#e6202a", "#f8b6b4"),
    "rust": ("#b04038", "#e2a09a"),
    "brown": ("#6a3c30", "#a67a6c"),
    "blue": ("#3566c0", "#b4c8ee"),
    "navy": ("#14146e", "#3c3cb4"),
    "green": ("#1f7a3c", "#9fd4ae"),
    "gray": ("#8a8a8a", "#d2d2d2"),
    "black": ("#202020", "#b4b4b4"),
}
PLOT_INKS: Final[dict[str, str]] = {"black": "#000000", "dark blue": "#0a0a5a", "dark gray": "#343434"}

_LAYOUT_CHANCES: Final = {"3x4": 3, "3x4+1": 4, "3x4+3": 1, "6x2": 2, "12x1": 2}
_DPI: Final = (80, 100, 100, 120, 150, 200, 200, 250, 300)
_SHARE_WITH_MINORS: Final = 0.88
_PAGES_MM: Final = (None, (297.0, 210.0), (279.4, 215.9))  # A4 and letter
_SPACINGS_MM: Final = {3: (26.0, 42.0), 4: (24.0, 40.0), 6: (18.0, 32.0), 12: (13.0, 30.0)}  # by rows


@dataclass(frozen=True, slots=True)
class PlotStyle:
    """How a page is plotted.

    Parameters
    ----------
    dpi : int
        A millimetre of the page is a true one at it.
    colour : str
        Of the lines, a key of ``PLOT_COLOURS``.
    strength : float
        From 0, where lines are as white as the page, to 1, their own colour.
    minors : bool
        Whether there are lines every 1 mm, and not every 5 mm only.
    minor_pt, major_pt, trace_pt, separator_pt : float
        Widths.
    ink : str
        Of curves, pulses and separators, a key of ``PLOT_INKS``.
    to_the_edges : bool
        Whether lines fill the page; else they stop around the curves, and other text stands on white.
    framed : bool
        Whether the lines have a black frame around them.
    separator : {"none", "tick", "bar"}
    name_place : {"above", "below", "before"}
    name_pt, words_pt : float
        Sizes of the leads' names and of other text.
    bold : bool
        Whether names are.
    pulse : bool
        Whether a calibration pulse leads into each row of the page.
    header : {"none", "title", "blocks"}
    footer : bool
        Whether speed and gain are printed; those that are not the usual ones always are.
    margin_mm : float
    spacing_mm : float
        From one row to the next, at least, at up to 10 mm/mV.
    page_mm : tuple of float or None
        Width and height at least; as large as the curves need where None.
    """

    dpi: int = 100
    colour: str = "pink"
    strength: float = 1.0
    minors: bool = True
    minor_pt: float = 0.5
    major_pt: float = 0.8
    trace_pt: float = 0.8
    separator_pt: float = 1.0
    ink: str = "black"
    to_the_edges: bool = True
    framed: bool = False
    separator: PlotSeparator = "none"
    name_place: PlotNamePlace = "above"
    name_pt: float = 9.0
    words_pt: float = 8.0
    bold: bool = False
    pulse: bool = False
    header: PlotHeader = "none"
    footer: bool = True
    margin_mm: float = 8.0
    spacing_mm: float = 30.0
    page_mm: tuple[float, float] | None = None


def plot_layout_drawn(rng: np.random.Generator) -> Layout:
    """A layout of twelve leads at random: common ones more often."""
    chances = np.array(list(_LAYOUT_CHANCES.values()), float)
    return LAYOUTS[str(rng.choice(list(_LAYOUT_CHANCES), p=chances / chances.sum()))]


def plot_style_drawn(layout: Layout, rng: np.random.Generator) -> PlotStyle:
    places = PLOT_NAME_PLACES if layout.columns == 1 else PLOT_NAME_PLACES[:-1]
    rows = len(layout.rows) + len(layout.rhythm)
    return PlotStyle(
        dpi=_DPI[rng.integers(len(_DPI))],
        colour=list(PLOT_COLOURS)[rng.integers(len(PLOT_COLOURS))],
        strength=float(rng.uniform(0.75, 1.0)),
        minors=bool(rng.random() < _SHARE_WITH_MINORS),
        minor_pt=float(rng.uniform(0.3, 0.8)),
        major_pt=float(rng.uniform(0.5, 1.2)),
        trace_pt=float(rng.uniform(0.4, 1.2)),
        separator_pt=float(rng.uniform(0.8, 2.4)),
        ink=list(PLOT_INKS)[rng.choice(len(PLOT_INKS), p=(0.6, 0.2, 0.2))],
        to_the_edges=bool(rng.random() < 0.6),
        framed=bool(rng.random() < 0.4),
        separator=PLOT_SEPARATORS[rng.integers(len(PLOT_SEPARATORS))] if layout.columns > 1 else "none",
        name_place=places[rng.integers(len(places))],
        name_pt=float(rng.uniform(6.0, 12.0)),
        words_pt=float(rng.uniform(6.0, 10.0)),
        bold=bool(rng.random() < 0.3),
        pulse=bool(rng.random() < 0.4),
        header=_HEADERS[rng.integers(len(_HEADERS))],
        footer=bool(rng.random() < 0.6),
        margin_mm=float(rng.uniform(5.0, 16.0)),
        spacing_mm=float(rng.uniform(*_SPACINGS_MM.get(rows, _SPACINGS_MM[6]))),
        page_mm=_PAGES_MM[rng.integers(len(_PAGES_MM))],
    )
