import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    NEEDS_PERSON = "needs_person", _("Needs a person")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


class Job(models.Model):
    """One piece of work for the worker: the database is the truth, the broker is a doorbell.

    A claim sets ``attempt`` and ``lease_until``; whoever completes names the attempt that it claimed, so that a late
    result of a worker that was given up is discarded. ``reason`` is a code of ``worker.errors.OUTCOME_OF_CODE``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey("classify.Recording", models.PROTECT, related_name="jobs")
    state = models.CharField(_("state"), max_length=15, choices=JobState.choices, default=JobState.QUEUED)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    kind = models.CharField(_("kind of picture"), max_length=10, blank=True)
    told = models.JSONField(default=dict)  # over what came with the picture: see classify.told
    attempt = models.PositiveSmallIntegerField(default=0)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()  # later than queued_at while a retry backs off
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["recording"],
                condition=models.Q(state__in=["queued", "running"]),
                name="job_one_open_per_recording",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", lease_until__isnull=False) | ~models.Q(state="running"),
                name="job_running_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=models.Q(state__in=["queued", "running"]), name="job_open_in_turn"
            ),
            models.Index(fields=["state"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
