"""Where an administrator sees how many labels there are, and has them exported. Counts only: nothing clinical."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from classify.labels.models import LabelExport
from classify.labels.reasons import left_out_words
from classify.labels.selectors import exports_list, labels_find, patients_of
from classify.labels.services import LabelsError, export_request, nothing_to_export
from portal.accounts.access import ActorRequest, automatic, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record
from portal.pages.aami import AAMI_CLASS_OF_LETTER


@requires(Permission.ADMINISTER)
@require_safe
def labels(request: ActorRequest) -> HttpResponse:
    found = labels_find(request.actor.hospital)
    exports = exports_list(request.actor)
    fresh = found.fresh
    context = {
        "classes": [(letter, found.counts[letter], fresh[letter]) for letter in AAMI_CLASS_OF_LETTER],
        "total": found.counts.total(),
        "fresh": fresh.total(),
        "left_out": left_out_words(found.left_out),
        "nothing": "" if found.labels else nothing_to_export(found),
        "exports": exports,
        "open_export": next((export for export in exports if export.is_open), None),
    }
    return render(request, "labels/list.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def export(request: ActorRequest) -> HttpResponse:
    try:
        export_request(hospital=request.actor.hospital, actor=request.actor, at=timezone.now())
    except LabelsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The export has begun. Its package appears in the list when it is complete."))
    return redirect("labels:list")


@automatic
@requires(Permission.ADMINISTER)
@require_safe
def export_state(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The row of an export that is under way, asked for by the page; its end changes the rest of the page too."""
    chosen = _visible_or_404(request, pk)
    response = render(request, "labels/export_row.html", {"export": chosen})
    if not chosen.is_open:
        response["HX-Refresh"] = "true"
    return response


@requires(Permission.ADMINISTER)
@require_safe
def package(request: ActorRequest, pk: UUID) -> FileResponse:
    chosen = _visible_or_404(request, pk)
    if not chosen.package:
        raise Http404
    audit_record(request.actor, "labels.download", patients=patients_of(chosen), target=chosen)
    name = f"labels-{chosen.checksum[:12]}.zip"
    return FileResponse(chosen.package.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


def _visible_or_404(request: ActorRequest, pk: UUID) -> LabelExport:
    return get_object_or_404(LabelExport.objects.visible_to(request.actor).select_related("requested_by"), pk=pk)
