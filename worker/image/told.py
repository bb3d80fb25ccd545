"""What a person says of a picture: before it is read, or after it was read wrongly."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

SPEED_LIMITS_MM_S: Final = (1.0, 200.0)  # what machines print lies well within
GAIN_LIMITS_MM_MV: Final = (1.0, 200.0)
SECONDS_LIMITS: Final = (0.5, 120.0)  # a beat cut out, to a minute or two on one row of a monitor

PointPx = tuple[float, float]  # of the upright picture
Corners = tuple[PointPx, PointPx, PointPx, PointPx]


@dataclass(frozen=True, slots=True)
class Told:
    """What is not None or empty is believed instead of what is found.

    Parameters
    ----------
    lead : str or None
        Of a picture with one lead.
    speed_mm_s, gain_mm_mv : float or None
    seconds_across : float or None
        That the rows last, from their first to their last point in the part that is read.  Time comes from it where no
        squares are found; where they are, it says their speed, unless that is told, too.
    corners : four points or None
        Of the part that is to be read, clockwise from what is its upper left corner: a crop is a rectangle, a page
        seen askew any quadrangle, and a turned picture begins at another corner.
    leads : mapping of str to str
        Names by place, ``"row.column"`` from 0.  An empty name says that nobody knows the lead.
    r_peaks_added, r_peaks_removed : tuple of points
        Near the R peaks that are missing, or that are none.
    """

    lead: str | None = None
    speed_mm_s: float | None = None
    gain_mm_mv: float | None = None
    seconds_across: float | None = None
    corners: Corners | None = None
    leads: Mapping[str, str] = field(default_factory=dict)
    r_peaks_added: tuple[PointPx, ...] = ()
    r_peaks_removed: tuple[PointPx, ...] = ()


NOTHING_TOLD: Final = Told()


def told_dict(told: Told) -> dict[str, Any]:
    """Ready for JSON; what was not told is left out."""
    return {name: value for name, value in asdict(told).items() if value not in (None, {}, ())}


def told_from(stored: Mapping[str, Any]) -> Told:
    """The inverse of ``told_dict``."""
    corners = stored.get("corners")
    return Told(
        lead=stored.get("lead"),
        speed_mm_s=stored.get("speed_mm_s"),
        gain_mm_mv=stored.get("gain_mm_mv"),
        seconds_across=stored.get("seconds_across"),
        corners=_corners(corners) if corners else None,
        leads=dict(stored.get("leads", {})),
        r_peaks_added=_points(stored.get("r_peaks_added", ())),
        r_peaks_removed=_points(stored.get("r_peaks_removed", ())),
    )


def _corners(stored: Any) -> Corners:
    a, b, c, d = _points(stored)
    return a, b, c, d


def _points(stored: Any) -> tuple[PointPx, ...]:
    return tuple((float(x), float(y)) for x, y in stored)
