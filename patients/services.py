"""Everything that writes patients and their notes. Each write leaves one audit event, with ids and field names only."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.models import Note, Patient
from patients.names import names_similar
from patients.timeline import NOTE, timeline_entry_add
from patients.validation import FIELDS, MrnTaken, patient_values_clean
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.audit.services import audit_record


def patient_register(
    *, actor: Actor, mrn: str, family_name: str, given_name: str, birth_date: date, sex: str = "unknown"
) -> Patient:
    """Raises ValidationError by field; ``MrnTaken`` where the number is somebody's in this hospital."""
    _require_write(actor)
    values = {"mrn": mrn, "family_name": family_name, "given_name": given_name, "birth_date": birth_date, "sex": sex}
    clean = patient_values_clean(values, today=timezone.localdate())
    patient = Patient(hospital=actor.hospital, created_by=actor.user, **clean)
    _save_unless_mrn_taken(patient, actor)
    audit_record(actor, "patient.register", patients=[patient.id], target=patient)
    return patient


def patient_update(*, patient: Patient, actor: Actor, **changes: Any) -> Patient:
    """Writes what differs, and nothing (not even an audit event) where nothing does."""
    _require_write(actor)
    if unknown := set(changes) - set(FIELDS):
        raise TypeError(f"patient_update() changes {', '.join(FIELDS)}. Received: {', '.join(sorted(unknown))}")
    clean = patient_values_clean(changes, today=timezone.localdate())
    with transaction.atomic():
        current = Patient.objects.select_for_update().get(pk=patient.pk, hospital=actor.hospital)
        changed = [name for name, value in clean.items() if getattr(current, name) != value]
        for name in changed:
            setattr(current, name, clean[name])
        if changed:
            _save_unless_mrn_taken(current, actor, update_fields=[*changed, "search_key", "updated_at"])
            audit_record(
                actor, "patient.update", patients=[current.id], target=current, details={"changed": sorted(changed)}
            )
    return current


def mrn_require_free(*, actor: Actor, mrn: str, exclude: Patient | None = None) -> None:
    """Raises ``MrnTaken`` where the number is somebody else's in this hospital."""
    holders = Patient.objects.filter(hospital=actor.hospital, mrn=mrn)
    if exclude is not None:
        holders = holders.exclude(pk=exclude.pk)
    if holders.exists():
        raise MrnTaken(holders.visible_to(actor).first())


def _save_unless_mrn_taken(patient: Patient, actor: Actor, *, update_fields: list[str] | None = None) -> None:
    """The constraint decides, so that of two who register one number at the same time, one gets the sentence."""
    mrn_require_free(actor=actor, mrn=patient.mrn, exclude=patient)
    try:
        with transaction.atomic():
            patient.save(update_fields=update_fields)
    except IntegrityError:
        mrn_require_free(actor=actor, mrn=patient.mrn, exclude=patient)
        raise


def patient_duplicates_find(
    *, actor: Actor, family_name: str, given_name: str, birth_date: date, exclude: Patient | None = None
) -> QuerySet[Patient]:
    """Patients of this hospital who may be the same person: born on the same day, with a similar name."""
    born_that_day = Patient.objects.visible_to(actor).filter(birth_date=birth_date)
    if exclude is not None:
        born_that_day = born_that_day.exclude(pk=exclude.pk)
    names = born_that_day.values_list("pk", "family_name", "given_name")
    alike = [pk for pk, family, given in names if names_similar((family_name, given_name), (family, given))]
    return Patient.objects.visible_to(actor).filter(pk__in=alike).order_by("search_key")


def note_add(*, patient: Patient, actor: Actor, text: str, at: datetime | None = None) -> Note:
    _require_write(actor)
    clean = note_text_clean(text)
    with transaction.atomic():
        note = Note.objects.create(patient=patient, author=actor.user, text=clean)
        timeline_entry_add(patient=patient, kind=NOTE, ref=note.id, occurred_at=at or timezone.now())
        audit_record(actor, "note.add", patients=[patient.id], target=note)
    return note


def note_text_clean(text: str) -> str:
    clean = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not clean:
        raise ValidationError({"text": ValidationError(_("Write something first."), code="required")})
    if len(clean) > 4000:
        sentence = _("A note has at most 4,000 characters; this one has %(length)d.")
        raise ValidationError({"text": ValidationError(sentence, code="max_length", params={"length": len(clean)})})
    return clean


def note_withdraw(*, note: Note, actor: Actor, at: datetime | None = None) -> bool:
    """Marks the note; it stays on the timeline. False where somebody had withdrawn it before."""
    _require_write(actor)
    return _note_mark(note, actor, "note.withdraw", withdrawn_at=at or timezone.now(), withdrawn_by=actor.user)


def note_restore(*, note: Note, actor: Actor) -> bool:
    _require_write(actor)
    return _note_mark(note, actor, "note.restore", withdrawn_at=None, withdrawn_by=None)


def _note_mark(note: Note, actor: Actor, action: str, **marks: Any) -> bool:
    with transaction.atomic():
        standing = Note.objects.visible_to(actor).filter(pk=note.pk, withdrawn_at__isnull=action == "note.withdraw")
        if not standing.update(**marks):
            return False
        audit_record(actor, action, patients=[note.patient_id], target=note)
    note.refresh_from_db()
    return True


def _require_write(actor: Actor) -> None:
    if not actor.may(Permission.PATIENTS_WRITE):
        raise PermissionDenied
