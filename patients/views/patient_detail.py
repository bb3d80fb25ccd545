"""The patient's page: who it is, figures over time, and the timeline."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from patients.forms import NoteForm
from patients.models import Patient
from patients.plot import patient_plot
from patients.selectors import patient_get
from patients.timeline_page import Narrowing, TimelinePage, timeline_page
from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record


@require_safe
@never_cache
@requires(Permission.PATIENTS_READ)
def detail(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    """The whole page; to htmx the timeline alone, or only its older entries."""
    patient = patient_get(request.actor, patient_id)
    audit_record(request.actor, "patient.read", patients=[patient.pk], target=patient)
    if getattr(request, "htmx", False):
        return _timeline_part(request, patient)
    return detail_page(request, patient, NoteForm())


def detail_page(request: ActorRequest, patient: Patient, note_form: NoteForm, *, status: int = 200) -> HttpResponse:
    context = {
        "patient": patient,
        "timeline": _timeline(request, patient),
        "plot": patient_plot(patient, request.actor),
        "note_form": note_form,
        "may_write": request.actor.may(Permission.PATIENTS_WRITE),
    }
    return render(request, "patients/detail.html", context, status=status)


def _timeline_part(request: ActorRequest, patient: Patient) -> HttpResponse:
    context = {
        "patient": patient,
        "timeline": _timeline(request, patient),
        "may_write": request.actor.may(Permission.PATIENTS_WRITE),
    }
    part = "rows" if _before(request) else "timeline"
    return render(request, f"patients/partials/{part}.html", context)


def _timeline(request: ActorRequest, patient: Patient) -> TimelinePage:
    narrowing = Narrowing.of(request.GET.get("show", ""), request.GET.get("only", ""))
    return timeline_page(patient, request.actor, narrowing=narrowing, before=_before(request))


def _before(request: HttpRequest) -> int | None:
    written = request.GET.get("before", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else None
