"""ECG paper: its ground, and the lines every 1 mm and 5 mm."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

Rgb = tuple[int, int, int]
Lines = Literal["solid", "dotted", "majors", "none"]
LINES: Final[tuple[Lines, ...]] = get_args(Lines)

MAJOR_EVERY_MM: Final = 5
_LINES_MM: Final = (0.10, 0.16)
_PLOTTED_MM: Final = (0.18, 0.18)  # half a point
_DOT_MM: Final = 0.28
_HEAVY_EVERY_MM: Final = 25
_HEAVY_LINE_MM: Final = 0.34


@dataclass(frozen=True, slots=True)
class PaperColours:
    """Red, green, blue of the ground and of both kinds of line, and how wide these are."""

    ground: Rgb
    minor: Rgb
    major: Rgb
    lines_mm: tuple[float, float] = _LINES_MM


COLOURS: Final[dict[str, PaperColours]] = {
    "pink": PaperColours((255, 247, 245), (246, 208, 203), (232, 160, 152)),
    "red": PaperColours((255, 244, 243), (247, 190, 188), (233, 128, 126)),
    "orange": PaperColours((255, 250, 240), (250, 214, 172), (238, 172, 104)),
    "green": PaperColours((247, 252, 243), (199, 226, 189), (138, 190, 126)),
    "blue": PaperColours((246, 250, 255), (196, 214, 242), (138, 166, 222)),
    "gray": PaperColours((252, 252, 251), (218, 218, 218), (178, 178, 178)),
    "white": PaperColours((255, 255, 255), (255, 255, 255), (255, 255, 255)),
    # Stronger prints, as sheets have them.
    "rose": PaperColours((255, 222, 234), (250, 178, 208), (236, 124, 170)),
    "brick": PaperColours((250, 228, 226), (230, 134, 144), (194, 46, 76)),
    "mauve": PaperColours((246, 240, 246), (210, 186, 200), (158, 118, 134)),
    "moss": PaperColours((212, 232, 190), (168, 204, 158), (124, 172, 124)),
    "black": PaperColours((250, 250, 248), (178, 178, 178), (78, 76, 76)),
    # As programs draw them: pure colours on white, fine lines nearly as strong as the others, or just as strong.
    "scarlet": PaperColours((255, 255, 255), (254, 223, 219), (255, 0, 0)),
    "sepia": PaperColours((255, 255, 255), (150, 107, 101), (109, 50, 47)),
    "navy": PaperColours((255, 255, 255), (0, 0, 178), (0, 0, 102)),
    "emerald": PaperColours((255, 255, 255), (0, 204, 77), (0, 77, 0)),
    "salmon": PaperColours((255, 250, 248), (238, 164, 158), (238, 164, 158)),
    "steel": PaperColours((252, 253, 255), (156, 178, 206), (156, 178, 206)),
    # The same with lines as wide as plots have them, and as dark as ink.
    "signal": PaperColours((255, 255, 255), (255, 178, 178), (255, 0, 0), _PLOTTED_MM),
    "wine": PaperColours((255, 255, 255), (200, 90, 90), (160, 30, 40), _PLOTTED_MM),
    "umber": PaperColours((255, 255, 255), (145, 85, 60), (110, 55, 35), _PLOTTED_MM),
    "plum": PaperColours((255, 255, 255), (130, 60, 140), (90, 20, 100), _PLOTTED_MM),
    "olive": PaperColours((255, 255, 255), (125, 125, 75), (80, 85, 20), _PLOTTED_MM),
    "fir": PaperColours((255, 255, 255), (40, 120, 80), (10, 70, 40), _PLOTTED_MM),
    "slate": PaperColours((255, 255, 255), (191, 191, 191), (102, 102, 102), _PLOTTED_MM),
    # As printers without colour draw them: lines every 5 mm as black as the curve.
    "soot": PaperColours((255, 255, 255), (150, 150, 150), (16, 16, 16)),
    "ash": PaperColours((252, 252, 250), (190, 188, 186), (56, 54, 52), (0.12, 0.24)),
}
PLOTTED: Final = tuple(name for name, colours in COLOURS.items() if colours.lines_mm == _PLOTTED_MM)
BLACK: Final = ("soot", "ash")


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper.

    Parameters
    ----------
    colour : str
        A key of ``COLOURS``.
    lines : {"solid", "dotted", "majors", "none"}
        ``dotted`` has a dot at each millimetre crossing and solid lines every 5 mm; ``majors`` has only these.
    strength : float
        How much darker than the ground lines are: 1 is their own colour, more is darker still.
    heavy : bool
        Whether each fifth of the 5 mm lines is wider.

    Raises
    ------
    ValueError
        If either is unknown.
    """

    colour: str = "pink"
    lines: Lines = "solid"
    strength: float = 1.0
    heavy: bool = False

    def __post_init__(self) -> None:
        if self.colour not in COLOURS:
            raise ValueError(f"colour: expected one of {', '.join(COLOURS)}. Received: {self.colour!r}")
        if self.lines not in LINES:
            raise ValueError(f"lines: expected one of {', '.join(LINES)}. Received: {self.lines!r}")

    @property
    def has_lines(self) -> bool:
        return self.lines != "none" and self.colour != "white"


def paper_drawn(paper: Paper, width_mm: float, height_mm: float, px_per_mm: float) -> np.ndarray:
    """Empty paper.

    Parameters
    ----------
    paper : Paper
    width_mm, height_mm : float
    px_per_mm : float
        Need not be a whole number: lines are anti-aliased.

    Returns
    -------
    ndarray of float32, shape (height, width, 3)
        Red, green, blue from 0 to 255; the first lines run along the left and upper edge.
    """
    colours = COLOURS[paper.colour]
    size = (max(1, round(height_mm * px_per_mm)), max(1, round(width_mm * px_per_mm)))
    pixels = np.empty((*size, 3), np.float32)
    pixels[:] = colours.ground
    if not paper.has_lines:
        return pixels
    minors, majors = line_shares(paper, size, px_per_mm)
    if minors is not None:
        pixels = _inked(pixels, minors, colours.major if paper.lines == "dotted" else colours.minor)
    return _inked(pixels, majors, colours.major)


def line_shares(paper: Paper, size: tuple[int, int], px_per_mm: float) -> tuple[np.ndarray | None, np.ndarray]:
    """How much of each pixel the lines every 1 mm (None where there are none) and every 5 mm cover.

    ``size`` is height and width.  The shares are already as strong as the paper's lines are, so they may exceed 1.
    """
    minors = None
    minor_mm, major_mm = COLOURS[paper.colour].lines_mm
    if paper.lines == "solid":
        minors = _ruled(size, px_per_mm, minor_mm * px_per_mm)
    elif paper.lines == "dotted":
        minors = _dotted(size, px_per_mm)
    majors = _ruled(size, MAJOR_EVERY_MM * px_per_mm, major_mm * px_per_mm)
    if paper.heavy:
        majors = np.maximum(majors, _ruled(size, _HEAVY_EVERY_MM * px_per_mm, _HEAVY_LINE_MM * px_per_mm))
    if paper.strength == 1.0:
        return minors, majors
    return None if minors is None else minors * paper.strength, majors * paper.strength


def _ruled(size: tuple[int, int], step_px: float, line_px: float) -> np.ndarray:
    down, across = (_line_shares(length, step_px, line_px) for length in size)
    return np.maximum(down[:, None], across[None, :])


def _dotted(size: tuple[int, int], px_per_mm: float) -> np.ndarray:
    down, across = (_line_shares(length, px_per_mm, _DOT_MM * px_per_mm) for length in size)
    return down[:, None] * across[None, :]


def _line_shares(length: int, step_px: float, line_px: float) -> np.ndarray:
    """How much of each pixel along one direction lies on a line; printed lines are never thinner than a pixel."""
    middles = np.arange(length) + 0.5
    away = np.abs(middles - np.round(middles / step_px) * step_px)
    return np.clip(max(line_px, 1.0) / 2 + 0.5 - away, 0.0, 1.0).astype(np.float32)


def _inked(pixels: np.ndarray, shares: np.ndarray, colour: Rgb) -> np.ndarray:
    painted = np.asarray(colour, np.float32)
    return pixels + shares[..., None] * (painted - pixels)
