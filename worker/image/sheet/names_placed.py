"""Printed names of leads at the rows and columns of a sheet: which name stands where, and where columns begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

_SAME_COLUMN_MM: Final = 6.0
_NAME_REACH_MM: Final = 13.0  # from the beginning of a column
_NAME_BEFORE_MM: Final = 32.0
_NAME_INSIDE_MM: Final = 40.0  # of a row of one lead: behind a pulse, or over its first beats
_LEAST_OF_A_COLUMN: Final = 0.25  # of the score of the column with most names: other words may look like one
_USUAL_COLUMNS: Final = 4
_NAMES_BESIDE_NAMES: Final = 3  # of two columns beside each other, where those of the others cannot be read
_FEW_NAMES: Final = 2  # of any two columns, where an order of leads speaks for them, too
_LEAST_OF_TWO: Final = 0.4  # of the best column's score: beside six names, or twelve, three words may look like some
_NARROWER: Final = np.linspace(0.86, 1.04, 13)
_FIRST_NAME_MM: Final = (-12.0, 28.0, 2.0)  # from the rows' left end
_NAME_AFTER_MM: Final = 3.5  # from the beginning of a column to the middle of its name
_LEAST_TAIL_MM: Final = 18.0  # before the beginning of a column: a pulse with its rests is shorter
_OFF_MM: Final = 4.0
_EQUAL: Final = 1e-6  # of two sums of scores
_FARTHEST_ROWS: Final = 0.75  # of the space between rows, from a name to its row
_FARTHEST_MM: Final = 20.0  # beside that: the next name over is nearer to a row that was not seen
_FAR_COSTS: Final = 0.5  # of a name's score, at that distance
_ALIKE_ROWS: Final = 0.3  # of the space between rows, from a name to where it stands on the others
_MOST_ALIKE: Final = 0.8
_MIDWAY: Final = 0.42  # of the space between two rows, from a name to its row: about as far from the other
SURE_ALONE: Final = 0.55  # of a name that no order speaks for: a wave or a letter may look like one

Place = tuple[int, int]  # row, column


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


def placed_names(
    rows: Sequence[Row], names: Sequence[NameSeen], shift: float, px_per_mm: float, *, few: bool = False
) -> tuple[dict[Place, NameSeen], list[float]]:
    """The best name at each place, and where columns start and the last one ends, in pixels.

    Of two names at one place, such as that of a row which was not seen, a clear one that is nearer counts.

    Parameters
    ----------
    rows : sequence of Row
        From above.
    names : sequence of NameSeen
    shift : float
        Of the space between rows, that is added to the names.
    px_per_mm : float
    few : bool
        Whether two names in each of two columns are enough.
    """
    space = _space(rows, px_per_mm)
    farthest = _FARTHEST_ROWS * space
    near: list[tuple[int, NameSeen, float]] = []
    for name in names:
        apart = [abs(name.y + shift * space - row.rest) for row in rows]
        row = int(np.argmin(apart)) if apart else 0
        if not apart or abs(name.y - rows[row].rest) > _FARTHEST_MM * px_per_mm:
            continue
        if apart[row] <= farthest and name.x < rows[row].right:
            near.append((row, name, name.score * (1 - _FAR_COSTS * apart[row] / farthest)))
    starts = _column_starts([(row, name) for row, name, _ in near], rows, px_per_mm, few)
    placed: dict[Place, tuple[float, NameSeen]] = {}
    for row, name, worth in near:
        column = _column_at(starts, name.x, px_per_mm)
        if column is not None and worth > placed.get((row, column), (0.0, name))[0]:
            placed[row, column] = worth, name
    return {place: name for place, (_, name) in placed.items()}, starts


def _space(rows: Sequence[Row], px_per_mm: float) -> float:
    rests = [row.rest for row in rows]
    return float(np.median(np.diff(rests))) if len(rests) > 1 else 30 * px_per_mm


def _column_starts(
    near: Sequence[tuple[int, NameSeen]], rows: Sequence[Row], px_per_mm: float, few: bool
) -> list[float]:
    """Where columns start and, last, where the last one ends: evenly spaced, where names stand below each other."""
    if not rows:
        return []
    left, right = min(row.left for row in rows), max(row.right for row in rows)
    names = [name for _, name in near]
    best = [left, right]
    most, *_ = _names_in_columns(names, left, right, 1, px_per_mm, few)
    for columns in (4, 2, 3, 6):
        score, x, number = _names_in_columns(names, left, right, columns, px_per_mm, few)
        if score > most + 0.5:
            best, most = _by_names(left, (right - left) / columns, columns, x, number, px_per_mm), score
    tail = _end_of_tail(near, left, px_per_mm) if len(best) == 2 else None
    return best if tail is None else [left, tail, right]


def _end_of_tail(near: Sequence[tuple[int, NameSeen]], left: float, px_per_mm: float) -> float | None:
    """Where the one column with names begins that a part of a sheet shows behind the end of the column before it.

    Rows of one lead have their names at their beginning, or not all of them at one place farther on.
    """
    sure = [(row, name.x) for row, name in near if name.score >= SURE_ALONE]
    if len({row for row, _ in sure}) < 2 or np.ptp([x for _, x in sure]) > _SAME_COLUMN_MM * px_per_mm:
        return None
    begins = float(np.median([x for _, x in sure])) - _NAME_AFTER_MM * px_per_mm
    return begins if _LEAST_TAIL_MM < (begins - left) / px_per_mm < _NAME_INSIDE_MM else None


def _names_in_columns(
    names: Sequence[NameSeen], left: float, right: float, columns: int, px_per_mm: float, few: bool
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
        enough |= _two_beside(count, of_columns) | (few & ((count >= _FEW_NAMES).sum(axis=-1) >= 2))
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


def stand_alike(placed: Mapping[Place, NameSeen], rows: Sequence[Row], px_per_mm: float) -> bool:
    """Whether most names stand as far above or below their rows as all: else a row in between was not seen."""
    below = np.array([name.y - rows[row].rest for (row, _), name in placed.items()])
    if below.size == 0:
        return True
    near = np.abs(below - np.median(below)) < _ALIKE_ROWS * _space(rows, px_per_mm)
    return bool(near.mean() >= _MOST_ALIKE)


def midway_places(placed: Mapping[Place, NameSeen], rows: Sequence[Row]) -> set[Place]:
    """Where names stand about as far from the row above as from the one below, with none outside all rows to tell."""
    if len(rows) < 2:
        return set()
    space = float(np.median(np.diff([row.rest for row in rows])))
    below = {place: name.y - rows[place[0]].rest for place, name in placed.items()}
    midway: set[Place] = set()
    for (row, column), off in below.items():
        beyond = row + (1 if off > 0 else -1)
        if 0 <= beyond < len(rows):
            if abs(off) > _MIDWAY * abs(rows[beyond].rest - rows[row].rest):
                midway.add((row, column))
        elif abs(off) > _MIDWAY * space:
            return set()
    return midway
