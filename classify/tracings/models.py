"""The curves that were read of a picture, kept as they were read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from classify.models import Job
from portal.audit.append_only import AppendOnlyModel


class StoredTracing(AppendOnlyModel):
    """What one job found in its picture, whether or not it came to a result. Never changed."""

    job = models.OneToOneField(Job, models.PROTECT, related_name="tracing")
    packed = models.BinaryField()  # see classify.tracings.packing
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("tracing")
        verbose_name_plural = _("tracings")

    def __str__(self) -> str:
        return str(self.job_id)
