"""Saying what was read wrongly, and looking at results that a newer one has replaced."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from classify.corrections.forms import CorrectionForm
from classify.corrections.page import Correctable, correctable_of, editor_context
from classify.corrections.services import recording_correct
from classify.errors import RecordingError
from classify.models import Prediction
from classify.result_page import prediction_context
from classify.selectors import recording_get
from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record


@requires(Permission.RECORDINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: ActorRequest, recording_id: UUID) -> HttpResponse:
    recording = recording_get(request.actor, recording_id)
    if recording.is_withdrawn or not recording.display:
        messages.warning(request, _("There is nothing to correct here."))
        return redirect("classify:recording", recording.pk)
    seen = correctable_of(recording)
    form = CorrectionForm(request.POST if request.method == "POST" else None, told=seen.told, tracing=seen.tracing)
    if form.is_bound and form.is_valid() and _say(request, seen, form):
        return redirect("classify:recording", recording.pk)
    audit_record(request.actor, "recording.read", patients=[recording.patient_id], target=recording)
    status = 422 if form.is_bound else 200
    return render(request, "classify/correct.html", editor_context(seen, form), status=status)


def _say(request: ActorRequest, seen: Correctable, form: CorrectionForm) -> bool:
    now = timezone.now()
    try:
        job = recording_correct(recording=seen.recording, actor=request.actor, said=form.said(seen.whole), at=now)
    except ValidationError as error:
        form.add_error(None, [sentence for sentences in error.message_dict.values() for sentence in sentences])
    except RecordingError as error:
        form.add_error(None, str(error))
    else:
        if job.queued_at == now:
            messages.success(request, _("Sent. The picture is read again with what you said."))
        else:
            messages.info(request, _("All of this was known already, so nothing was sent."))
        return True
    return False


@requires(Permission.RECORDINGS_READ)
@require_safe
@never_cache
def result(request: ActorRequest, prediction_id: UUID) -> HttpResponse:
    """A result that a newer one has replaced, to look at; the current one is on the recording's page."""
    visible = Prediction.objects.visible_to(request.actor).select_related("job")
    prediction = get_object_or_404(visible, pk=prediction_id)
    recording = recording_get(request.actor, prediction.recording_id)
    if recording.current_job_id == prediction.job_id:
        return redirect("classify:recording", recording.pk)
    audit_record(request.actor, "prediction.read", patients=[recording.patient_id], target=prediction)
    context = {
        "recording": recording,
        "prediction": prediction,
        "is_earlier": True,
        **prediction_context(request.actor, recording, prediction),
    }
    return render(request, "classify/earlier_result.html", context)
