"""Patients and what stands on their timelines."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.search_key import MAX_LENGTH, SearchKeyField
from portal.accounts.actor import Actor
from portal.accounts.models import Hospital
from portal.accounts.permissions import Permission


class Sex(models.TextChoices):
    """FHIR's administrative gender."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Precision(models.TextChoices):
    EXACT = "exact", _("Exact time")
    DAY = "day", _("Day only")
    UNKNOWN = "unknown", _("Unknown")


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, actor: Actor | None) -> "PatientQuerySet":
        """The one gate: every page, list, chooser and API call starts here."""
        if actor is None or not actor.may(Permission.PATIENTS_READ):
            return self.none()
        return self.filter(hospital=actor.hospital)


class Patient(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="patients")
    mrn = models.CharField(_("medical record number (MRN)"), max_length=64)
    family_name = models.CharField(_("family name"), max_length=120)
    given_name = models.CharField(_("given name"), max_length=120)
    birth_date = models.DateField(_("birth date"))
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    search_key = SearchKeyField(max_length=MAX_LENGTH, default="", editable=False)
    # Follows the timeline (``timeline_last_recording_refresh``): a list of 100,000 can't be sorted by 100,000 look-ups.
    last_recording_at = models.DateTimeField(_("last recording"), null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        constraints = [
            models.UniqueConstraint(fields=["hospital", "mrn"], name="patient_mrn_unique_in_hospital"),
            models.CheckConstraint(condition=~models.Q(mrn=""), name="patient_has_mrn"),
        ]
        indexes = [
            models.Index(fields=["hospital", "family_name", "given_name"], name="patient_by_name"),
            models.Index(fields=["hospital", "birth_date"], name="patient_by_birth_date"),
            models.Index(fields=["hospital", "search_key"], name="patient_by_search_key"),
            models.Index(fields=["hospital", "last_recording_at"], name="patient_by_last_recording"),
        ]

    def __str__(self) -> str:
        return str(self.id)  # a name would end up in logs

    @property
    def display_name(self) -> str:
        return f"{self.family_name}, {self.given_name}"


class TimelineEntryQuerySet(models.QuerySet["TimelineEntry"]):
    def visible_to(self, actor: Actor | None) -> "TimelineEntryQuerySet":
        return self.filter(patient__in=Patient.objects.visible_to(actor))


class TimelineEntry(models.Model):
    """One row of a patient's timeline. ``kind`` names the renderer that its owner registered; ``ref`` its object.

    ``occurred_at`` sorts the timeline: when the ECG was taken, or, where that is unknown, when it came in.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="timeline")
    kind = models.CharField(max_length=30)
    ref = models.UUIDField()
    occurred_at = models.DateTimeField()
    precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.EXACT)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TimelineEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind", "ref"], name="timeline_entry_once_per_patient"),
        ]
        indexes = [models.Index(fields=["patient", "-occurred_at", "-id"], name="timeline_newest_first")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, actor: Actor | None) -> "NoteQuerySet":
        return self.filter(patient__in=Patient.objects.visible_to(actor))


class Note(models.Model):
    """A remark on the timeline; withdrawn with a mark, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("note"), max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return str(self.id)
