"""What people and hospital systems do with recordings."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from classify.doorbell import doorbell_ring_on_commit
from classify.errors import DuplicateOtherPatient, NotRetryable, RecordingError
from classify.models import Job, JobState, Recording, RecordingMove
from classify.uploads import Upload, actor_must_write, file_in_turn, job_queue, recording_upload, same_file_at
from patients.models import Patient
from patients.timeline import RECORDING, timeline_entry_add, timeline_last_recording_refresh
from portal.accounts.actor import Actor
from portal.audit.services import audit_record

__all__ = [
    "DuplicateOtherPatient",
    "NotRetryable",
    "RecordingError",
    "Upload",
    "must_be_current",
    "recording_locked",
    "recording_move",
    "recording_retry",
    "recording_upload",
    "recording_withdraw",
]

RETRYABLE = (JobState.FAILED, JobState.REFUSED, JobState.NEEDS_PERSON)


@transaction.atomic
def recording_retry(*, recording: Recording, actor: Actor, at: datetime) -> Job:
    """A fresh job with attempts of its own; the ended one stays as it is."""
    recording = recording_locked(recording, actor)
    must_be_current(recording)
    job = recording.current_job
    if job is None or job.state not in RETRYABLE or recording.prediction is not None:
        raise NotRetryable(_("Only a recording that ended without a result can be tried again."))
    job = job_queue(recording, requested_by_id=actor.user.pk, told=job.told, at=at)
    audit_record(actor, "recording.retry", patients=[recording.patient_id], target=recording)
    doorbell_ring_on_commit()
    return job


@transaction.atomic
def recording_withdraw(*, recording: Recording, actor: Actor, reason: str, at: datetime) -> Recording:
    """Entered in error: the recording stays on the timeline with its reason, its result is withdrawn."""
    reason = _stated(reason)
    recording = recording_locked(recording, actor)
    must_be_current(recording)
    recording.withdrawn_at = at
    recording.withdrawn_by = actor.user
    recording.withdrawn_reason = reason
    recording.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    timeline_last_recording_refresh(recording.patient)
    audit_record(actor, "recording.withdraw", patients=[recording.patient_id], target=recording)
    return recording


@transaction.atomic
def recording_move(
    *, recording: Recording, actor: Actor, to_patient: Patient, reason: str, at: datetime
) -> RecordingMove:
    """To the right patient's timeline; on the wrong one's a row stays that says where it went and why."""
    reason = _stated(reason)
    actor_must_write(actor, to_patient)
    file_in_turn(recording.sha256)
    recording = recording_locked(recording, actor)
    must_be_current(recording)
    from_patient = recording.patient
    if from_patient == to_patient:
        raise RecordingError(_("The recording already stands at this patient."))
    if same_file_at(to_patient, recording.sha256).filter(page=recording.page).exists():
        raise RecordingError(_("This patient already has the same file. Mark this one as entered in error instead."))
    recording.patient = to_patient
    recording.save(update_fields=["patient"])
    timeline_last_recording_refresh(from_patient, to_patient)
    move = RecordingMove.objects.create(
        recording=recording, from_patient=from_patient, to_patient=to_patient, reason=reason, moved_by=actor.user
    )
    timeline_entry_add(
        patient=to_patient,
        kind=RECORDING,
        ref=recording.pk,
        occurred_at=recording.recorded_at or recording.uploaded_at,
        precision=recording.recorded_precision,
    )
    audit_record(actor, "recording.move", patients=[from_patient.pk, to_patient.pk], target=recording)
    return move


def recording_locked(recording: Recording, actor: Actor) -> Recording:
    """For a change of it, in the transaction that makes the change."""
    actor_must_write(actor, recording.patient)
    return (
        Recording.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("patient", "current_job")
        .get(pk=recording.pk)
    )


def must_be_current(recording: Recording) -> None:
    if recording.withdrawn_at is not None:
        raise RecordingError(_("This recording was marked as entered in error."))


def _stated(reason: str) -> str:
    if not reason.strip():
        raise RecordingError(_("Say why, in a few words."))
    return reason.strip()
