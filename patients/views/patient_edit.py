"""Register and edit: one form, with a warning before a person is entered twice."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from patients.forms import PatientForm
from patients.models import Patient
from patients.selectors import patient_get
from patients.services import mrn_require_free, patient_duplicates_find, patient_register, patient_update
from patients.validation import MrnTaken
from portal.accounts.access import ActorRequest, requires
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@requires(Permission.PATIENTS_WRITE)
def register(request: ActorRequest) -> HttpResponse:
    form = PatientForm(request.POST or None)
    return _form_page(
        request, form, "patients/register.html", lambda: patient_register(actor=request.actor, **form.values)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@requires(Permission.PATIENTS_WRITE)
def edit(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    patient = patient_get(request.actor, patient_id)
    form = PatientForm(request.POST or None, patient=patient)
    return _form_page(
        request,
        form,
        "patients/edit.html",
        lambda: patient_update(patient=patient, actor=request.actor, **form.values),
    )


def _form_page(request: ActorRequest, form: PatientForm, template: str, save: Callable[[], Patient]) -> HttpResponse:
    duplicates: list[Patient] = []
    if request.method == "POST" and form.is_valid() and _mrn_is_free(request.actor, form):
        duplicates = _duplicates_unseen(request, form)
        saved = None if duplicates else _saved(form, save)
        if saved is not None:
            messages.success(request, _("The patient was saved.") if form.patient else _("The patient was registered."))
            return redirect("patients:detail", saved.pk)
    if form.patient is not None and not duplicates:
        audit_record(request.actor, "patient.read", patients=[form.patient.pk], target=form.patient)
    context: dict[str, Any] = {"form": form, "patient": form.patient, "duplicates": duplicates}
    return render(request, template, context)


def _mrn_is_free(actor: Actor, form: PatientForm) -> bool:
    """Before any warning: who registers the same person again should learn it from the number."""
    try:
        mrn_require_free(actor=actor, mrn=form.values["mrn"], exclude=form.patient)
    except MrnTaken as error:
        form.mrn_taken_show(error)
        return False
    return True


def _saved(form: PatientForm, save: Callable[[], Patient]) -> Patient | None:
    try:
        return save()
    except MrnTaken as error:
        form.mrn_taken_show(error)
        return None


def _duplicates_unseen(request: ActorRequest, form: PatientForm) -> list[Patient]:
    """Possible duplicates, unless every one of them was shown before and the person chose to go on."""
    found = _duplicates(request.actor, form)
    seen = set(request.POST.get("duplicates_seen", "").split(","))
    if {str(patient.pk) for patient in found} <= seen:
        return []
    shown = [form.patient, *found] if form.patient else found
    audit_record(request.actor, "patient.search", patients=[patient.pk for patient in shown])
    return found


def _duplicates(actor: Actor, form: PatientForm) -> list[Patient]:
    values, patient = form.values, form.patient
    identity = {name: values[name] for name in ("family_name", "given_name", "birth_date")}
    if patient is not None and all(getattr(patient, name) == value for name, value in identity.items()):
        return []
    return list(patient_duplicates_find(actor=actor, exclude=patient, **identity))
