"""The reading desk: one prediction, its picture and beats, and the form that signs a reading."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from classify.models import Prediction
from classify.result_page import prediction_context
from classify.review.models import Reading
from classify.review.newer import carried_over, newer_than
from classify.review.selectors import labels_said, next_unread, readings_of
from classify.review.services import ReadingError, reading_sign
from portal.accounts.actor import Actor
from portal.audit.services import audit_record
from portal.pages.aami import AAMI_CLASS_OF_LETTER

TEMPLATE = "admin/classify/prediction/change_form.html"


def desk_page(request: HttpRequest, prediction_id: str, *, frame: dict[str, Any]) -> HttpResponse:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None or not actor.may_review:
        raise PermissionDenied
    prediction = _prediction_or_404(actor, prediction_id)
    if prediction.recording.current_job_id != prediction.job_id:
        return _newer(request, actor, prediction, frame)
    if request.method == "POST":
        return _sign(request, actor, prediction, frame)
    audit_record(actor, "prediction.read", patients=[prediction.recording.patient_id], target=prediction)
    newest = readings_of(prediction).first()
    return _render(request, actor, prediction, frame, said=_classes_said(prediction, newest))


def _prediction_or_404(actor: Actor, prediction_id: str) -> Prediction:
    try:
        prediction: Prediction | None = (
            Prediction.objects.visible_to(actor)
            .select_related("recording__patient", "job")
            .filter(pk=prediction_id)
            .first()
        )
    except ValidationError as error:  # not a UUID at all
        raise Http404 from error
    if prediction is None:
        raise Http404
    return prediction


def _newer(request: HttpRequest, actor: Actor, earlier: Prediction, frame: dict[str, Any]) -> HttpResponse:
    """Leads from a result that was replaced to the one that replaced it, with what a reader entered."""
    newer = newer_than(actor, earlier)
    if newer is None:
        raise Http404
    if request.method != "POST":
        messages.info(request, _("A newer result has replaced the one that you asked for."))
        return redirect("admin:classify_prediction_change", newer.pk)
    audit_record(actor, "prediction.read", patients=[newer.recording.patient_id], target=newer)
    carried = carried_over(_classes_entered(request, earlier), earlier.beats.all(), newer.beats.all())
    said = _classes_said(newer, readings_of(newer).first()) | carried.classes
    comment = request.POST.get("comment", "")
    replaced = {"earlier_desk": earlier, "carried": carried}
    page = _render(request, actor, newer, {**frame, **replaced}, said=said, comment=comment)
    page.status_code = 409
    return page


def _classes_entered(request: HttpRequest, prediction: Prediction) -> dict[int, str]:
    return {beat.index: request.POST.get(f"beat-{beat.index}", beat.aami_class) for beat in prediction.beats.all()}


def _classes_said(prediction: Prediction, reading: Reading | None) -> dict[int, str]:
    """What the desk starts from: the newest reader's classes, else the model's."""
    rows = labels_said(prediction.beats.all(), reading)
    return {row["beat"].index: row["reader_class"] or row["beat"].aami_class for row in rows}


def _sign(request: HttpRequest, actor: Actor, prediction: Prediction, frame: dict[str, Any]) -> HttpResponse:
    said = _classes_entered(request, prediction)
    comment = request.POST.get("comment", "")
    try:
        reading = reading_sign(
            prediction=prediction,
            actor=actor,
            verdict=request.POST.get("verdict", ""),
            corrections=said,
            comment=comment,
        )
    except ReadingError as error:
        audit_record(actor, "prediction.read", patients=[prediction.recording.patient_id], target=prediction)
        page = _render(request, actor, prediction, frame, said=said, comment=comment, error=str(error))
        page.status_code = 422
        return page
    following = next_unread(actor, after=prediction)
    signed = _("Signed: %(verdict)s.") % {"verdict": reading.get_verdict_display().lower()}
    messages.success(request, f"{signed} {_what_follows(prediction, following)}".strip())
    if following:
        return redirect("admin:classify_prediction_change", following.pk)
    return redirect("admin:classify_prediction_changelist")


def _what_follows(signed: Prediction, following: Prediction | None) -> str:
    """That the page is another one now: what stands below has not been signed."""
    if following is None:
        return ""
    if following.recording.patient_id == signed.recording.patient_id:
        return str(_("This is the next recording of the same patient."))
    return str(_("This is the next recording, of another patient."))


def _render(
    request: HttpRequest,
    actor: Actor,
    prediction: Prediction,
    frame: dict[str, Any],
    *,
    said: dict[int, str],
    comment: str = "",
    error: str = "",
) -> TemplateResponse:
    shown = prediction_context(actor, prediction.recording, prediction)
    context = {
        **frame,
        **shown,
        "prediction": prediction,
        "recording": prediction.recording,
        "patient": prediction.recording.patient,
        "rows": [(beat, said[beat.beat.index]) for beat in shown["beats"]],
        "classes": [(letter, aami.short_name) for letter, aami in AAMI_CLASS_OF_LETTER.items()],
        "next_unread": next_unread(actor, after=prediction),
        "comment": comment,
        "error": error,
    }
    return TemplateResponse(request, TEMPLATE, context)
