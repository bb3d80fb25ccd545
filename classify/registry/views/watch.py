"""What is looked at while models run: a shadow beside the model in use, and drift by week."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from classify.registry.chart import Chart, chart_of
from classify.registry.drift import Reference, Week, reference_of, weeks_judged
from classify.registry.forms import WeeksForm
from classify.registry.models import DeploymentRole, ModelVersion
from classify.registry.selectors import (
    agreement,
    changes_words,
    compared_with,
    deployed,
    has_been_shadow,
    most_differing,
    role_of,
    version_list,
)
from classify.registry.weeks import answers_by_week
from portal.accounts.access import ActorRequest, requires
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record

WEEKS_SHOWN: Final = 26
JUDGED: Final = {"same", "some", "large"}


@requires(Permission.ADMINISTER)
@require_safe
def shadow(request: ActorRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(version_list(), pk=version_id)
    beside = _beside(request, version)
    may_open = request.actor.may(Permission.RECORDINGS_READ)
    found = most_differing(request.actor, version, beside) if beside and may_open else []
    if found:
        patients = {row.prediction.recording.patient_id for row in found}
        audit_record(request.actor, "shadow.read", patients=sorted(patients), target=version)
    context = {
        "version": version,
        "role": role_of(version),
        "has_been_shadow": has_been_shadow(version),
        "beside": beside,
        "others": [other for other in compared_with(version) if other != beside],
        "agreement": agreement(request.actor, version, beside) if beside else None,
        "may_open": may_open,
        "differing": [(row, changes_words(row.class_counts.all())) for row in found],
    }
    return render(request, "registry/shadow.html", context)


def _beside(request: ActorRequest, version: ModelVersion) -> ModelVersion | None:
    """The model in use, or another one that this version once ran beside."""
    others = {str(other.pk): other for other in compared_with(version)}
    asked = others.get(request.GET.get("beside", ""))
    active = deployed(version.kind, DeploymentRole.ACTIVE)
    now = active.version if active and active.version_id != version.pk else None
    return asked or now or next(iter(others.values()), None)


@requires(Permission.ADMINISTER)
@require_safe
def drift(request: ActorRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(version_list(), pk=version_id)
    form = WeeksForm(request.GET or None)
    today = timezone.localdate()
    by_week = answers_by_week(request.actor, version, by=form.chosen())
    reference = reference_of(version.manifest, by_week, today=today)
    weeks = weeks_judged(by_week, reference, today=today)[:WEEKS_SHOWN]
    context = {
        "version": version,
        "role": role_of(version),
        "form": WeeksForm(initial={"by": form.chosen()}),
        "reference": reference,
        "weeks": weeks,
        "this_monday": max(by_week, default=None),
        "latest": next((week for week in weeks if week.verdict.level in JUDGED), None),
        "charts": _charts(weeks, reference) if len(weeks) > 1 else [],
    }
    return render(request, "registry/drift.html", context)


def _charts(weeks: list[Week], reference: Reference | None) -> list[Chart]:
    oldest_first = [week for week in reversed(weeks) if week.answers.beats]
    lines = [
        (_("Beats unsure, in percent"), lambda of: 100 * of.unsure_rate),
        (_("Mean confidence, in percent"), lambda of: 100 * of.mean_confidence),
        (_("Beats that are not N, in percent"), lambda of: 100 * (1 - of.mix["N"])),
    ]
    return [
        chart_of(
            label,
            [(week.monday, value(week.answers)) for week in oldest_first],
            None if reference is None else value(reference),
        )
        for label, value in lines
    ]
