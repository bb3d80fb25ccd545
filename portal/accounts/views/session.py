"""The session itself: is it alive, and in which hospital does it act."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token, rotate_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.access import ActorRequest, automatic
from portal.accounts.middleware import actor_in_session
from portal.accounts.sessions import HOSPITAL
from portal.audit.services import audit_record


@automatic
@login_not_required
@never_cache
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """What an open page asks before it sends a form. It never extends the session that it asks about."""
    actor = getattr(request, "actor", None)
    return JsonResponse(
        {
            "signed_in": actor is not None,
            "hospital": str(actor.hospital.pk) if actor else None,
            "person": actor.person_mark if actor else None,
            "csrf_token": get_token(request),
        }
    )


@require_POST
def switch(request: ActorRequest) -> HttpResponse:
    """From now on this session acts in another of the person's hospitals.

    The CSRF token changes with it, so that a form left open for the old hospital is refused and not filed in the new.
    """
    wanted = request.POST.get("hospital", "")
    hospital = next((mine for mine in request.actor.hospitals if str(mine.pk) == wanted), None)
    if hospital is None:
        raise Http404
    request.session[HOSPITAL] = wanted
    rotate_token(request)
    if actor := actor_in_session(request):
        audit_record(actor, "session.switch")
    messages.success(request, _("You now work in %(hospital)s.") % {"hospital": hospital.name})
    return redirect("today")
