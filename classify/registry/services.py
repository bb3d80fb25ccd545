"""What changes the registry: registering, promoting, rolling back, and shadows. Each leaves an event and the audit."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classify.registry.folders import problem_of
from classify.registry.models import (
    BECAME_ACTIVE,
    Deployment,
    DeploymentRole,
    EventAction,
    ModelEvent,
    ModelVersion,
)
from portal.accounts.actor import Actor
from portal.accounts.models import Hospital
from portal.audit.services import audit_record, audit_record_system
from worker.model.promotion import reasons_against

MAX_REASON: Final = 500
REASON_MISSING: Final = gettext_lazy("Say why, for whoever looks at the history.")
_ALREADY: Final = {
    DeploymentRole.ACTIVE: gettext_lazy("%(model)s is in use already."),
    DeploymentRole.SHADOW: gettext_lazy("%(model)s already runs as a shadow."),
}
# In the audit as verbs
VERBS: Final = {
    EventAction.PROMOTED: "model.promote",
    EventAction.ROLLED_BACK: "model.roll_back",
    EventAction.SHADOW_STARTED: "model.shadow_start",
    EventAction.SHADOW_STOPPED: "model.shadow_stop",
}


class RegistryError(ValueError):
    """Something stands against it; the message is for the administrator."""


class PromotionRefused(RegistryError):
    """The candidate is worse than the model in use; ``reasons`` says in what."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(_("This model can't be promoted."))
        self.reasons = reasons


class Overtaken(RegistryError):
    """Somebody else has changed the model in use since the page was made."""


def model_promote(*, actor: Actor, candidate: ModelVersion, instead_of: UUID, reason: str, at: datetime) -> ModelEvent:
    """Puts the candidate in the place of ``instead_of``, the version that the administrator saw in use.

    There is no way around the gate.
    """
    _check(actor)
    active = _active(candidate.kind)
    clean = _reason_clean(reason)
    _check_place(active, instead_of)
    if active.version_id == candidate.pk:
        raise RegistryError(_("%(model)s is in use already.") % {"model": candidate})
    _check_files(candidate)
    against = reasons_against(candidate.manifest, active.version.manifest)
    if against:
        audit_record(actor, "model.promote_refused", target=candidate, details={"reasons": len(against)})
        raise PromotionRefused(against)
    return _take_place(actor, EventAction.PROMOTED, active, candidate, clean, at)


def model_roll_back(*, actor: Actor, kind: str, instead_of: UUID, reason: str, at: datetime) -> ModelEvent:
    """Puts the version back that was in use before the last promotion. No figures are compared."""
    _check(actor)
    active = _active(kind)
    clean = _reason_clean(reason)
    _check_place(active, instead_of)
    previous = version_before(active.version)
    if previous is None:
        raise RegistryError(_("No other model was in use before %(model)s.") % {"model": active.version})
    _check_files(previous)
    return _take_place(actor, EventAction.ROLLED_BACK, active, previous, clean, at)


def shadow_start(*, actor: Actor, candidate: ModelVersion, reason: str, at: datetime) -> ModelEvent:
    """From the next batch on, the candidate says what it would have said; nobody sees it as a result."""
    _check(actor)
    clean = _reason_clean(reason, needed=False)
    _check_files(candidate)
    taken = Deployment.objects.filter(version=candidate).first()
    if taken is not None:
        raise RegistryError(_ALREADY[DeploymentRole(taken.role)] % {"model": candidate})
    with transaction.atomic():
        try:
            with transaction.atomic():
                Deployment.objects.create(kind=candidate.kind, role=DeploymentRole.SHADOW, version=candidate, since=at)
        except IntegrityError as other:
            raise RegistryError(_("Another shadow is running for these pictures. Stop it first.")) from other
        return _note(actor, EventAction.SHADOW_STARTED, candidate, None, clean, at)


@transaction.atomic
def shadow_stop(*, actor: Actor, version: ModelVersion, reason: str = "", at: datetime) -> ModelEvent:
    _check(actor)
    clean = _reason_clean(reason, needed=False)
    stopped, _rows = Deployment.objects.filter(version=version, role=DeploymentRole.SHADOW).delete()
    if not stopped:
        raise RegistryError(_("%(model)s is no shadow any more.") % {"model": version})
    return _note(actor, EventAction.SHADOW_STOPPED, version, None, clean, at)


def version_before(active: ModelVersion) -> ModelVersion | None:
    """Where rolling back leads: to what the last promotion still standing replaced, never to what was rolled back."""
    below, top = [None, None, *_standing(active.kind)][-2:]
    return below if top == active else None


def version_to_roll_back_to(active: ModelVersion) -> ModelVersion | None:
    """What a page may offer: the version before, where its files are whole."""
    previous = version_before(active)
    return previous if previous and not problem_of(previous) else None


# --- Steps ------------------------------------------------------------------------------------------------------------
def _standing(kind: str) -> list[ModelVersion]:
    """The versions of a kind as one was promoted over the other; a rollback takes off what stood above its own."""
    events = ModelEvent.objects.filter(version__kind=kind, action__in=BECAME_ACTIVE).order_by("pk")
    standing: list[ModelVersion] = []
    for event in events.select_related("version").defer("version__manifest"):
        if event.action == EventAction.ROLLED_BACK:
            standing = _down_to(event.version, standing)
        else:
            standing.append(event.version)
    return standing


def _down_to(version: ModelVersion, standing: list[ModelVersion]) -> list[ModelVersion]:
    last = max((at for at, one in enumerate(standing) if one == version), default=None)
    return [version] if last is None else standing[: last + 1]


@transaction.atomic
def _take_place(
    actor: Actor, action: EventAction, active: Deployment, version: ModelVersion, reason: str, at: datetime
) -> ModelEvent:
    was_shadow, _rows = Deployment.objects.filter(version=version, role=DeploymentRole.SHADOW).delete()
    changed = Deployment.objects.filter(pk=active.pk, version=active.version).update(
        version=version, since=at, problem="", problem_at=None
    )
    if changed != 1:
        raise _overtaken(active.kind)
    if was_shadow:
        _note(actor, EventAction.SHADOW_STOPPED, version, None, _("It is in use now."), at)
    return _note(actor, action, version, active.version, reason, at)


def _note(
    actor: Actor,
    action: EventAction,
    version: ModelVersion,
    replaced: ModelVersion | None,
    reason: str,
    at: datetime,
) -> ModelEvent:
    event = ModelEvent.objects.create(
        version=version, replaced=replaced, action=action, by=actor.user, at=at, reason=reason
    )
    details = {"model": str(version), "kind": version.kind} | ({"replaced": str(replaced)} if replaced else {})
    audit_record(actor, VERBS[action], target=version, details=details)
    # It changes every hospital's answers; who did it is known in the own hospital only.
    for hospital in Hospital.objects.exclude(pk=actor.hospital.pk):
        audit_record_system(hospital, VERBS[action], target=version, details=details, via=actor.origin.via)
    return event


def _check(actor: Actor) -> None:
    if not actor.may_administer:
        raise PermissionError("only an administrator may change which model is in use")


def _active(kind: str) -> Deployment:
    active = Deployment.objects.filter(kind=kind, role=DeploymentRole.ACTIVE).select_related("version").first()
    if active is None:
        raise RegistryError(_("No model is in use for these pictures. Run manage.py models_register."))
    return active


def _check_place(active: Deployment, instead_of: UUID) -> None:
    if active.version_id != instead_of:
        raise _overtaken(active.kind)


def _overtaken(kind: str) -> Overtaken:
    now = Deployment.objects.select_related("version").get(kind=kind, role=DeploymentRole.ACTIVE).version
    return Overtaken(
        _("Somebody else has changed the model in use meanwhile: it is %(model)s. Nothing was changed by you.")
        % {"model": now}
    )


def _check_files(version: ModelVersion) -> None:
    problem = problem_of(version)
    if problem:
        raise RegistryError(_("It can't be used: %(problem)s.") % {"problem": problem})


def _reason_clean(reason: str, *, needed: bool = True) -> str:
    clean = " ".join(reason.replace("\x00", "").split())
    if needed and not clean:
        raise RegistryError(REASON_MISSING)
    if len(clean) > MAX_REASON:
        raise RegistryError(_("A reason has at most %(max)d characters.") % {"max": MAX_REASON})
    return clean
