"""Which lead each part of a row shows: from the names that are printed, and from how sheets are laid out."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np

from worker.ecg.leads import CABRERA_LEADS, STANDARD_LEADS

_HALF: Final = 6  # the limb leads, or the chest leads
COLUMNS: Final = (4, 2, 1)  # of twelve leads in order, down each column

_SAME_COLUMN_MM: Final = 6.0
_NAME_REACH_MM: Final = 13.0  # from the beginning of a column
_NAME_BEFORE_MM: Final = 32.0
_NAME_INSIDE_MM: Final = 40.0  # of a row of one lead: behind a pulse, or over its first beats
_LEAST_OF_A_COLUMN: Final = 0.25  # of the score of the column with most names: other words may look like one
_USUAL_COLUMNS: Final = 4
_NAMES_BESIDE_NAMES: Final = 3  # of two columns beside each other, where those of the others cannot be read
_LEAST_OF_TWO: Final = 0.4  # of the best column's score: beside six names, or twelve, three words may look like some
_NARROWER: Final = np.linspace(0.86, 1.04, 13)
_FIRST_NAME_MM: Final = (-12.0, 28.0, 2.0)  # from the rows' left end
_NAME_AFTER_MM: Final = 3.5  # from the beginning of a column to the middle of its name
_LEAST_TAIL_MM: Final = 18.0  # before the beginning of a column: a pulse with its rests is shorter
_OFF_MM: Final = 4.0
_EQUAL: Final = 1e-6  # of two sums of scores
_FARTHEST_ROWS: Final = 0.75  # of the space between rows, from a name to its row
_FAR_COSTS: Final = 0.5  # of a name's score, at that distance
_ALIKE_ROWS: Final = 0.3  # of the space between rows, from a name to where it stands on the others
_MOST_ALIKE: Final = 0.8
_LEAST_AGREEING: Final = 0.6  # of the names that were read
_PERHAPS: Final = 0.5  # what a name that may be another counts, of one that is read so
_SURE_ALONE: Final = 0.55  # of a name that no order speaks for: a wave or a letter may look like one
_SURE_TWICE: Final = 0.8  # of one of several rows of the same name, such as of a long rhythm strip
_AS_LIKELY: Final = 0.5  # of its first reading's score, that another reading of a name has at least
_WRONG: Final = 1.5  # what a contradiction weighs against an agreement

Source = Literal["printed", "layout", "user"]


@dataclass(frozen=True, slots=True)
class NameSeen:
    """A lead's name and the middle of its letters, in pixels of the flat picture.

    ``or_else`` are scores of other names that it may be: small letters are alike.
    """

    lead: str
    x: float
    y: float
    score: float
    or_else: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row's resting level and ends, in pixels."""

    rest: float
    left: float
    right: float


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


Place = tuple[int, int]  # row, column


def layout_of(rows: Sequence[Row], names: Sequence[NameSeen], px_per_mm: float) -> Layout:
    """Give rows their leads.

    Parameters
    ----------
    rows : sequence of Row
        From above.
    names : sequence of NameSeen
    px_per_mm : float
    """
    placed, starts = max(
        (_placed(rows, names, shift, px_per_mm) for shift in (0.0, 0.35, -0.35)),
        key=lambda found: (_stand_alike(found[0], rows, px_per_mm), _order_score(found[0], len(rows))),
    )
    columns = max(1, len(starts) - 1)
    order = _order(placed, len(rows), columns)
    whole = _rows_of_one_lead(placed, len(rows), order, columns)
    believed = placed if order else _without_contradictions(placed, whole if columns > 1 else set())
    parts = tuple(_parts(rows, believed, starts, order, whole, px_per_mm))
    if not any(part.lead for part in parts):  # columns that only doubtful names speak for
        return Layout(
            f"rows-{len(rows)}", tuple(Part(at, 0, row.left, row.right, None, None) for at, row in enumerate(rows))
        )
    return Layout(_layout_name(len(rows), columns, order, whole), parts)


def layout_less(name: str, rows: int) -> str:
    """A layout's name without some of the rows that are outside its order."""
    shape, _, extra = name.partition("+")
    if shape.startswith("rows-"):
        return f"rows-{int(shape.removeprefix('rows-')) - rows}"
    left = int(extra or 0) - rows
    return f"{shape}+{left}" if left > 0 else shape


def _placed(
    rows: Sequence[Row], names: Sequence[NameSeen], shift: float, px_per_mm: float
) -> tuple[dict[Place, NameSeen], list[float]]:
    """The best name at each place, and where columns start; ``shift`` of the space between rows is added to names.

    Of two names at one place, such as that of a row which was not seen, a clear one that is nearer counts.
    """
    space = _space(rows, px_per_mm)
    farthest = _FARTHEST_ROWS * space
    near: list[tuple[int, NameSeen, float]] = []
    for name in names:
        apart = [abs(name.y + shift * space - row.rest) for row in rows]
        row = int(np.argmin(apart)) if apart else 0
        if apart and apart[row] <= farthest and name.x < rows[row].right:
            near.append((row, name, name.score * (1 - _FAR_COSTS * apart[row] / farthest)))
    starts = _column_starts([(row, name) for row, name, _ in near], rows, px_per_mm)
    placed: dict[Place, tuple[float, NameSeen]] = {}
    for row, name, worth in near:
        column = _column_at(starts, name.x, px_per_mm)
        if column is not None and worth > placed.get((row, column), (0.0, name))[0]:
            placed[row, column] = worth, name
    return {place: name for place, (_, name) in placed.items()}, starts


def _space(rows: Sequence[Row], px_per_mm: float) -> float:
    rests = [row.rest for row in rows]
    return float(np.median(np.diff(rests))) if len(rests) > 1 else 30 * px_per_mm


def _column_starts(near: Sequence[tuple[int, NameSeen]], rows: Sequence[Row], px_per_mm: float) -> list[float]:
    """Where columns start and, last, where the last one ends: evenly spaced, where names stand below each other."""
    if not rows:
        return []
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    names = [name for _, name in near]
    best = [left, right]
    most, *_ = _names_in_columns(names, left, right, 1, px_per_mm)
    for columns in (4, 2, 3, 6):
        score, x, number = _names_in_columns(names, left, right, columns, px_per_mm)
        if score > most + 0.5:
            best, most = _by_names(left, (right - left) / columns, columns, x, number, px_per_mm), score
    tail = _end_of_tail(near, left, px_per_mm) if len(best) == 2 else None
    return best if tail is None else [left, tail, right]


def _end_of_tail(near: Sequence[tuple[int, NameSeen]], left: float, px_per_mm: float) -> float | None:
    """Where the one column with names begins that a part of a sheet shows behind the end of the column before it.

    Rows of one lead have their names at their beginning, or not all of them at one place farther on.
    """
    sure = [(row, name.x) for row, name in near if name.score >= _SURE_ALONE]
    if len({row for row, _ in sure}) < 2 or np.ptp([x for _, x in sure]) > _SAME_COLUMN_MM * px_per_mm:
        return None
    begins = float(np.median([x for _, x in sure])) - _NAME_AFTER_MM * px_per_mm
    return begins if _LEAST_TAIL_MM < (begins - left) / px_per_mm < _NAME_INSIDE_MM else None


def _names_in_columns(
    names: Sequence[NameSeen], left: float, right: float, columns: int, px_per_mm: float
) -> tuple[float, np.ndarray, np.ndarray]:
    """The most names, by score, at evenly spaced places; their x, and the column of each.

    Rows may begin and end with something else, such as a pulse, so that neither place nor distance is known exactly.
    """
    x, scores = np.array([name.x for name in names]), np.array([name.score for name in names])
    if x.size == 0:
        return 0.0, np.empty(0), np.empty(0)
    width = ((right - left) / columns * _NARROWER)[:, None, None]  # widths, first places, names
    first = (left + np.arange(*_FIRST_NAME_MM) * px_per_mm)[:, None]
    number = np.clip(np.round((x - first) / width), 0, columns - 1)
    inside = np.abs(x - first - number * width) < _SAME_COLUMN_MM * px_per_mm
    of_columns = np.stack([(scores * (inside & (number == at))).sum(axis=-1) for at in range(columns)], axis=-1)
    named = of_columns > _LEAST_OF_A_COLUMN * of_columns.max(axis=-1, keepdims=True)
    enough = named.sum(axis=-1) >= (max(2, 0.7 * columns) if columns > 1 else 0)
    if columns == _USUAL_COLUMNS:
        count = np.stack([(inside & (number == at)).sum(axis=-1) for at in range(columns)], axis=-1)
        enough |= _two_beside(count, of_columns)
    total = np.where(enough, of_columns.sum(axis=-1), 0.0)
    best = np.unravel_index(int(np.argmax(total >= total.max() - _EQUAL)), total.shape)
    return float(total[best]), x[inside[best]], number[best][inside[best]]


def _two_beside(count: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Whether two columns beside each other, the last axis, have names enough to tell the others."""
    told = (count >= _NAMES_BESIDE_NAMES) & (scores > _LEAST_OF_TWO * scores.max(axis=-1, keepdims=True))
    return np.asarray((told[..., :-1] & told[..., 1:]).any(axis=-1))


def _by_names(
    left: float, width: float, columns: int, names_x: np.ndarray, number: np.ndarray, px_per_mm: float
) -> list[float]:
    """Columns as the rows' ends say, or where these are off, a little before their names."""
    step, first = np.polyfit(number, names_x, 1)
    first -= _NAME_AFTER_MM * px_per_mm
    if abs(first - left) > _OFF_MM * px_per_mm or abs(step - width) * columns > 2 * _OFF_MM * px_per_mm:
        left, width = float(first), float(step)
    return [left + column * width for column in range(columns + 1)]


def _column_at(starts: Sequence[float], x: float, px_per_mm: float) -> int | None:
    apart = [abs(x - start) for start in starts[:-1]]
    column = int(np.argmin(apart))
    alone = _NAME_BEFORE_MM if x < starts[0] else _NAME_INSIDE_MM
    reach = alone if len(apart) == 1 else _NAME_REACH_MM
    return column if apart[column] < reach * px_per_mm else None


def _stand_alike(placed: Mapping[Place, NameSeen], rows: Sequence[Row], px_per_mm: float) -> bool:
    """Whether most names stand as far above or below their rows as all: else a row in between was not seen."""
    below = np.array([name.y - rows[row].rest for (row, _), name in placed.items()])
    if below.size == 0:
        return True
    near = np.abs(below - np.median(below)) < _ALIKE_ROWS * _space(rows, px_per_mm)
    return bool(near.mean() >= _MOST_ALIKE)


def _order_score(placed: Mapping[Place, NameSeen], rows: int) -> float:
    """How well names agree with any usual order of leads."""
    columns = 1 + max((column for _, column in placed), default=0)
    order = _order(placed, rows, columns)
    return sum(_agreement(order, place, name) for place, name in placed.items()) + 0.01 * len(placed)


def _agreement(order: Mapping[Place, str], place: Place, name: NameSeen) -> float:
    if place not in order:
        return 0.0
    expected = order[place].lstrip("-")
    return name.score if expected == name.lead else name.or_else.get(expected, -_WRONG * name.score)


def _order(placed: Mapping[Place, NameSeen], rows: int, columns: int) -> dict[Place, str]:
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
        row for (row, column), name in placed.items() if column and (not order or name.score >= _SURE_ALONE)
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


def _without_contradictions(placed: Mapping[Place, NameSeen], whole: set[int]) -> dict[Place, NameSeen]:
    """Where no order tells: a name read twice has to be clear, and a row beside columns may be several leads."""
    placed = {place: _as_neighbours_tell(name, place, placed) for place, name in placed.items()}
    times = Counter(name.lead for name in placed.values())
    return {
        place: name
        for place, name in placed.items()
        if place[0] not in whole and (times[name.lead] == 1 or name.score >= _SURE_TWICE)
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
    return (name.lead, "printed") if name is not None and name.score >= _SURE_ALONE else (None, None)


def _layout_name(rows: int, columns: int, order: Mapping[Place, str], whole: set[int]) -> str:
    if not order:
        return f"rows-{rows}" if columns == 1 else f"{rows}x{columns}"
    depth = len(order) // columns
    extra = len(whole) if columns > 1 else rows - depth
    return f"{depth}x{columns}" + (f"+{extra}" if extra else "")
