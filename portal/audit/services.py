from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model

from portal.accounts.actor import Actor
from portal.accounts.models import Hospital
from portal.audit.models import AuditEvent


def audit_record(
    actor: Actor,
    action: str,
    *,
    patients: Iterable[UUID] = (),
    target: Model | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """One event for one page, call or change. ``action`` is ``<entity>.<verb>``, as in ``patient.read``."""
    AuditEvent.objects.create(
        hospital=actor.hospital,
        user=actor.user,
        token_id=actor.token.id if actor.token else None,
        action=action,
        patient_ids=[str(patient_id) for patient_id in patients],
        target_type=target._meta.model_name or "" if target else "",
        target_id=str(target.pk) if target else "",
        details=details or {},
        via=actor.origin.via,
        ip=actor.origin.ip,
    )


def audit_record_system(
    hospital: Hospital,
    action: str,
    *,
    target: Model,
    patients: Iterable[UUID] = (),
    details: dict[str, Any] | None = None,
    via: str = "worker",
) -> None:
    """What the worker, the sweeper or a command did on nobody's behalf."""
    AuditEvent.objects.create(
        hospital=hospital,
        action=action,
        patient_ids=[str(patient_id) for patient_id in patients],
        target_type=target._meta.model_name or "",
        target_id=str(target.pk),
        details=details or {},
        via=via,
    )
