import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from classify.models.job import Job
from classify.models.recording import Recording
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet


class PredictionQuerySet(AppendOnlyQuerySet):
    def visible_to(self, actor: Actor | None) -> "PredictionQuerySet":
        """Results of the actor's hospital; those of a recording entered in error are withdrawn."""
        if actor is None or not actor.may(Permission.RECORDINGS_READ):
            return self.none()
        return self.filter(recording__hospital=actor.hospital, recording__withdrawn_at__isnull=True)


class Prediction(AppendOnlyModel):
    """What one version of a model said about one recording. Never changed, never overwritten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, models.PROTECT, related_name="predictions")
    job = models.OneToOneField(Job, models.PROTECT, related_name="prediction")
    kind = models.CharField(_("kind of picture"), max_length=10)
    model_name = models.CharField(max_length=60)
    model_version = models.CharField(max_length=30)
    model_sha256 = models.CharField(max_length=64)
    settings = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)  # AAMI class -> number of beats
    beat_count = models.PositiveIntegerField()
    unsure_count = models.PositiveIntegerField(default=0)
    least_confidence = models.FloatField(db_index=True)
    rate_bpm = models.FloatField(null=True)
    rr_s = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = PredictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("prediction")
        verbose_name_plural = _("predictions")
        ordering = ["least_confidence"]

    def __str__(self) -> str:
        return str(self.id)


class BeatQuerySet(AppendOnlyQuerySet):
    def visible_to(self, actor: Actor | None) -> "BeatQuerySet":
        return self.filter(prediction__in=Prediction.objects.visible_to(actor))


class Beat(AppendOnlyModel):
    """One heartbeat of a prediction: its class, how sure the model was, and where it stands in the picture."""

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="beats")
    index = models.PositiveIntegerField()
    aami_class = models.CharField(_("class"), max_length=1)
    probabilities = models.JSONField()  # {"N": …, "S": …, "V": …, "F": …, "Q": …}
    confidence = models.FloatField()
    unsure = models.BooleanField(_("unsure"))
    lead = models.CharField(_("lead"), max_length=10, blank=True)
    x = models.IntegerField()
    y = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    r_peak_s = models.FloatField(null=True)

    objects: ClassVar[Any] = BeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("beat")
        verbose_name_plural = _("beats")
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["prediction", "index"], name="beat_index_unique_in_prediction"),
            models.CheckConstraint(
                condition=models.Q(aami_class__in=["N", "S", "V", "F", "Q"]), name="beat_has_an_aami_class"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.aami_class}"

    @property
    def number(self) -> int:
        """As people count: the first beat is beat 1."""
        return self.index + 1
