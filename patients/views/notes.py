"""Notes on the timeline: added, withdrawn with a mark, and taken back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from patients.forms import NoteForm
from patients.models import Note, TimelineEntry
from patients.selectors import patient_get
from patients.services import note_add, note_restore, note_withdraw
from patients.timeline import NOTE
from patients.views.patient_detail import detail_page
from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record


@require_POST
@sensitive_post_parameters()
@requires(Permission.PATIENTS_READ)
@requires(Permission.PATIENTS_WRITE)
def add(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    patient = patient_get(request.actor, patient_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            note = note_add(patient=patient, actor=request.actor, text=form.cleaned_data["text"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The note was added."))
            return redirect(_url_of(note))
    audit_record(request.actor, "patient.read", patients=[patient.pk], target=patient)
    return detail_page(request, patient, form)


@require_POST
@requires(Permission.PATIENTS_READ)
@requires(Permission.PATIENTS_WRITE)
def withdraw(request: ActorRequest, patient_id: UUID, note_id: UUID) -> HttpResponse:
    return _marked(request, patient_id, note_id, note_withdraw, _("The note was withdrawn."))


@require_POST
@requires(Permission.PATIENTS_READ)
@requires(Permission.PATIENTS_WRITE)
def restore(request: ActorRequest, patient_id: UUID, note_id: UUID) -> HttpResponse:
    return _marked(request, patient_id, note_id, note_restore, _("The note stands again."))


def _marked(
    request: ActorRequest, patient_id: UUID, note_id: UUID, mark: Callable[..., bool], sentence: str
) -> HttpResponse:
    patient = patient_get(request.actor, patient_id)
    notes = Note.objects.visible_to(request.actor).filter(patient=patient).select_related("author", "withdrawn_by")
    note = notes.filter(pk=note_id).first()
    if note is None:
        raise Http404
    if not mark(note=note, actor=request.actor):  # somebody was faster: the note is shown, and nothing was written
        audit_record(request.actor, "note.read", patients=[patient.pk], target=note)
    if getattr(request, "htmx", False):
        entry = TimelineEntry.objects.get(patient=patient, kind=NOTE, ref=note.pk)
        context = {"entry": entry, "item": note, "patient": patient, "may_write": True, "announce": sentence}
        return render(request, "patients/partials/note_answer.html", context)
    messages.success(request, sentence)
    return redirect(_url_of(note))


def _url_of(note: Note) -> str:
    return f"{reverse('patients:detail', args=[note.patient_id])}#entry-{note.pk}"
