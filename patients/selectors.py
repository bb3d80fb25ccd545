"""Reading patients; every queryset starts at ``visible_to``."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from patients.models import Patient, TimelineEntry
from patients.search_terms import PartialDate, Term, search_terms
from patients.timeline import RECORDING, timeline_current
from portal.accounts.actor import Actor

SORTS: Final = {
    "name": ("search_key", "id"),
    "mrn": ("mrn", "id"),
    "birth_date": ("birth_date", "search_key", "id"),
    "last_recording": ("last_recording_at", "search_key", "id"),
}


def patient_get(actor: Actor, patient_id: UUID | str) -> Patient:
    """The patient, or 404 for whoever may not see them."""
    try:
        return Patient.objects.visible_to(actor).get(pk=patient_id)
    except Patient.DoesNotExist:
        raise Http404 from None


def patient_search(actor: Actor, query: str) -> QuerySet[Patient]:
    """Patients whom every term fits: parts of names in any order, of the MRN, or the birth date as people write it."""
    found = Patient.objects.visible_to(actor)
    for term in search_terms(query):
        found = found.filter(_fits(term))
    return found


def _fits(term: Term) -> Q:
    words = Q()
    for word in term.words:
        words &= Q(search_key__contains=word)
    fits = words if term.words else Q(pk__isnull=True)
    for candidate in term.dates:
        fits |= _born(candidate)
    return fits


def _born(candidate: PartialDate) -> Q:
    parts = {"year": candidate.year, "month": candidate.month, "day": candidate.day}
    return Q(**{f"birth_date__{part}": value for part, value in parts.items() if value is not None})


def patients_sorted(found: QuerySet[Patient], sort: str) -> QuerySet[Patient]:
    """By a name of ``SORTS``, with a minus for the other way round; patients without a recording come last."""
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    first, *rest = SORTS[column]
    if column == "last_recording":
        found = found.annotate(last_recording_at=Subquery(_last_recording(OuterRef("pk"))))
    order = F(first).desc(nulls_last=True) if descending else F(first).asc(nulls_last=True)
    return found.order_by(order, *rest)


def _last_recording(patient: OuterRef) -> QuerySet[TimelineEntry, object]:
    entries = timeline_current(TimelineEntry.objects.filter(patient=patient), RECORDING)
    return entries.order_by("-occurred_at").values("occurred_at")[:1]


def patients_with_last_recording(page: Iterable[Patient]) -> list[Patient]:
    """The patients of one page, each with ``last_entry`` (of their newest recording, or None): two queries."""
    patients = list(page)
    newest = timeline_current(TimelineEntry.objects.filter(patient=OuterRef("pk")), RECORDING)
    newest_pks = (
        Patient.objects.filter(pk__in=[patient.pk for patient in patients])
        .annotate(newest=Subquery(newest.order_by("-occurred_at", "-id").values("pk")[:1]))
        .values("newest")
    )
    entries = {entry.patient_id: entry for entry in TimelineEntry.objects.filter(pk__in=newest_pks)}
    for patient in patients:
        patient.last_entry = entries.get(patient.pk)  # type: ignore[attr-defined]
    return patients
