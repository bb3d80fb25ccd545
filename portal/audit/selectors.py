from django.db.models import QuerySet

from portal.accounts.actor import Actor
from portal.audit.models import AuditEvent


def audit_list(actor: Actor | None) -> QuerySet[AuditEvent]:
    """What happened in the actor's hospital, newest first; for administrators only."""
    if actor is None or not actor.may_administer:
        return AuditEvent.objects.none()
    return AuditEvent.objects.filter(hospital=actor.hospital).select_related("user").order_by("-at", "-pk")


def audit_actions(actor: Actor) -> list[str]:
    return list(audit_list(actor).order_by("action").values_list("action", flat=True).distinct())
