"""Reading patients; every queryset starts at ``visible_to``."""

from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404

from patients.models import Patient
from patients.names import name_fold
from patients.search_terms import PartialDate, Term, search_terms
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


def patients_named(found: QuerySet[Patient], *, family_name: str = "", given_name: str = "") -> QuerySet[Patient]:
    """Those whose names begin with these words, whatever the case and the accents; an empty name asks nothing."""
    family, given = name_fold(family_name), name_fold(given_name)
    if family:
        found = found.filter(search_key__startswith=f"{family} ")
    if given:  # a given name equal to the family name stands in the key only once
        found = found.filter(Q(search_key__contains=f" {given} ") | Q(search_key__startswith=f"{given} "))
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
    if candidate.whole is not None:
        return Q(birth_date=candidate.whole)  # which an index finds; parts are taken out of every row
    parts = {"year": candidate.year, "month": candidate.month, "day": candidate.day}
    return Q(**{f"birth_date__{part}": value for part, value in parts.items() if value is not None})


def patients_sorted(found: QuerySet[Patient], sort: str) -> QuerySet[Patient]:
    """By a name of ``SORTS``, with a minus for the other way round; patients without a recording come last."""
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    first, *rest = SORTS[column]
    order = F(first).desc(nulls_last=True) if descending else F(first).asc(nulls_last=True)
    return found.order_by(order, *rest)
