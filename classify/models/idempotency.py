from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import ApiToken


class IdempotencyKey(models.Model):
    """One call that an integrator may safely repeat: what was asked, and what was answered.

    Digests only: a hospital system may well use a record number as its key.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key_sha256 = models.CharField(max_length=64)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # null while the first call is being answered
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["token", "key_sha256"], name="idempotency_key_once_per_token")]

    def __str__(self) -> str:
        return str(self.pk)
