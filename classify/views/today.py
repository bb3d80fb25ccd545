"""Where everyone lands: what waits for me, what came back, whether the house is well."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from classify.registry.health import active_problems
from classify.review.selectors import unread_count
from classify.selectors import recordings_attention, recordings_back, recordings_for_timeline, recordings_open
from portal.accounts.access import ActorRequest
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record

SHOWN: Final = 8


@require_safe
@never_cache
def today(request: ActorRequest) -> HttpResponse:
    context: dict[str, Any] = {}
    if request.actor.may(Permission.RECORDINGS_READ):
        context |= _clinical(request.actor)
    if request.actor.may_review:
        context["to_read"] = unread_count(request.actor)
    if request.actor.may_administer:
        context["model_problems"] = active_problems()
    return render(request, "classify/today.html", context)


def _clinical(actor: Actor) -> dict[str, Any]:
    """Three lists whose rows are loaded together, however many they are."""
    lists = {
        "waiting": list(recordings_open(actor)[:SHOWN]),
        "attention": list(recordings_attention(actor)[:SHOWN]),
        "back": list(recordings_back(actor)[:SHOWN]),
    }
    recordings = [recording for listed in lists.values() for recording in listed]
    items = recordings_for_timeline([recording.pk for recording in recordings], actor)
    audit_record(actor, "today.read", patients={recording.patient_id for recording in recordings})
    rows: dict[str, Any] = {name: [items[recording.pk] for recording in listed] for name, listed in lists.items()}
    return {
        **rows,
        "waiting_count": recordings_open(actor).count(),
        "attention_count": recordings_attention(actor).count(),
        "is_first_day": not recordings,
    }
