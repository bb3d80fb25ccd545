"""Which models answer for a batch, and which run beside them. For workers alone, in the child process.

The database is asked before each batch, so that a promotion counts from the next one on without a restart; what a
batch began with it ends with. A network is loaded once in a process and kept while it is deployed.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from classify.registry.folders import artifact_words, folder_of
from classify.registry.models import Deployment, DeploymentRole, ModelKind, ModelVersion
from worker.model.registry import ArtifactError, Classifiers, load

if TYPE_CHECKING:
    from worker.model.classifier import Classifier

log = logging.getLogger(__name__)

_classifiers: "dict[UUID, Classifier]" = {}


class ModelUnavailable(Exception):
    """No model can answer for a kind of picture; the administrator's pages say why."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What one batch is answered with: the models in use by kind, and the shadows beside them."""

    models: Classifiers
    active: dict[str, ModelVersion]
    shadows: tuple[Deployment, ...]


def serving_now(*, at: datetime) -> Serving:
    """One query; loads what this process has not loaded yet.

    Raises
    ------
    ModelUnavailable
        If a kind has no model in use, or it cannot be loaded.
    """
    rows = list(Deployment.objects.select_related("version").defer("version__manifest"))
    _forget_others({row.version_id for row in rows})
    active = {row.kind: row for row in rows if row.role == DeploymentRole.ACTIVE}
    missing = set(ModelKind.values) - set(active)
    if missing:
        raise ModelUnavailable(f"no model is in use for {', '.join(sorted(missing))}: run manage.py models_register")
    loaded = {kind: classifier_of(active[kind], at=at) for kind in ModelKind.values}
    return Serving(
        models=Classifiers(**loaded),
        active={kind: row.version for kind, row in active.items()},
        shadows=tuple(row for row in rows if row.role == DeploymentRole.SHADOW),
    )


def classifier_of(deployment: Deployment, *, at: datetime) -> "Classifier":
    """The loaded network of a deployment. Whether it could be loaded is noted where administrators look."""
    known = _classifiers.get(deployment.version_id)
    if known is not None:
        return known
    try:
        classifier = _load(deployment.version)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # a file from elsewhere can make Keras raise anything
        raise _unavailable(deployment, error, at=at) from error
    _classifiers[deployment.version_id] = classifier
    deployment_problem_clear(deployment)
    log.info("Model %s is loaded.", deployment.version)
    return classifier


def _load(version: ModelVersion) -> "Classifier":
    classifier = load(folder_of(version))
    if (classifier.kind, classifier.identity.sha256) != (version.kind, version.sha256):
        raise ArtifactError(_("the manifest of %(model)s names another network") % {"model": version})
    return classifier


def _unavailable(deployment: Deployment, error: Exception, *, at: datetime) -> ModelUnavailable:
    words = {"model": deployment.version, "error": type(error).__name__}
    if isinstance(error, ArtifactError):
        problem = artifact_words(deployment.version.folder, error)
    else:
        problem = _("the network of %(model)s can't be loaded (%(error)s)") % words
    deployment_problem_note(deployment, problem, at=at)
    return ModelUnavailable(problem)


def deployment_problem_note(deployment: Deployment, problem: str, *, at: datetime) -> None:
    log.error("Model %s (%s): %s.", deployment.version, deployment.role, problem)
    _rows_of(deployment).update(problem=problem[:300], problem_at=at)


def deployment_problem_clear(deployment: Deployment) -> None:
    if deployment.problem:
        _rows_of(deployment).update(problem="", problem_at=None)


def _rows_of(deployment: Deployment) -> QuerySet[Deployment]:
    """None, where another version has taken its place meanwhile."""
    return Deployment.objects.filter(pk=deployment.pk, version=deployment.version_id)


def _forget_others(deployed: set[UUID]) -> None:
    for pk in set(_classifiers) - deployed:
        del _classifiers[pk]
