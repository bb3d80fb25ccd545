"""Where the network looked: asked for by POST, seen by GET, and asked again by the page until it is there."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.middleware import HtmxDetails

from classify.explanations.figure import figure_of
from classify.explanations.models import Explanation
from classify.explanations.selectors import ExplainedBeat, explained_beat_get
from classify.explanations.services import explanation_request
from portal.accounts.access import ActorRequest, automatic, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record

FRAGMENT = "explanations/explanation.html"


class HtmxRequest(ActorRequest):
    """For type checkers: ``HtmxMiddleware`` sets ``htmx``."""

    htmx: HtmxDetails


@requires(Permission.RECORDINGS_READ)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def beat(request: HtmxRequest, recording_id: UUID, number: int) -> HttpResponse:
    """``number`` counts from 1, as people do."""
    seen = explained_beat_get(request.actor, recording_id, number - 1)
    if request.method == "POST":
        explanation = explanation_request(
            recording=seen.recording, beat=seen.beat, actor=request.actor, at=timezone.now()
        )
        if request.htmx:
            return render(request, FRAGMENT, _context(seen, explanation))
        return redirect("explanations:beat", recording_id, number)
    audit_record(
        request.actor,
        "explanation.read",
        patients=[seen.recording.patient_id],
        target=seen.recording,
        details={"beat": number},
    )
    return render(request, "explanations/page.html", _context(seen, seen.explanation))


@automatic
@requires(Permission.RECORDINGS_READ)
@require_safe
@never_cache
def beat_state(request: ActorRequest, recording_id: UUID, number: int) -> HttpResponse:
    """As it stands now; the answer asks again by itself while it is not finished."""
    seen = explained_beat_get(request.actor, recording_id, number - 1)
    return render(request, FRAGMENT, _context(seen, seen.explanation))


def _context(seen: ExplainedBeat, explanation: Explanation | None) -> dict[str, Any]:
    context: dict[str, Any] = {
        "recording": seen.recording,
        "prediction": seen.prediction,
        "beat": seen.beat,
        "explanation": explanation,
    }
    if explanation is not None and explanation.result is not None:
        context["figure"] = figure_of(explanation.result)
    return context
