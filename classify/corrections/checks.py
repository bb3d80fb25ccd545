"""Whether what is said of a picture can be meant: numbers that are numbers, points that lie in the picture."""

import math
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from classify.forms import LEADS
from worker.image.told import GAIN_LIMITS_MM_MV, SECONDS_LIMITS, SPEED_LIMITS_MM_S

MOST_POINTS: Final = 400
MOST_LEADS: Final = 60
LEAST_SIDE_PX: Final = 32.0
NOTHING: Final[dict[str, Any]] = {"leads": {}, "r_peaks_added": [], "r_peaks_removed": []}  # of all others: None
PLACE: Final = re.compile(r"\d{1,2}\.\d{1,2}")  # "row.column"

SizePx = tuple[int, int]  # width and height of the upright picture
Point = tuple[float, float]


def told_checked(said: Mapping[str, Any], size: SizePx) -> dict[str, Any]:
    """What was said, ready to be stored; None takes back what was said before.

    Raises
    ------
    ValidationError
        With sentences by field.
    """
    checks: dict[str, Callable[[Any], Any]] = {
        "lead": lead_checked,
        "speed_mm_s": lambda value: number_checked(value, *SPEED_LIMITS_MM_S),
        "gain_mm_mv": lambda value: number_checked(value, *GAIN_LIMITS_MM_MV),
        "seconds_across": lambda value: number_checked(value, *SECONDS_LIMITS),
        "corners": lambda value: corners_checked(value, size),
        "leads": leads_checked,
        "r_peaks_added": lambda value: points_checked(value, size),
        "r_peaks_removed": lambda value: points_checked(value, size),
    }
    told, errors = {}, {}
    for name, value in said.items():
        try:
            told[name] = NOTHING.get(name) if value is None else checks[name](value)
        except ValidationError as error:
            errors[name] = error
    if not errors and sum(len(told.get(name) or ()) for name in ("r_peaks_added", "r_peaks_removed")) > MOST_POINTS:
        errors["r_peaks_added"] = _too_many()
    if errors:
        raise ValidationError(errors)
    return told


def number_checked(value: Any, least: float, most: float) -> float:
    if not _is_finite(value) or not least <= value <= most:
        raise ValidationError(
            _("A number from %(least)g to %(most)g is expected.") % {"least": least, "most": most}, code="invalid"
        )
    return float(value)


def lead_checked(value: Any) -> str:
    if value not in LEADS:
        raise ValidationError(_("There is no such lead."), code="invalid")
    return str(value)


def leads_checked(value: Any) -> dict[str, str]:
    """Names by place; an empty name says that nobody knows the lead."""
    if not isinstance(value, Mapping) or len(value) > MOST_LEADS:
        raise ValidationError(_("Names of leads by their places are expected."), code="invalid")
    if not all(isinstance(place, str) and PLACE.fullmatch(place) for place in value):
        raise ValidationError(_("A place is a row and a column, counted from 0, such as 1.3."), code="invalid")
    return {place: name if name == "" else lead_checked(name) for place, name in value.items()}


def points_checked(value: Any, size: SizePx) -> list[Point]:
    if not isinstance(value, list | tuple):
        raise ValidationError(_("A list of points is expected, each as x and y in pixels."), code="invalid")
    if len(value) > MOST_POINTS:
        raise _too_many()
    return [_point_checked(point, size) for point in value]


def corners_checked(value: Any, size: SizePx) -> list[Point]:
    """Clockwise from what is the upper left, so that no picture is read in a mirror."""
    corners = points_checked(value, size)
    if len(corners) != 4:
        raise ValidationError(_("Four corners are expected."), code="invalid")
    around = [*corners, *corners[:2]]
    if min(math.dist(a, b) for a, b in pairwise(around)) < LEAST_SIDE_PX:
        raise ValidationError(_("The corners are too close to each other."), code="invalid")
    if not all(_turns_right(a, b, c) for a, b, c in zip(around, around[1:], around[2:], strict=False)):
        raise ValidationError(_("The corners must go round clockwise, and none may stand inside the others."))
    return corners


def _point_checked(point: Any, size: SizePx) -> Point:
    if not isinstance(point, list | tuple) or len(point) != 2 or not all(_is_finite(value) for value in point):
        raise ValidationError(_("A point is x and y in pixels."), code="invalid")
    if not all(0 <= value <= most for value, most in zip(point, size, strict=True)):
        raise ValidationError(_("A point lies outside the picture."), code="invalid")
    return round(float(point[0]), 1), round(float(point[1]), 1)


def _is_finite(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < 1e9  # false for NaN, too


def _turns_right(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]) > 0


def _too_many() -> ValidationError:
    return ValidationError(_("At most %(most)d points are expected.") % {"most": MOST_POINTS}, code="invalid")
