"""What pages ask for by themselves until it is final."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from classify.corrections.selectors import correction_beside
from classify.result_page import result_context
from classify.selectors import recording_get, recordings_for_timeline
from patients.models import TimelineEntry
from portal.accounts.access import ActorRequest, automatic, requires
from portal.accounts.permissions import Permission

# How the page that asks shows the recording.
TEMPLATES: Final = {
    "badge": "classify/state_live.html",
    "row": "classify/recording_row.html",
    "timeline": "classify/timeline_recording.html",
    "page": "classify/result.html",
    "correction": "classify/correction_state.html",
}


@automatic
@requires(Permission.RECORDINGS_READ)
@require_safe
@never_cache
def recording_state(request: ActorRequest, recording_id: UUID) -> HttpResponse:
    """One recording as it stands now; the answer asks again by itself while the work is not finished."""
    shown_as = request.GET.get("as", "badge")
    recording = recording_get(request.actor, recording_id)
    template = TEMPLATES.get(shown_as, TEMPLATES["badge"])
    if shown_as == "page":
        context = result_context(request.actor, recording)
    elif shown_as == "correction":
        context = {"recording": recording, "correction": correction_beside(recording)}
    else:
        context = _row_context(request, recording_id, entry_id=request.GET.get("entry", ""))
    return render(request, template, context)


def _row_context(request: ActorRequest, recording_id: UUID, *, entry_id: str) -> dict[str, Any]:
    item = recordings_for_timeline([recording_id], request.actor)[recording_id]
    context: dict[str, Any] = {"item": item, "recording": item.recording, "place": item.position}
    if entry_id.isascii() and entry_id.isdecimal() and len(entry_id) < 19:
        entries = TimelineEntry.objects.visible_to(request.actor).filter(ref=recording_id)
        context["entry"] = get_object_or_404(entries, pk=entry_id)
    return context


@automatic
@require_safe
@never_cache
def worker_state(request: ActorRequest) -> HttpResponse:
    return render(request, "classify/worker_banner_fragment.html")
