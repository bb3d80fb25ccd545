"""Whether the models in use are whole: for /readyz/, for the administrator's pages and for the log."""

from django.utils.translation import gettext as _

from classify.registry.folders import problem_of
from classify.registry.models import Deployment, DeploymentRole, ModelKind


def models_are_whole() -> bool:
    return not active_problems()


def active_problems() -> list[str]:
    """One sentence for each kind of picture that cannot be classified now."""
    active = {row.kind: row for row in Deployment.objects.filter(role=DeploymentRole.ACTIVE).select_related("version")}
    found = []
    for kind in ModelKind:
        problem = deployment_problem(active.get(kind))
        if problem:
            found.append(_("%(kind)s can't be classified: %(problem)s.") % {"kind": kind.label, "problem": problem})
    return found


def deployment_problem(deployment: Deployment | None) -> str:
    """What stands against it by the files as this process sees them, else by the last worker that tried."""
    if deployment is None:
        return _("no model is in use; run manage.py models_register")
    return problem_of(deployment.version) or deployment.problem
