from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from classify.result_page import result_context
from classify.selectors import recording_get, recording_moves, recording_neighbours
from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record


@requires(Permission.RECORDINGS_READ)
@require_safe
@never_cache
def detail(request: ActorRequest, recording_id: UUID) -> HttpResponse:
    recording = recording_get(request.actor, recording_id)
    audit_record(request.actor, "recording.read", patients=[recording.patient_id], target=recording)
    context = {
        "neighbours": recording_neighbours(recording),
        "moves": recording_moves(recording),
        **result_context(request.actor, recording),
    }
    return render(request, "classify/recording.html", context)
