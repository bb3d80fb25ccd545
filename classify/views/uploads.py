"""Sending files: one or many, with a script one by one with progress, without it all at once.

A script asks for a fragment (as htmx does) and sends one file; it gets that file's outcome. Each bad file has a
sentence of its own and the others go on.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from classify.corrections.forms import CornersForm
from classify.forms import FOUND_LIMIT, UploadForm
from classify.models import Recording
from classify.reasons import Reason, reason_sentence
from classify.services import DuplicateOtherPatient, recording_upload
from patients.models import Patient
from patients.selectors import patient_get, patient_search
from portal.accounts.access import ActorRequest, requires
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record
from worker.errors import EcgError
from worker.image.inspect import MAX_BYTES

STATUS: Final = {"created": 200, "exists": 200, "other_patient": 409, "refused": 422, "invalid": 422}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: ``kind`` is created, exists, other_patient, refused (the file) or invalid (the form)."""

    file_name: str  # shown back to the sender only, never kept
    kind: str
    recordings: tuple[Recording, ...] = ()
    reason: Reason | None = None


@requires(Permission.RECORDINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def patient_choose(request: ActorRequest) -> HttpResponse:
    """Whose ECG it is comes first; searched by POST, so that no name stands in a URL."""
    query = request.POST.get("query", "").strip()
    found = list(patient_search(request.actor, query)[:FOUND_LIMIT]) if query else []
    if query:
        audit_record(request.actor, "patient.search", patients=[patient.pk for patient in found])
    context = {"query": query, "found": found, "limit": FOUND_LIMIT}
    template = "classify/patients_found.html" if _wants_fragment(request) else "classify/patient_choose.html"
    return render(request, template, context)


@requires(Permission.RECORDINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def upload(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    patient = patient_get(request.actor, patient_id)
    if request.method != "POST":
        audit_record(request.actor, "patient.read", patients=[patient.pk], target=patient)
        return _page(request, patient, UploadForm(), [])
    form, part = UploadForm(request.POST), CornersForm(request.POST)
    files = request.FILES.getlist("files")
    if not form.is_valid() or not part.is_valid():
        _audit_shown(request.actor, patient, [])
        if _wants_fragment(request):
            return _outcome(request, patient, Outcome(_name(files), "invalid", reason=_form_reason(form, part)))
        return _page(request, patient, form, [], status=422)
    now = timezone.now()
    corners = part.cleaned_data["corners"] if len(files) == 1 else None
    outcomes = [_take_in(request.actor, patient, file, form, corners, at=now) for file in files]
    _audit_shown(request.actor, patient, outcomes)
    if _wants_fragment(request) and outcomes:
        return _outcome(request, patient, outcomes[0])
    if not outcomes:
        form.add_error(None, _("Choose at least one file."))
    return _page(request, patient, form, outcomes, status=200 if outcomes else 422)


def _take_in(
    actor: Actor, patient: Patient, file: UploadedFile, form: UploadForm, corners: list[Any] | None, *, at: datetime
) -> Outcome:
    name = file.name or ""
    try:
        sent = recording_upload(
            actor=actor,
            patient=patient,
            data=_read(file),
            claimed_type=file.content_type,
            recorded_at=form.recorded_at,
            recorded_precision=form.recorded_precision,
            lead=form.cleaned_data["lead"],
            speed_mm_s=form.cleaned_data["speed_mm_s"],
            gain_mm_mv=form.cleaned_data["gain_mm_mv"],
            seconds_across=form.cleaned_data["seconds_across"],
            corners=corners,
            confirm_duplicate=form.cleaned_data["confirm_duplicate"],
            at=at,
        )
    except EcgError as error:
        return Outcome(name, "refused", reason=reason_sentence(error.code))
    except ValidationError as error:
        return Outcome(name, "invalid", reason=_mended(error.messages[0]))
    except DuplicateOtherPatient as duplicate:
        return Outcome(name, "other_patient", (duplicate.recording,))
    return Outcome(name, "created" if sent.created else "exists", tuple(sent.recordings))


def _audit_shown(actor: Actor, patient: Patient, outcomes: list[Outcome]) -> None:
    """What was taken in has written its own event; this one is for an answer that only shows patients."""
    others = {outcome.recordings[0].patient_id for outcome in outcomes if outcome.kind == "other_patient"}
    taken = any(outcome.kind in ("created", "exists") for outcome in outcomes)
    if others or not taken:
        audit_record(actor, "patient.read", patients=[patient.pk, *sorted(others)], target=patient)


def _read(file: UploadedFile) -> bytes:
    if file.size is not None and file.size > MAX_BYTES:
        raise EcgError("too_large", f"expected at most {MAX_BYTES} bytes. Received: {file.size}")
    return file.read()


def _form_reason(*forms: Form) -> Reason:
    return _mended(next(str(errors[0]) for form in forms for errors in form.errors.values()))


def _mended(sentence: str) -> Reason:
    return Reason(sentence, _("Correct it above and send this file again."))


def _name(files: list[UploadedFile]) -> str:
    return files[0].name or "" if files else ""


def _wants_fragment(request: ActorRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _outcome(request: ActorRequest, patient: Patient, outcome: Outcome) -> HttpResponse:
    context = {"patient": patient, "outcome": outcome}
    return render(request, "classify/upload_outcome.html", context, status=STATUS[outcome.kind])


def _page(
    request: ActorRequest, patient: Patient, form: UploadForm, outcomes: list[Outcome], *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "patient": patient,
        "form": form,
        "outcomes": outcomes,
        "max_bytes": MAX_BYTES,
        "too_large": reason_sentence("too_large"),
        "stopped": any(outcome.kind == "other_patient" for outcome in outcomes),
    }
    return render(request, "classify/upload.html", context, status=status)
