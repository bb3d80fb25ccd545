"""Trying again, entered in error, moved to the right patient; the last two ask for a reason on a page of their own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from classify.errors import RecordingError
from classify.forms import MoveForm, ReasonForm
from classify.models import Recording
from classify.selectors import recording_get
from classify.services import recording_move, recording_retry, recording_withdraw
from patients.selectors import patient_get
from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record


@requires(Permission.RECORDINGS_WRITE)
@require_POST
def retry(request: ActorRequest, recording_id: UUID) -> HttpResponse:
    recording = recording_get(request.actor, recording_id)
    try:
        recording_retry(recording=recording, actor=request.actor, at=timezone.now())
    except RecordingError as error:
        messages.warning(request, str(error))
    return redirect("classify:recording", recording.pk)


@requires(Permission.RECORDINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActorRequest, recording_id: UUID) -> HttpResponse:
    recording = recording_get(request.actor, recording_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recording_withdraw(
                recording=recording, actor=request.actor, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except RecordingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Marked as entered in error. The result is withdrawn."))
            return redirect("patients:detail", recording.patient_id)
    return _page(request, "classify/withdraw.html", recording, form)


@requires(Permission.RECORDINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: ActorRequest, recording_id: UUID) -> HttpResponse:
    """The patient is searched by POST on the same form, so that the reason is kept and no name stands in a URL."""
    recording = recording_get(request.actor, recording_id)
    searching = "find" in request.POST
    form = MoveForm(request.POST or None, actor=request.actor, recording=recording, searching=searching)
    if searching:
        form.is_valid()
        audit_record(request.actor, "patient.search", patients=[patient.pk for patient in form.found])
    elif request.method == "POST" and form.is_valid():
        to_patient = patient_get(request.actor, form.cleaned_data["to_patient"])
        try:
            recording_move(
                recording=recording,
                actor=request.actor,
                to_patient=to_patient,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except RecordingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Moved. Both timelines say so."))
            return redirect("classify:recording", recording.pk)
    return _page(request, "classify/move.html", recording, form)


def _page(request: ActorRequest, template: str, recording: Recording, form: ReasonForm) -> HttpResponse:
    audit_record(request.actor, "recording.read", patients=[recording.patient_id], target=recording)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"recording": recording, "form": form}, status=status)
