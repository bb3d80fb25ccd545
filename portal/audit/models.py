from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.audit.append_only import AppendOnlyModel


class AuditEvent(AppendOnlyModel):
    """Who read or changed what, from where.  Ids only: no name, number or text of a patient."""

    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    hospital = models.ForeignKey("accounts.Hospital", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    token_id = models.UUIDField(null=True)
    action = models.CharField(_("action"), max_length=60)
    patient_ids = models.JSONField(default=list)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    via = models.CharField(max_length=10)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [models.Index(fields=["hospital", "-at"], name="audit_by_hospital")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}".strip()
