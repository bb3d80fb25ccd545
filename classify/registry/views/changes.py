"""What an administrator changes: promote, roll back, start and stop a shadow, look for new models."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from classify.registry.figures import compared
from classify.registry.forms import ChangeForm
from classify.registry.models import Deployment, DeploymentRole, ModelKind, ModelVersion
from classify.registry.registration import models_register
from classify.registry.selectors import deployed, version_list
from classify.registry.services import (
    Overtaken,
    PromotionRefused,
    RegistryError,
    model_promote,
    model_roll_back,
    shadow_start,
    shadow_stop,
    version_before,
)
from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission
from worker.model.promotion import reasons_against

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.ADMINISTER)
@GET_OR_POST
def promote(request: ActorRequest, version_id: UUID) -> HttpResponse:
    candidate = get_object_or_404(ModelVersion, pk=version_id)
    active = _active_or_404(candidate.kind)
    if active.version_id == candidate.pk:
        messages.info(request, _("%(model)s is in use already.") % {"model": candidate})
        return redirect("registry:model", candidate.pk)
    form = ChangeForm(request.POST or None, instead_of=active.version_id)
    error: RegistryError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            model_promote(actor=request.actor, candidate=candidate, at=timezone.now(), **form.cleaned_data)
        except RegistryError as refused:
            error = refused
        else:
            messages.success(request, _("%(model)s is in use from the next picture on.") % {"model": candidate})
            return redirect("registry:model", candidate.pk)
    return _promote_page(request, candidate, form, error)


def _promote_page(
    request: ActorRequest, candidate: ModelVersion, form: ChangeForm, error: RegistryError | None
) -> HttpResponse:
    """Always beside the model that is in use now, also where it has just changed."""
    active = _active_or_404(candidate.kind)
    if isinstance(error, Overtaken):
        form = ChangeForm(instead_of=active.version_id, initial={"reason": form.cleaned_data["reason"]})
    context = {
        "candidate": candidate,
        "active": active,
        "rows": compared(active.version.manifest, candidate.manifest),
        "against": reasons_against(candidate.manifest, active.version.manifest),
        "has_been_shadow": candidate.shadow_predictions.filter(beside=active.version).exists(),
        "form": form,
        "error": None if isinstance(error, PromotionRefused) else error,
    }
    return render(request, "registry/promote.html", context, status=_status(request, error))


@requires(Permission.ADMINISTER)
@GET_OR_POST
def roll_back(request: ActorRequest, kind: str) -> HttpResponse:
    active = _active_or_404(kind)
    form = ChangeForm(request.POST or None, instead_of=active.version_id)
    error: RegistryError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            event = model_roll_back(actor=request.actor, kind=kind, at=timezone.now(), **form.cleaned_data)
        except RegistryError as refused:
            error = refused
        else:
            messages.success(
                request, _("%(model)s is in use again from the next picture on.") % {"model": event.version}
            )
            return redirect("registry:models")
    return _roll_back_page(request, kind, form, error)


def _roll_back_page(request: ActorRequest, kind: str, form: ChangeForm, error: RegistryError | None) -> HttpResponse:
    active = _active_or_404(kind)
    previous = version_before(active.version)
    if previous is None:
        raise Http404
    if isinstance(error, Overtaken):
        form = ChangeForm(instead_of=active.version_id, initial={"reason": form.cleaned_data["reason"]})
    context = {
        "active": active,
        "previous": previous,
        "rows": compared(active.version.manifest, previous.manifest),
        "form": form,
        "error": error,
    }
    return render(request, "registry/roll_back.html", context, status=_status(request, error))


@requires(Permission.ADMINISTER)
@require_POST
def start_shadow(request: ActorRequest, version_id: UUID) -> HttpResponse:
    candidate = get_object_or_404(ModelVersion, pk=version_id)
    reason = request.POST.get("reason", "")
    try:
        shadow_start(actor=request.actor, candidate=candidate, reason=reason, at=timezone.now())
    except RegistryError as error:
        messages.error(request, str(error))
        return redirect("registry:model", candidate.pk)
    messages.success(request, _("%(model)s runs as a shadow from the next picture on.") % {"model": candidate})
    return redirect("registry:shadow", candidate.pk)


@requires(Permission.ADMINISTER)
@require_POST
def stop_shadow(request: ActorRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(version_list(), pk=version_id)
    try:
        shadow_stop(actor=request.actor, version=version, reason=request.POST.get("reason", ""), at=timezone.now())
    except RegistryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The shadow is stopped. What it said is kept."))
    return redirect("registry:model", version.pk)


@requires(Permission.ADMINISTER)
@require_POST
def look(request: ActorRequest) -> HttpResponse:
    done = models_register(at=timezone.now(), actor=request.actor)
    for version in done.registered:
        messages.success(request, _("%(model)s is registered.") % {"model": version})
    for version in done.measured_again:
        messages.info(request, _("The figures of %(model)s were read again.") % {"model": version})
    for problem in done.problems:
        messages.error(request, problem)
    if not (done.registered or done.measured_again or done.problems):
        messages.info(request, _("Nothing new was found."))
    return redirect("registry:models")


def _active_or_404(kind: str) -> Deployment:
    active = deployed(kind, DeploymentRole.ACTIVE) if kind in ModelKind.values else None
    if active is None:
        raise Http404
    return active


def _status(request: ActorRequest, error: RegistryError | None) -> int:
    if isinstance(error, Overtaken):
        return 409
    return 422 if request.method == "POST" else 200
