"""What a model's answer about one beat rests on, made once on request and kept."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from classify.models import Prediction


class ExplanationState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


OPEN_STATES = (ExplanationState.QUEUED, ExplanationState.RUNNING)


class Explanation(models.Model):
    """One beat of one prediction, explained by the model that made the prediction and by no other.

    ``result`` is what ``worker.explanation.explanation_dict`` gives; ``reason`` is a code of
    ``classify.explanations.reasons``. A claim sets ``attempt`` and ``lease_until``, as with a ``Job``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prediction = models.ForeignKey(Prediction, models.PROTECT, related_name="explanations")
    beat_index = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ExplanationState.choices, default=ExplanationState.QUEUED)
    reason = models.CharField(max_length=40, blank=True)
    result = models.JSONField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    queued_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        constraints = [
            models.UniqueConstraint(fields=["prediction", "beat_index"], name="explanation_once_per_beat"),
            models.CheckConstraint(
                condition=models.Q(state="done", result__isnull=False) | ~models.Q(state="done"),
                name="explanation_done_has_a_result",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", lease_until__isnull=False) | ~models.Q(state="running"),
                name="explanation_running_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=models.Q(state__in=["queued", "running"]), name="explanation_in_turn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
