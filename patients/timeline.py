"""The timeline: rows that patients own, drawn by whoever registered their kind.

``classify`` registers its recordings when its app is ready, so that no import runs from patients to classify.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from patients.models import Patient, Precision, TimelineEntry
from portal.accounts.actor import Actor

NOTE: Final = "note"
RECORDING: Final = "recording"

BulkLoader = Callable[[Sequence[UUID], Actor], dict[UUID, Any]]
Entries = QuerySet[TimelineEntry]


@dataclass(frozen=True, slots=True)
class FilterChoice:
    value: str  # stands in a URL: a class or a state, nothing of a patient
    label: Any
    group: Any = ""


@dataclass(frozen=True, slots=True)
class TimelineFilters:
    """By what one kind of entry can be narrowed; ``narrow`` gets entries of that kind only and a choice's value."""

    choices: Sequence[FilterChoice]
    narrow: Callable[[Entries, str], Entries]


@dataclass(frozen=True, slots=True)
class TimelineKind:
    """How one kind of entry is loaded, all of a page in one go, and which template draws it.

    The template gets ``entry`` (the TimelineEntry), ``item`` (what the loader returned for its ``ref``) and ``actor``.
    An entry for which the loader returned nothing is not shown.  ``current`` leaves out entries that are history only
    (entered in error, moved away): they stay on the timeline but are no patient's last recording.  ``is_history`` says
    the same of one loaded entry, so that its row is drawn as what was.
    """

    name: str
    label: Any
    template: str
    load: BulkLoader
    filters: TimelineFilters | None = None
    current: Callable[[Entries], Entries] | None = None
    is_history: Callable[[TimelineEntry, Any], bool] | None = None


_kinds: dict[str, TimelineKind] = {}


def timeline_kind_register(kind: TimelineKind) -> None:
    _kinds[kind.name] = kind


def timeline_kinds() -> dict[str, TimelineKind]:
    return dict(_kinds)


def timeline_current(entries: Entries, kind: str) -> Entries:
    """The entries of this kind that still count."""
    of_kind = entries.filter(kind=kind)
    registered = _kinds.get(kind)
    return registered.current(of_kind) if registered and registered.current else of_kind


@dataclass(frozen=True, slots=True)
class TimelineRow:
    entry: TimelineEntry
    item: Any
    template: str
    is_history: bool


def timeline_entry_add(
    *, patient: Patient, kind: str, ref: UUID, occurred_at: datetime, precision: str = Precision.EXACT
) -> TimelineEntry:
    """Adds the entry, or moves it in time where it already stands on this patient's timeline."""
    with transaction.atomic():
        entry, _created = TimelineEntry.objects.update_or_create(
            patient=patient, kind=kind, ref=ref, defaults={"occurred_at": occurred_at, "precision": precision}
        )
        if kind == RECORDING:
            timeline_last_recording_refresh(patient)
    return entry


def timeline_last_recording_refresh(*patients: Patient) -> None:
    """To be called whenever recordings of these patients come, go, or become history.

    Locks the patients first, always in the same order: of two uploads at once the second sees the first one's entry.
    """
    with transaction.atomic():
        keys = sorted(patient.pk for patient in patients)
        for patient in Patient.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"):
            entries = timeline_current(TimelineEntry.objects.filter(patient=patient), RECORDING)
            newest = entries.aggregate(newest=Max("occurred_at"))["newest"]
            Patient.objects.filter(pk=patient.pk).update(last_recording_at=newest)


def timeline_rows(entries: Sequence[TimelineEntry], actor: Actor) -> list[TimelineRow]:
    """The entries with what they show: one query bundle per kind, however many entries there are."""
    items: dict[tuple[str, UUID], Any] = {}
    for name, kind in _kinds.items():
        refs = [entry.ref for entry in entries if entry.kind == name]
        if refs:
            items |= {(name, ref): item for ref, item in kind.load(refs, actor).items()}
    return [
        _row(_kinds[entry.kind], entry, items[entry.kind, entry.ref])
        for entry in entries
        if (entry.kind, entry.ref) in items
    ]


def _row(kind: TimelineKind, entry: TimelineEntry, item: Any) -> TimelineRow:
    is_history = kind.is_history(entry, item) if kind.is_history else False
    return TimelineRow(entry, item, kind.template, is_history)
