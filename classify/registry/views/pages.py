"""Which models there are, and one version with its figures, card, plots and history."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from csp.decorators import csp_replace
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from classify.registry.card import card_read
from classify.registry.figures import Measured, calibration_facts, headline, measured_rows
from classify.registry.folders import folder_of, problem_of
from classify.registry.health import active_problems
from classify.registry.models import Deployment, DeploymentRole, ModelKind, ModelVersion
from classify.registry.plots import plot_find, plots_find
from classify.registry.selectors import history, role_of, version_list
from classify.registry.services import version_to_roll_back_to
from portal.accounts.access import ActorRequest, automatic, requires
from portal.accounts.permissions import Permission
from worker.model.registry import ArtifactError


@requires(Permission.ADMINISTER)
@require_safe
def models(request: ActorRequest) -> HttpResponse:
    versions = list(version_list())
    kinds = [_kind_rows(kind, [version for version in versions if version.kind == kind]) for kind in ModelKind]
    context = {"kinds": kinds, "problems": active_problems(), "has_any": bool(versions)}
    return render(request, "registry/models.html", context)


@dataclass(frozen=True, slots=True)
class Row:
    version: ModelVersion
    role: Deployment | None
    figures: Measured | None

    def plays(self, role: DeploymentRole) -> bool:
        return self.role is not None and self.role.role == role


def _kind_rows(kind: ModelKind, versions: list[ModelVersion]) -> dict[str, Any]:
    """The model in use first, then its shadow, then the others, the newest first."""
    rows = [Row(version, role_of(version), headline(version.manifest)) for version in versions]
    active = [row for row in rows if row.plays(DeploymentRole.ACTIVE)]
    shadow = [row for row in rows if row.plays(DeploymentRole.SHADOW)]
    return {
        "kind": kind,
        "rows": [*active, *shadow, *(row for row in rows if row.role is None)],
        "previous": version_to_roll_back_to(active[0].version) if active else None,
    }


@requires(Permission.ADMINISTER)
@require_safe
def model(request: ActorRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(version_list(), pk=version_id)
    folder = _folder_or_none(version)
    context = {
        "version": version,
        "role": role_of(version),
        "problem": problem_of(version),
        "rows": measured_rows(version.manifest),
        "calibration": calibration_facts(version.manifest),
        "card": card_read(folder) if folder else None,
        "plots": plots_find(folder) if folder else [],
        "history": history(request.actor, version),
        "previous": version_to_roll_back_to(version),
    }
    return render(request, "registry/model.html", context)


@requires(Permission.ADMINISTER)
@require_safe
def manifest(request: ActorRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(ModelVersion, pk=version_id)
    answer = HttpResponse(json.dumps(version.manifest, indent=1) + "\n", content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{version.name}-{version.version}.json"'
    return answer


@automatic
@requires(Permission.ADMINISTER)
@require_safe
@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": True})  # type: ignore[arg-type]
def plot(request: ActorRequest, version_id: UUID, name: str) -> HttpResponse | FileResponse:
    """A drawing styles itself inline; shown by itself it may do nothing else."""
    folder = _folder_or_none(get_object_or_404(ModelVersion, pk=version_id))
    found = plot_find(folder, name) if folder else None
    if found is None:
        raise Http404
    answer = FileResponse(found.path.open("rb"), content_type=found.content_type)
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _folder_or_none(version: ModelVersion) -> Path | None:
    try:
        return folder_of(version)
    except ArtifactError:  # the page says so; card and plots of another file are not this model's
        return None
