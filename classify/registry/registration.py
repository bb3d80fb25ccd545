"""From the folders of models to the registry; may be repeated at every start."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from classify.registry.folders import artifact_words, models_find, roots
from classify.registry.health import active_problems
from classify.registry.models import (
    Deployment,
    DeploymentRole,
    EventAction,
    ModelEvent,
    ModelKind,
    ModelVersion,
)
from portal.accounts.actor import Actor
from portal.accounts.models import Hospital
from portal.audit.services import audit_record, audit_record_system
from worker.model.registry import ArtifactError, Manifest, active_places

# What may change under one version: figures that were measured again, and the network's copy in another format.
# Everything else makes another model.
MEASURED_KEYS: Final = frozenset({"metrics", "created", "onnx"})


@dataclass(slots=True)
class Registration:
    """What was found; ``problems`` are sentences about folders that could not be registered and models in use."""

    registered: list[ModelVersion] = field(default_factory=list)
    measured_again: list[ModelVersion] = field(default_factory=list)
    brought_into_use: list[ModelVersion] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def models_register(*, at: datetime, actor: Actor | None = None) -> Registration:
    """Registers what the folders hold; a kind without a model in use gets the one that ``active.json`` names."""
    done = Registration()
    for found in models_find():
        if found.manifest is None:
            done.problems.append(_("%(place)s was left out: %(problem)s.") % _said(found.place, found.problem))
        else:
            _register(found.place, found.manifest, done, at=at, actor=actor)
    _first_start(done, at=at)
    done.problems += active_problems()
    return done


@transaction.atomic
def _register(place: str, manifest: Manifest, done: Registration, *, at: datetime, actor: Actor | None) -> None:
    identity = manifest.identity
    version, is_new = ModelVersion.objects.get_or_create(
        name=identity.name,
        version=identity.version,
        defaults={
            "kind": manifest.kind,
            "sha256": identity.sha256,
            "manifest": manifest.document,
            "folder": place,
            "registered_at": at,
        },
    )
    if is_new:
        ModelEvent.objects.create(
            version=version, action=EventAction.REGISTERED, at=at, by=actor.user if actor else None
        )
        _audit(version, actor)
        done.registered.append(version)
    elif _unmeasured(version.manifest) != _unmeasured(manifest.document):
        problem = _("%(model)s is registered with other files or settings; another model needs another version")
        done.problems.append(_("%(place)s was left out: %(problem)s.") % _said(place, problem % {"model": version}))
    elif (version.manifest, version.folder) != (manifest.document, place):
        version.manifest, version.folder = manifest.document, place
        version.save(update_fields=["manifest", "folder"])
        done.measured_again.append(version)


def _unmeasured(manifest: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in manifest.items() if key not in MEASURED_KEYS}


def _first_start(done: Registration, *, at: datetime) -> None:
    for root in roots():
        try:
            places = active_places(root)
        except ArtifactError as error:
            done.problems.append(
                _("%(place)s was left out: %(problem)s.") % _said(root.name, artifact_words(root.name, error))
            )
            continue
        for kind in ModelKind.values:
            if kind in places:
                _bring_into_use(kind, places[kind], done, at=at)


@transaction.atomic
def _bring_into_use(kind: str, place: str, done: Registration, *, at: datetime) -> None:
    version = ModelVersion.objects.filter(kind=kind, folder=place).first()
    if version is None:
        return
    _row, is_new = Deployment.objects.get_or_create(
        kind=kind, role=DeploymentRole.ACTIVE, defaults={"version": version, "since": at}
    )
    if is_new:
        ModelEvent.objects.create(version=version, action=EventAction.FIRST_START, at=at)
        done.brought_into_use.append(version)


def _audit(version: ModelVersion, actor: Actor | None) -> None:
    details = {"model": str(version), "kind": version.kind}
    others = Hospital.objects.all()
    if actor:
        audit_record(actor, "model.register", target=version, details=details)
        others = others.exclude(pk=actor.hospital.pk)
    via = actor.origin.via if actor else "command"
    for hospital in others:
        audit_record_system(hospital, "model.register", target=version, details=details, via=via)


def _said(place: str, problem: str) -> dict[str, str]:
    return {"place": place, "problem": problem.rstrip(".")}
