"""The usual orders of twelve leads on a sheet, held against the names that were read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from worker.ecg.leads import CABRERA_LEADS, STANDARD_LEADS
from worker.image.sheet.names_placed import NameSeen, Place

_HALF: Final = 6  # the limb leads, or the chest leads
COLUMNS: Final = (4, 2, 1)  # of twelve leads in order, down each column
_LEAST_AGREEING: Final = 0.6  # of the names that were read
_PERHAPS: Final = 0.5  # what a name that may be another counts, of one that is read so
_WRONG: Final = 1.5  # what a contradiction weighs against an agreement


def order_score(placed: Mapping[Place, NameSeen], rows: int) -> float:
    """How well names agree with any usual order of leads."""
    columns = 1 + max((column for _, column in placed), default=0)
    order = usual_order(placed, rows, columns)
    return sum(_agreement(order, place, name) for place, name in placed.items()) + 0.01 * len(placed)


def _agreement(order: Mapping[Place, str], place: Place, name: NameSeen) -> float:
    if place not in order:
        return 0.0
    expected = order[place].lstrip("-")
    return name.score if expected == name.lead else name.or_else.get(expected, -_WRONG * name.score)


def usual_order(placed: Mapping[Place, NameSeen], rows: int, columns: int) -> dict[Place, str]:
    """The usual order of twelve leads that agrees with the names best, from the row where it does; empty if none."""
    best: dict[Place, str] = {}
    most = 0.0
    for leads, depth in _orders(rows, columns):
        for first in range(rows - depth + 1):
            order = {(first + at % depth, at // depth): lead for at, lead in enumerate(leads)}
            agreement = _names_agreeing(order, placed)
            if agreement is not None and agreement > most:
                best, most = order, agreement
    return best


def _orders(rows: int, columns: int) -> Iterator[tuple[Sequence[str], int]]:
    """Leads in order and how many stand below each other: twelve, or in fewer rows the limb or the chest leads."""
    for leads in (STANDARD_LEADS, CABRERA_LEADS):
        if columns in COLUMNS and rows >= 12 // columns:
            yield leads, 12 // columns
        if columns == 1 and _HALF <= rows < len(leads):
            yield leads[:_HALF], _HALF
            yield leads[_HALF:], _HALF


def _names_agreeing(order: Mapping[Place, str], placed: Mapping[Place, NameSeen]) -> float | None:
    """The names' score for an order, or None where too few agree."""
    inside = [(place, name) for place, name in placed.items() if place in order]
    agreeing = sum(_agrees(order[place].lstrip("-"), name) for place, name in inside)
    if agreeing < max(3, _LEAST_AGREEING * len(inside)):
        return None
    return sum(_agreement(order, place, name) for place, name in inside)


def _agrees(expected: str, name: NameSeen) -> float:
    if expected == name.lead:
        return 1.0
    return _PERHAPS if expected in name.or_else else 0.0
