"""Which lead each part of a row shows: from the names that are printed, and from how sheets are laid out."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from worker.ecg.leads import STANDARD_LEADS
from worker.image.sheet.lead_order import order_score, usual_order
from worker.image.sheet.names_placed import (
    SURE_ALONE,
    NameSeen,
    Place,
    Row,
    midway_places,
    placed_names,
    stand_alike,
)

_SURE_TWICE: Final = 0.8  # of one of several rows of the same name, such as of a long rhythm strip
_AS_LIKELY: Final = 0.5  # of its first reading's score, that another reading of a name has at least
_LEAST_COLUMNS: Final = 2
_LEAST_NAMES: Final = 2

Source = Literal["printed", "layout", "user"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one lead has of a row; ``lead`` is None where nothing says which it is."""

    row: int
    column: int
    left: float
    right: float
    lead: str | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class Layout:
    """``name`` as machines call it: 3x4, 3x4+1, 6x2, 12x1, or rows-n."""

    name: str
    parts: tuple[Part, ...]


def layout_of(rows: Sequence[Row], names: Sequence[NameSeen], px_per_mm: float) -> Layout:
    """Give rows their leads.

    Parameters
    ----------
    rows : sequence of Row
        From above.
    names : sequence of NameSeen
    px_per_mm : float
    """
    placed, starts, order = _placed(rows, names, px_per_mm)
    if len(starts) <= 2 and not order:
        few = _placed(rows, names, px_per_mm, few=True)
        placed, starts, order = few if _tell_of_columns(few[0], few[2]) else (placed, starts, order)
    columns = max(1, len(starts) - 1)
    whole = _rows_of_one_lead(placed, len(rows), order, columns)
    believed = placed if order else _without_contradictions(placed, rows, whole if columns > 1 else set())
    parts = tuple(_parts(rows, believed, starts, order, whole, px_per_mm))
    if not any(part.lead for part in parts):  # columns that only doubtful names speak for
        return Layout(
            f"rows-{len(rows)}", tuple(Part(at, 0, row.left, row.right, None, None) for at, row in enumerate(rows))
        )
    return Layout(_layout_name(len(rows), columns, order, whole), parts)


def _placed(
    rows: Sequence[Row], names: Sequence[NameSeen], px_per_mm: float, *, few: bool = False
) -> tuple[dict[Place, NameSeen], list[float], dict[Place, str]]:
    """Names at their places, where columns start, and the usual order that they speak for."""
    placed, starts = max(
        (placed_names(rows, names, shift, px_per_mm, few=few) for shift in (0.0, 0.35, -0.35)),
        key=lambda found: (stand_alike(found[0], rows, px_per_mm), order_score(found[0], len(rows))),
    )
    return placed, starts, usual_order(placed, len(rows), max(1, len(starts) - 1))


def _tell_of_columns(placed: Mapping[Place, NameSeen], order: Mapping[Place, str]) -> bool:
    """Whether two names behind the first column stand as an order has them, and another one elsewhere.

    Rows of one lead have their names in the first, and waves may be taken for one more.
    """
    agreeing = Counter(
        column for (row, column), name in placed.items() if order.get((row, column), "").lstrip("-") == name.lead
    )
    return len(agreeing) >= _LEAST_COLUMNS and any(
        count >= _LEAST_NAMES for column, count in agreeing.items() if column
    )


def layout_less(name: str, rows: int) -> str:
    """A layout's name without some of the rows that are outside its order."""
    shape, _, extra = name.partition("+")
    if shape.startswith("rows-"):
        return f"rows-{int(shape.removeprefix('rows-')) - rows}"
    left = int(extra or 0) - rows
    return f"{shape}+{left}" if left > 0 else shape


def _rows_of_one_lead(
    placed: Mapping[Place, NameSeen], rows: int, order: Mapping[Place, str], columns: int
) -> set[int]:
    """Rhythm strips: rows outside the order, and without names but at their start (one more may be misread).

    Beside an order creases and words may look like names, but not surely.
    """
    if columns == 1:
        return set(range(rows))
    inside = {row for row, _ in order}
    further = Counter(
        row for (row, column), name in placed.items() if column and (not order or name.score >= SURE_ALONE)
    )
    return {row for row in range(rows) if row not in inside and further[row] <= (1 if order else 0)}


def _parts(
    rows: Sequence[Row],
    placed: Mapping[Place, NameSeen],
    starts: Sequence[float],
    order: Mapping[Place, str],
    whole: set[int],
    px_per_mm: float,
) -> list[Part]:
    parts = []
    for number, row in enumerate(rows):
        limits = [starts[0], starts[-1]] if number in whole else starts
        own = [min(max(row.left, limit), row.right) for limit in limits]
        for column, (left, right) in enumerate(itertools.pairwise(own)):
            if right - left < 5 * px_per_mm:
                continue
            name = placed.get((number, column))
            expected = None if number in whole and len(starts) > 2 else order.get((number, column))
            lead, source = _lead_of(name, expected)
            parts.append(Part(number, column, left, right, lead, source))
    return parts


def _without_contradictions(
    placed: Mapping[Place, NameSeen], rows: Sequence[Row], whole: set[int]
) -> dict[Place, NameSeen]:
    """Where no order tells: a name read twice has to be clear, one midway between rows may be either's, and a row
    beside columns may be several leads."""
    midway = midway_places(placed, rows)
    placed = {place: _as_neighbours_tell(name, place, placed) for place, name in placed.items()}
    times = Counter(name.lead for name in placed.values())
    return {
        place: name
        for place, name in placed.items()
        if place[0] not in whole and place not in midway and (times[name.lead] == 1 or name.score >= _SURE_TWICE)
    }


def _as_neighbours_tell(name: NameSeen, place: Place, placed: Mapping[Place, NameSeen]) -> NameSeen:
    """A doubtful name by its other reading, where only that one follows on from the row above or below.

    Parts of sheets show some of twelve leads one below the other.
    """
    row, column = place
    following = [
        STANDARD_LEADS[at]
        for beside, step in (((row - 1, column), 1), ((row + 1, column), -1))
        if beside in placed and 0 <= (at := STANDARD_LEADS.index(placed[beside].lead) + step) < len(STANDARD_LEADS)
    ]
    read_twice = sum(name.lead == other.lead for other in placed.values()) > 1
    if name.score >= _SURE_TWICE or name.lead in following or read_twice:
        return name
    likely = [lead for lead in following if name.or_else.get(lead, 0.0) >= _AS_LIKELY * name.score]
    return replace(name, lead=likely[0]) if likely else name


def _lead_of(name: NameSeen | None, expected: str | None) -> tuple[str | None, Source | None]:
    """The printed name, unless the whole sheet's order speaks against this one reading of it; without one, if sure."""
    if expected is not None:
        agrees = name is not None and name.lead == expected.lstrip("-")
        return expected, "printed" if agrees else "layout"
    return (name.lead, "printed") if name is not None and name.score >= SURE_ALONE else (None, None)


def _layout_name(rows: int, columns: int, order: Mapping[Place, str], whole: set[int]) -> str:
    if not order:
        return f"rows-{rows}" if columns == 1 else f"{rows}x{columns}"
    depth = len(order) // columns
    extra = len(whole) if columns > 1 else rows - depth
    return f"{depth}x{columns}" + (f"+{extra}" if extra else "")
