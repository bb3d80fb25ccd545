"""Which models there are, which one answers for which kind of input, and who decided that.

The models are the installation's, not one hospital's: a worker classifies a batch of several hospitals' pictures in
one call. What they said about a recording is its hospital's.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from classify.models import Prediction
from portal.accounts.actor import Actor
from portal.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet


class ModelKind(models.TextChoices):
    BEAT = "beat", _("Single beats")
    CONTEXT = "context", _("Strips")


class DeploymentRole(models.TextChoices):
    ACTIVE = "active", _("In use")
    SHADOW = "shadow", _("Shadow")


class ModelVersion(models.Model):
    """One network with its manifest, found in one of ``settings.MODEL_FOLDERS``.

    Name and version stand for one network with one threshold and one temperature for ever; of the manifest only the
    figures may be measured again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind of picture"), max_length=10, choices=ModelKind.choices)
    name = models.CharField(_("name"), max_length=60)
    version = models.CharField(_("version"), max_length=30)
    sha256 = models.CharField(max_length=64)
    manifest = models.JSONField()
    folder = models.CharField(max_length=200)  # relative to the folder of models that holds it
    registered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        ordering = ["kind", "-registered_at", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="model_version_unique_by_name"),
            models.CheckConstraint(condition=models.Q(kind__in=["beat", "context"]), name="model_version_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Deployment(models.Model):
    """The one version that answers for a kind, and at most one that runs beside it as a shadow.

    Promoting is a conditional UPDATE of the active row, so that of two people one is faster and the other is told.
    ``problem`` is why a worker could not load or run it; empty as soon as one could.
    """

    kind = models.CharField(max_length=10, choices=ModelKind.choices)
    role = models.CharField(max_length=10, choices=DeploymentRole.choices)
    version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="deployments")
    since = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)
    problem_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        constraints = [
            models.UniqueConstraint(fields=["kind", "role"], name="deployment_one_per_kind_and_role"),
            models.UniqueConstraint(fields=["version"], name="deployment_version_has_one_role"),
            models.CheckConstraint(condition=models.Q(role__in=["active", "shadow"]), name="deployment_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.role}"


class EventAction(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    FIRST_START = "first_start", _("In use from the first start")
    PROMOTED = "promoted", _("Promoted")
    ROLLED_BACK = "rolled_back", _("Rolled back to")
    SHADOW_STARTED = "shadow_started", _("Shadow started")
    SHADOW_STOPPED = "shadow_stopped", _("Shadow stopped")


BECAME_ACTIVE = (EventAction.FIRST_START, EventAction.PROMOTED, EventAction.ROLLED_BACK)


class ModelEvent(AppendOnlyModel):
    """What was done to a version, by whom and why; ``replaced`` is the one whose place it took."""

    version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="events")
    replaced = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=20, choices=EventAction.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("model event")
        verbose_name_plural = _("model events")
        ordering = ["-pk"]  # as they were written, whatever the clocks of two machines say

    def __str__(self) -> str:
        return f"{self.action} {self.version_id}"


class ShadowQuerySet(AppendOnlyQuerySet):
    def counted_for(self, actor: Actor | None) -> "ShadowQuerySet":
        """Of the actor's hospital, for counts alone: an administrator sees no recording by it."""
        if actor is None or not actor.may_administer:
            return self.none()
        return self.filter(
            prediction__recording__hospital=actor.hospital, prediction__recording__withdrawn_at__isnull=True
        )


class ShadowPrediction(AppendOnlyModel):
    """What a shadow said about the reading that the model in use answered for. It is nobody's result."""

    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="shadows")
    version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="shadow_predictions")
    beside = models.ForeignKey(ModelVersion, models.PROTECT, related_name="+")  # which made the prediction
    beats = models.JSONField()  # [["N", 0.93], …]: class and confidence, in the order of the prediction's beats
    beat_count = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()
    unsure_count = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = ShadowQuerySet.as_manager()

    class Meta:
        verbose_name = _("shadow prediction")
        verbose_name_plural = _("shadow predictions")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["prediction", "version"], name="shadow_once_per_prediction"),
            models.CheckConstraint(
                condition=models.Q(differing__lte=models.F("beat_count")), name="shadow_differs_in_its_beats_only"
            ),
        ]
        indexes = [models.Index(fields=["version", "beside", "-differing"], name="shadow_most_differing")]

    def __str__(self) -> str:
        return str(self.prediction_id)


class ShadowCount(AppendOnlyModel):
    """How many beats of one recording have this class by the model in use and that class by the shadow."""

    shadow = models.ForeignKey(ShadowPrediction, models.PROTECT, related_name="class_counts")
    active_class = models.CharField(max_length=1)
    shadow_class = models.CharField(max_length=1)
    beats = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("shadow count")
        verbose_name_plural = _("shadow counts")
        constraints = [
            models.UniqueConstraint(fields=["shadow", "active_class", "shadow_class"], name="shadow_count_once"),
            models.CheckConstraint(
                condition=models.Q(active_class__in=["N", "S", "V", "F", "Q"])
                & models.Q(shadow_class__in=["N", "S", "V", "F", "Q"]),
                name="shadow_count_has_aami_classes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.active_class} {self.shadow_class}"
