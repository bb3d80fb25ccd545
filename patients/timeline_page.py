"""A page of a patient's timeline: newest first, narrowed, with headings where the year and the day change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from patients.models import Patient, TimelineEntry
from patients.timeline import NOTE, Entries, FilterChoice, TimelineRow, timeline_kinds, timeline_rows
from portal.accounts.actor import Actor

PAGE_SIZE: Final = 20


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a page shows: a kind of entry ("" for all) and one choice of its filters ("" for all)."""

    kind: str = ""
    choice: str = ""

    @classmethod
    def of(cls, kind: str, choice: str) -> "Narrowing":
        """Whatever is unknown counts as no narrowing: an old link still opens."""
        kinds = timeline_kinds()
        kind = kind if kind in kinds else ""
        known = {option.value for option in _choices_of(kind)}
        return cls(kind, choice if choice in known else "")

    @property
    def choices(self) -> Sequence[FilterChoice]:
        return _choices_of(self.kind)

    @property
    def is_all(self) -> bool:
        return not self.kind

    def apply(self, entries: Entries) -> Entries:
        if not self.kind:
            return entries
        entries = entries.filter(kind=self.kind)
        filters = timeline_kinds()[self.kind].filters
        return filters.narrow(entries, self.choice) if filters and self.choice else entries


def _choices_of(kind: str) -> Sequence[FilterChoice]:
    registered = timeline_kinds().get(kind)
    return registered.filters.choices if registered and registered.filters else ()


@dataclass(frozen=True, slots=True)
class Heading:
    """``year`` where another year begins, else None; ``day`` where another day begins."""

    year: int | None
    day: date | None


@dataclass(frozen=True, slots=True)
class TimelinePage:
    rows: list[tuple[Heading, TimelineRow]]
    older: int | None  # where the next page begins, None at the end
    narrowing: Narrowing

    @property
    def kinds(self) -> list[Any]:
        """Notes last: they accompany what others registered."""
        return sorted(timeline_kinds().values(), key=lambda kind: kind.name == NOTE)


def timeline_page(
    patient: Patient,
    actor: Actor,
    *,
    narrowing: Narrowing | None = None,
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> TimelinePage:
    """``before`` is the ``older`` of the page that this one follows; an entry of another patient begins at the top."""
    narrowing = narrowing or Narrowing()
    mine = TimelineEntry.objects.visible_to(actor).filter(patient=patient, kind__in=timeline_kinds())
    cursor = mine.filter(pk=before).first() if before else None
    entries = narrowing.apply(mine)
    if cursor is not None:
        same_moment = Q(occurred_at=cursor.occurred_at, pk__lt=cursor.pk)
        entries = entries.filter(Q(occurred_at__lt=cursor.occurred_at) | same_moment)
    found = list(entries.order_by("-occurred_at", "-pk")[: size + 1])
    rows = timeline_rows(found[:size], actor)
    older = found[size - 1].pk if len(found) > size else None
    return TimelinePage(list(_with_headings(rows, cursor)), older, narrowing)


def _with_headings(rows: Sequence[TimelineRow], cursor: TimelineEntry | None) -> Iterator[tuple[Heading, TimelineRow]]:
    last = _day_of(cursor) if cursor else None
    for row in rows:
        day = _day_of(row.entry)
        new_year = last is None or day.year != last.year
        yield Heading(day.year if new_year else None, day if day != last else None), row
        last = day


def _day_of(entry: TimelineEntry) -> date:
    return timezone.localtime(entry.occurred_at).date()
