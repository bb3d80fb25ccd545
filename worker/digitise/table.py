"""The curves of a picture on one axis of time, a column for each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from worker.tracing import TracedLead, Tracing

UNKNOWN: Final = "unknown"
_RHYTHM: Final = "-rhythm"
_LONGER: Final = 1.5  # a rhythm strip than the lead's other part

Column = tuple[int | float | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of one length, None where a lead was not seen.

    Parameters
    ----------
    names : tuple of str
        Of the columns, each different.
    columns : tuple of tuple
        Microvolts, or shares of each curve's own height where ``has_voltage`` is false.
    fs : float or None
        Samples per second; None where the picture carries no time.
    has_voltage : bool
    """

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    fs: float | None
    has_voltage: bool

    @property
    def length(self) -> int:
        return len(self.columns[0])


def table_of(tracing: Tracing) -> Table:
    """A picture's curves side by side, each from the sample nearest to its start.

    Raises
    ------
    ValueError
        If there is no lead, or they differ in rate or in what they measure.
    """
    kinds = {(lead.fs, lead.microvolts is not None) for lead in tracing.leads}
    if len(kinds) != 1:
        raise ValueError(f"tracing: expected leads of one rate and unit. Received: {sorted(map(str, kinds))}")
    fs, has_voltage = next(iter(kinds))
    starts = [round(lead.start_s * fs) if fs else 0 for lead in tracing.leads]
    values = [_values(lead) for lead in tracing.leads]
    length = max(start + len(column) for start, column in zip(starts, values, strict=True))
    columns = tuple(
        (None,) * start + column + (None,) * (length - start - len(column))
        for start, column in zip(starts, values, strict=True)
    )
    return Table(unique_names(tracing.leads), columns, fs, has_voltage)


def _values(lead: TracedLead) -> Column:
    return lead.heights if lead.microvolts is None else lead.microvolts


def unique_names(leads: Sequence[TracedLead]) -> tuple[str, ...]:
    """A name for each lead: II, and II-rhythm for a longer curve of the same lead; the rest are numbered."""
    shortest: dict[str, int] = {}
    for lead in leads:
        shortest[_name(lead)] = min(len(_values(lead)), shortest.get(_name(lead), len(_values(lead))))
    wanted = [_name(lead) + _RHYTHM * _is_rhythm(lead, shortest[_name(lead)]) for lead in leads]
    taken: Counter[str] = Counter()
    names = []
    for name in wanted:
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return tuple(names)


def _name(lead: TracedLead) -> str:
    return " ".join((lead.lead or "").split()) or UNKNOWN


def _is_rhythm(lead: TracedLead, shortest: int) -> bool:
    return lead.lead is not None and len(_values(lead)) >= _LONGER * shortest
