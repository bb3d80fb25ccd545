"""Taking in a file: a recording and a job for each of its pages, or the recordings that it already is."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet

from classify.corrections.checks import told_checked
from classify.doorbell import doorbell_ring_on_commit
from classify.errors import DuplicateOtherPatient
from classify.files import StoredFiles
from classify.models import Job, Recording
from patients.models import Patient, Precision
from patients.timeline import RECORDING, timeline_entry_add
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record
from worker.image.inspect import FileFacts, inspect_file
from worker.image.signatures import PDF, TIFF

PAGED_TYPES: Final = (PDF, TIFF)  # an animated GIF is one picture


@dataclass(frozen=True, slots=True)
class Upload:
    """``recordings`` has one per page, in order; ``created`` is False where all of them existed already."""

    recordings: list[Recording]
    created: bool


def recording_upload(
    *,
    actor: Actor,
    patient: Patient,
    data: bytes,
    claimed_type: str | None = None,
    recorded_at: datetime | None = None,
    recorded_precision: str = Precision.UNKNOWN,
    lead: str = "",
    speed_mm_s: float | None = None,
    gain_mm_mv: float | None = None,
    seconds_across: float | None = None,
    corners: Sequence[Any] | None = None,
    confirm_duplicate: bool = False,
    at: datetime,
) -> Upload:
    """Stores one file with its recordings, jobs, timeline entries and audit event, all or nothing.

    ``corners`` are those of the part to read of a single picture, as in ``Told``.

    Raises ``ValidationError`` for corners that can't be, ``EcgError`` for a file that cannot become a picture, and
    ``DuplicateOtherPatient`` where the same file stands at another patient of this hospital and nobody confirmed that.
    """
    actor_must_write(actor, patient)
    facts = inspect_file(data, claimed_type=claimed_type)
    sha256 = hashlib.sha256(data).hexdigest()
    pages = facts.pages if facts.content_type in PAGED_TYPES else 1
    told = told_checked({"corners": corners}, (facts.width_px, facts.height_px)) if corners and pages == 1 else {}
    known = {
        "hospital": actor.hospital,
        "patient": patient,
        "uploaded_by": actor.user,
        "recorded_at": recorded_at,
        "recorded_precision": _precision(recorded_at, recorded_precision),
        "content_type": facts.content_type,
        "size_bytes": len(data),
        "sha256": sha256,
        "pages": pages,
        "pixels": _pixels(facts, pages),
        "lead": lead,
        "speed_mm_s": speed_mm_s,
        "gain_mm_mv": gain_mm_mv,
        "seconds_across": seconds_across,
    }
    with StoredFiles() as files, transaction.atomic():
        file_in_turn(sha256)
        there = {recording.page: recording for recording in same_file_at(patient, sha256)}
        missing = [page for page in range(pages) if page not in there]
        if missing and not confirm_duplicate:
            _refuse_at_other_patient(actor, patient, sha256)
        if missing:
            known["original"] = files.save(data)
        there |= {page: _recording_create(known, page, at, told) for page in missing}
        upload = Upload([there[page] for page in sorted(there)], created=bool(missing))
        _audit(actor, upload, patient)
        doorbell_ring_on_commit()
        files.keep()
    return upload


def actor_must_write(actor: Actor, patient: Patient) -> None:
    """Views resolve the patient through ``visible_to``; this holds even where one forgot."""
    if not actor.may(Permission.RECORDINGS_WRITE) or patient.hospital_id != actor.hospital.pk:
        raise PermissionDenied


def file_in_turn(sha256: str) -> None:
    """Two uploads of the same file at once go one after the other, so that the second sees the first."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])
    # SQLite's transactions are IMMEDIATE: they go one after the other anyway.


def same_file_at(patient: Patient, sha256: str) -> QuerySet[Recording]:
    return Recording.objects.current().filter(patient=patient, sha256=sha256).order_by("page")


def _refuse_at_other_patient(actor: Actor, patient: Patient, sha256: str) -> None:
    same_file = Recording.objects.current().filter(hospital=actor.hospital, sha256=sha256)
    if elsewhere := same_file.exclude(patient=patient).order_by("page").first():
        raise DuplicateOtherPatient(elsewhere)


def _recording_create(known: dict[str, Any], page: int, at: datetime, told: Mapping[str, Any]) -> Recording:
    recording = Recording.objects.create(**known, page=page)
    # A microsecond apart, so that pages are read in their order.
    job_queue(recording, requested_by_id=known["uploaded_by"].pk, told=told, at=at + timedelta(microseconds=page))
    timeline_entry_add(
        patient=recording.patient,
        kind=RECORDING,
        ref=recording.pk,
        occurred_at=recording.recorded_at or at,
        precision=recording.recorded_precision,
    )
    return recording


def job_queue(
    recording: Recording, *, requested_by_id: UUID, at: datetime, told: Mapping[str, Any] | None = None
) -> Job:
    """Where there is a result, its job stays the current one until another result has come."""
    job = Job.objects.create(
        recording=recording, requested_by_id=requested_by_id, told=told or {}, queued_at=at, not_before=at
    )
    if recording.prediction is None:
        recording.current_job = job
        recording.save(update_fields=["current_job"])
    return job


def _precision(recorded_at: datetime | None, precision: str) -> str:
    if recorded_at is None:
        return Precision.UNKNOWN
    return Precision.EXACT if precision == Precision.UNKNOWN else precision


def _pixels(facts: FileFacts, pages: int) -> int:
    # The facts are of the first page only.
    return facts.width_px * facts.height_px if pages == 1 else 0


def _audit(actor: Actor, upload: Upload, patient: Patient) -> None:
    audit_record(
        actor,
        "recording.upload" if upload.created else "recording.upload_again",
        patients=[patient.pk],
        target=upload.recordings[0],
        details={"recordings": [str(recording.pk) for recording in upload.recordings]},
    )
