from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission
from portal.audit.forms import AuditFilterForm
from portal.audit.selectors import audit_list
from portal.audit.services import audit_record

EVENTS_ON_A_PAGE = 50


@requires(Permission.ADMINISTER)
@require_safe
def audit(request: ActorRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET, actor=request.actor)
    page = Paginator(form.narrow(audit_list(request.actor)), EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    audit_record(request.actor, "audit.read")
    return render(request, "audit/list.html", {"form": form, "page": page})
