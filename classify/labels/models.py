"""What left the portal as labels for training: each export, and each label in it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from classify.files import recording_path
from classify.models import Beat
from classify.review.models import Reading
from portal.accounts.actor import Actor
from portal.accounts.models import Hospital
from portal.accounts.permissions import Permission


class ExportState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


OPEN_STATES = (ExportState.QUEUED, ExportState.RUNNING)


class LabelExportQuerySet(models.QuerySet["LabelExport"]):
    def visible_to(self, actor: Actor | None) -> "LabelExportQuerySet":
        if actor is None or not actor.may(Permission.ADMINISTER):
            return self.none()
        return self.filter(hospital=actor.hospital)


class LabelExport(models.Model):
    """One package of labels of one hospital.

    Its labels are fixed when it is asked for; a worker then adds the traces, a few recordings at a time. ``package``
    is empty where the command wrote the package to a folder.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="label_exports")
    number = models.PositiveIntegerField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    recordings_total = models.PositiveIntegerField(default=0)
    recordings_done = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict)  # reason -> beats
    counts = models.JSONField(default=dict)  # AAMI class -> beats, of what is in the package
    checksum = models.CharField(max_length=64, blank=True)
    package = models.FileField(upload_to=recording_path, max_length=120, blank=True)

    objects: ClassVar[Any] = LabelExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of labels")
        verbose_name_plural = _("exports of labels")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["hospital", "number"], name="label_export_number_once"),
            models.UniqueConstraint(
                fields=["hospital"],
                condition=models.Q(state__in=["queued", "running"]),
                name="label_export_one_open_per_hospital",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def beats(self) -> int:
        return sum(self.counts.values())


class ExportedLabel(models.Model):
    """One beat's label in an export; ``left_out`` says why its recording could not be added after all."""

    export = models.ForeignKey(LabelExport, models.PROTECT, related_name="labels")
    beat = models.ForeignKey(Beat, models.PROTECT, related_name="+")
    reading = models.ForeignKey(Reading, models.PROTECT, related_name="+")
    aami_class = models.CharField(max_length=1)
    readers = models.PositiveSmallIntegerField()
    left_out = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("exported label")
        verbose_name_plural = _("exported labels")
        constraints = [
            models.UniqueConstraint(fields=["export", "beat"], name="label_once_per_export"),
            models.CheckConstraint(
                condition=models.Q(aami_class__in=["N", "S", "V", "F", "Q"]), name="exported_label_has_an_aami_class"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.beat_id} {self.aami_class}"
