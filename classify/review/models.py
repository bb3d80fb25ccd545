"""What readers said: append-only, signed with who and when, beside the model's answer and never over it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from classify.models import Beat, Prediction
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet


class Verdict(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    CORRECTED = "corrected", _("Corrected")
    UNREADABLE = "unreadable", _("Unreadable")


class ReadingQuerySet(AppendOnlyQuerySet):
    def visible_to(self, actor: Actor | None) -> "ReadingQuerySet":
        if actor is None or not actor.may(Permission.READINGS_READ):
            return self.none()
        return self.filter(
            prediction__recording__hospital=actor.hospital, prediction__recording__withdrawn_at__isnull=True
        )


class Reading(AppendOnlyModel):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="readings")
    verdict = models.CharField(_("verdict"), max_length=15, choices=Verdict.choices)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    signed_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-signed_at"]
        indexes = [models.Index(fields=["prediction", "-signed_at"], name="reading_newest_first")]

    def __str__(self) -> str:
        return str(self.id)


class BeatCorrection(AppendOnlyModel):
    """One beat that the reader labelled otherwise than the model."""

    reading = models.ForeignKey(Reading, models.PROTECT, related_name="corrections")
    beat = models.ForeignKey(Beat, models.PROTECT, related_name="corrections")
    aami_class = models.CharField(_("class"), max_length=1)

    class Meta:
        verbose_name = _("corrected beat")
        verbose_name_plural = _("corrected beats")
        constraints = [
            models.UniqueConstraint(fields=["reading", "beat"], name="beat_corrected_once_per_reading"),
            models.CheckConstraint(
                condition=models.Q(aami_class__in=["N", "S", "V", "F", "Q"]), name="correction_has_an_aami_class"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.beat_id} {self.aami_class}"
