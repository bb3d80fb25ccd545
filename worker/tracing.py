"""The curves that were read of a picture and where they lie in it: plain values, ready for JSON.  No numpy."""

from dataclasses import asdict, dataclass
from typing import Any

Point = tuple[float, float]  # in pixels of the upright picture


@dataclass(frozen=True, slots=True)
class TracedPeak:
    """An R peak: ``at_s`` from the left end of its lead's curve, None without time."""

    at_s: float | None
    point: Point


@dataclass(frozen=True, slots=True)
class TracedLead:
    """One stretch of one lead.

    Parameters
    ----------
    lead : str or None
    source : str or None
        How the lead is known: ``user``, ``printed`` or ``layout``.
    row, column : int
        Its place in the picture, from 0.
    start_s : float
        From the left end of what the picture shows.
    fs : float or None
        Samples per second; None without time.
    microvolts : tuple of int or None, or None
        0 at the resting level, None where nothing was seen; None as a whole where the picture carries no voltage.
    heights : tuple of float or None
        Without voltage: as shares of the height that the curve moves through.
    quality : int
        0 to 100.
    gap_fraction : float
        0 to 1.
    answers : bool
        Whether its beats are classified.
    line : tuple of Point
        The curve in the picture, thinned.
    peaks : tuple of TracedPeak
    """

    lead: str | None
    source: str | None
    row: int
    column: int
    start_s: float
    fs: float | None
    microvolts: tuple[int | None, ...] | None
    heights: tuple[float | None, ...]
    quality: int
    gap_fraction: float
    answers: bool
    line: tuple[Point, ...]
    peaks: tuple[TracedPeak, ...]


@dataclass(frozen=True, slots=True)
class Tracing:
    """All of a picture.

    ``page`` is the outline of the part that was read, clockwise from its upper left corner; ``grid`` are some of the
    paper's lines, 5 mm apart; ``quarter_turns``, clockwise, set the picture upright.
    """

    layout: str
    page: tuple[Point, ...]
    grid: tuple[tuple[Point, ...], ...]
    quarter_turns: int
    leads: tuple[TracedLead, ...]


def tracing_dict(tracing: Tracing) -> dict[str, Any]:
    """Ready for JSON."""
    return asdict(tracing)
