import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models import Patient, Precision
from portal.accounts.actor import Actor
from portal.accounts.models import Hospital
from portal.accounts.permissions import Permission
from portal.audit.append_only import AppendOnlyModel

if TYPE_CHECKING:
    from classify.models.prediction import Prediction


def recording_path(_recording: "Recording | None" = None, _filename: str = "") -> str:
    """A random name in a random folder: nothing of the uploaded file's own name is kept."""
    name = uuid.uuid4().hex
    return f"recordings/{name[:2]}/{name}"


class RecordingQuerySet(models.QuerySet["Recording"]):
    def visible_to(self, actor: Actor | None) -> "RecordingQuerySet":
        if actor is None or not actor.may(Permission.RECORDINGS_READ):
            return self.none()
        return self.filter(hospital=actor.hospital)

    def current(self) -> "RecordingQuerySet":
        """Without those that were entered in error: their results are withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Recording(models.Model):
    """One uploaded ECG picture (or one page of a PDF), and whose heart it shows.

    ``original`` is kept byte for byte; ``display`` (upright, no metadata) and ``thumbnail`` are made by the worker.
    ``current_job`` is the newest job that has a result, or the newest where none has; its state is the recording's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="recordings")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="recordings")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True, db_index=True)
    recorded_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    recorded_precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.UNKNOWN)

    original = models.FileField(upload_to=recording_path, max_length=120)
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    page = models.PositiveSmallIntegerField(default=0)  # of a PDF or a multi-page TIFF, from 0
    pages = models.PositiveSmallIntegerField(default=1)
    pixels = models.PositiveIntegerField(default=0)  # by the file's header; small ones are classified in batches

    lead = models.CharField(_("lead"), max_length=10, blank=True)
    speed_mm_s = models.FloatField(_("paper speed (mm/s)"), null=True, blank=True)
    gain_mm_mv = models.FloatField(_("gain (mm/mV)"), null=True, blank=True)
    seconds_across = models.FloatField(_("seconds shown"), null=True, blank=True)  # as in worker.image.told

    display = models.FileField(upload_to=recording_path, max_length=120, blank=True)
    thumbnail = models.FileField(upload_to=recording_path, max_length=120, blank=True)
    width_px = models.PositiveIntegerField(null=True)
    height_px = models.PositiveIntegerField(null=True)
    perceptual_hash = models.CharField(max_length=16, blank=True, db_index=True)

    current_job = models.OneToOneField("classify.Job", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "sha256", "page"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="recording_same_file_once_per_patient",
            )
        ]
        indexes = [
            models.Index(fields=["hospital", "-uploaded_at"], name="recording_newest_first"),
            models.Index(fields=["hospital", "sha256"], name="recording_by_file"),
            models.Index(fields=["patient", "-recorded_at"], name="recording_by_patient"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def state(self) -> str:
        """A recording without a job yet waits for one."""
        return self.current_job.state if self.current_job else "queued"

    @property
    def prediction(self) -> "Prediction | None":
        """The newest result; None while there is none, and once the recording was entered in error."""
        if self.is_withdrawn or self.current_job is None:
            return None
        return getattr(self.current_job, "prediction", None)


class RecordingMove(AppendOnlyModel):
    """A recording that stood on the wrong patient. Both histories stay."""

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="moves")
    from_patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    to_patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("move to another patient")
        verbose_name_plural = _("moves to another patient")

    def __str__(self) -> str:
        return str(self.recording_id)
