"""Which lead stands where on a sheet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from worker.ecg.leads import CABRERA_LEADS, STANDARD_LEADS

RHYTHM_LEADS: Final = (("II",), ("II", "V1"), ("V1", "II", "V5"))
_MOST_ROWS: Final = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of leads, and rhythm strips below them.

    Parameters
    ----------
    name : str
    rows : tuple of tuple of str
        The leads of each row, all of the same number; each column shows its own part of the recording.
    rhythm : tuple of str
        Leads that are shown at full length below.
    portrait : bool
        Whether a page may be higher than wide.
    fixed_height : bool
        Whether the page keeps a page's proportions; free rows have as much paper as they need.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    rhythm: tuple[str, ...] = ()
    portrait: bool = False
    fixed_height: bool = True

    @property
    def columns(self) -> int:
        return len(self.rows[0])

    @property
    def leads(self) -> tuple[str, ...]:
        """All leads in reading order, those of the rhythm strips last."""
        return (*(lead for row in self.rows for lead in row), *self.rhythm)


def _columns_of(leads: Sequence[str], per_column: int) -> tuple[tuple[str, ...], ...]:
    """Leads that run down one column after another."""
    return tuple(tuple(leads[row::per_column]) for row in range(per_column))


def _named_layouts(leads: Sequence[str]) -> dict[str, Layout]:
    three, six = _columns_of(leads, 3), _columns_of(leads, 6)
    made = [Layout("3x4", three)]
    made += [Layout(f"3x4+{len(rhythm)}", three, rhythm) for rhythm in RHYTHM_LEADS]
    made += [Layout("6x2", six, portrait=True), Layout("6x2+1", six, ("II",))]
    made += [Layout("12x1", _columns_of(leads, 12), portrait=True), Layout("6x1", _columns_of(leads[:6], 6))]
    return {layout.name: layout for layout in made}


LAYOUTS: Final = _named_layouts(STANDARD_LEADS)
_CABRERA_LAYOUTS: Final = _named_layouts(CABRERA_LEADS)
_CHANCES: Final = {
    "3x4": 3, "3x4+1": 5, "3x4+2": 1, "3x4+3": 2, "6x2": 2, "6x2+1": 1, "12x1": 2, "6x1": 1, "rows": 3,
}  # fmt: skip


def layout_named(name: str, *, cabrera: bool = False, rhythm: Sequence[str] | None = None) -> Layout:
    """A layout of twelve leads.

    Parameters
    ----------
    name : str
        A key of ``LAYOUTS``.
    cabrera : bool
        Whether the limb leads stand in Cabrera's order.
    rhythm : sequence of str, optional
        Other leads for the rhythm strips.

    Raises
    ------
    ValueError
        If the name is unknown, or there are not as many rhythm leads as the layout has strips.
    """
    if name not in LAYOUTS:
        raise ValueError(f"layout: expected one of {', '.join(LAYOUTS)}. Received: {name!r}")
    layout = (_CABRERA_LAYOUTS if cabrera else LAYOUTS)[name]
    if rhythm is None:
        return layout
    if len(rhythm) != len(layout.rhythm):
        raise ValueError(f"rhythm: expected {len(layout.rhythm)} leads. Received: {', '.join(rhythm) or 'none'}")
    return replace(layout, rhythm=tuple(rhythm))


def rows_layout(leads: Sequence[str]) -> Layout:
    """One to six leads, one below another at full length."""
    if not 1 <= len(leads) <= _MOST_ROWS:
        raise ValueError(f"leads: expected 1 to {_MOST_ROWS}. Received: {len(leads)}")
    return Layout(f"rows-{len(leads)}", tuple((lead,) for lead in leads), fixed_height=False)


def layout_drawn(leads: Collection[str], rng: np.random.Generator) -> Layout:
    """A layout at random, for the leads that there are: common ones more often, one in ten in Cabrera's order."""
    names = list(_CHANCES) if set(STANDARD_LEADS) <= set(leads) else ["rows"]
    chances = np.array([_CHANCES[name] for name in names], float)
    name = str(rng.choice(names, p=chances / chances.sum()))
    if name == "rows":
        shown = rng.choice(sorted(leads), size=min(len(leads), int(rng.integers(1, 5))), replace=False)
        return rows_layout([str(lead) for lead in shown])
    strips = len(LAYOUTS[name].rhythm)
    rhythm = rng.choice(["II", "V1", "V5", "I", "V2"], size=strips, replace=False) if rng.random() < 0.3 else None
    return layout_named(
        name,
        cabrera=bool(rng.random() < 0.1),
        rhythm=None if rhythm is None else [str(lead) for lead in rhythm],
    )


def lead_of(name: str, leads: Mapping[str, np.ndarray]) -> np.ndarray:
    """A lead's signal by its printed name; ``-aVR`` and the like are turned upside down."""
    if name in leads:
        return leads[name]
    if name.startswith("-") and name[1:] in leads:
        return -leads[name[1:]]
    raise ValueError(f"leads: expected {name} among them. Received: {', '.join(leads)}")
