"""Asking for an export of labels, and what becomes of it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from classify.doorbell import doorbell_ring, doorbell_ring_on_commit
from classify.labels.models import ExportedLabel, ExportState, LabelExport
from classify.labels.selectors import LabelsFound, labels_find
from classify.models import Prediction
from portal.accounts.actor import Actor
from portal.accounts.models import Hospital
from portal.audit.services import audit_record, audit_record_system

TASK: Final = "classify.labels.tasks.label_exports_work"
LEASE: Final = timedelta(seconds=90)


class LabelsError(ValueError):
    """Why there is no export; the message is for whoever asked."""


@transaction.atomic
def export_request(
    *, hospital: Hospital, actor: Actor | None, at: datetime, since: datetime | None = None, again: bool = False
) -> LabelExport:
    """Fixes which labels a new export holds: those that no earlier one does.

    Parameters: ``actor`` is None for the command line; ``since`` leaves out what was signed before; ``again`` also
    takes what was exported before, for a package that was lost.
    """
    if actor is not None and not (actor.may_administer and actor.hospital == hospital):
        raise PermissionError("only an administrator of the hospital may export its labels")
    if LabelExport.objects.filter(hospital=hospital, state__in=(ExportState.QUEUED, ExportState.RUNNING)).exists():
        raise LabelsError(_("An export is under way. Wait until it has ended."))
    found = labels_find(hospital, since=since, again=again)
    if not found.labels:
        raise LabelsError(nothing_to_export(found))
    export = _export_create(hospital, actor, found, at)
    patients = {label.reading.prediction.recording.patient_id for label in found.labels}
    details = {"beats": len(found.labels), "number": export.number}
    if actor is None:
        audit_record_system(hospital, "labels.export", target=export, patients=patients, details=details, via="command")
    else:
        audit_record(actor, "labels.export", target=export, patients=patients, details=details)
        doorbell_ring_on_commit(TASK)  # the command line does the work itself
    return export


def nothing_to_export(found: LabelsFound) -> str:
    if found.counts:
        return _("Every label is in an earlier export already.")
    if found.left_out:
        return _("No reading makes a label: readers differ, found the picture unreadable, or it shows a test patient.")
    return _("Nobody has confirmed or corrected a result yet.")


def _export_create(hospital: Hospital, actor: Actor | None, found: LabelsFound, at: datetime) -> LabelExport:
    last = LabelExport.objects.filter(hospital=hospital).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            export = LabelExport.objects.create(
                hospital=hospital,
                number=last + 1,
                requested_by=actor.user if actor else None,
                requested_at=at,
                recordings_total=len({label.beat.prediction_id for label in found.labels}),
                left_out=dict(found.left_out),
            )
    except IntegrityError as error:  # somebody else asked at the same moment
        raise LabelsError(_("An export is under way. Wait until it has ended.")) from error
    ExportedLabel.objects.bulk_create(
        (
            ExportedLabel(
                export=export,
                beat=label.beat,
                reading=label.reading,
                aami_class=label.aami_class,
                readers=label.readers,
            )
            for label in found.labels
        ),
        batch_size=1000,
    )
    return export


# --- The worker's side ------------------------------------------------------------------------------------------------
def export_claim(*, at: datetime, export: LabelExport | None = None) -> LabelExport | None:
    """The oldest export that nobody works on, or the one that is named; None where somebody else does."""
    free = Q(state=ExportState.QUEUED) | Q(state=ExportState.RUNNING, lease_until__lt=at)
    waiting = LabelExport.objects.filter(free).order_by("requested_at", "pk")
    first = (waiting.filter(pk=export.pk) if export else waiting).first()
    if first is None:
        return None
    claimed = LabelExport.objects.filter(free, pk=first.pk)
    if claimed.update(state=ExportState.RUNNING, lease_until=at + LEASE) != 1:
        return None
    return LabelExport.objects.select_related("hospital").get(pk=first.pk)


def exports_are_due() -> bool:
    return LabelExport.objects.filter(state=ExportState.QUEUED).exists()


def exports_sweep(*, at: datetime) -> bool:
    """Rings again for an export that nobody heard of or whose worker was lost; whether there was one."""
    unheard = Q(state=ExportState.QUEUED, requested_at__lte=at - settings.JOB_STALE_AFTER)
    lost = Q(state=ExportState.RUNNING, lease_until__lt=at)
    return LabelExport.objects.filter(unheard | lost).exists() and doorbell_ring(TASK)


def export_put_back(export: LabelExport) -> None:
    """There is more to do; the next turn may be anybody's."""
    _running(export).update(state=ExportState.QUEUED, lease_until=None)


def export_progress(export: LabelExport, *, done: int, at: datetime) -> None:
    _running(export).update(recordings_done=done, lease_until=at + LEASE)


def recording_leave_out(export: LabelExport, prediction: Prediction, reason: str) -> None:
    ExportedLabel.objects.filter(export=export, beat__prediction=prediction).update(left_out=reason)


def export_complete(export: LabelExport, *, checksum: str, package: str, at: datetime) -> bool:
    """Whether it was still this worker's."""
    labels = ExportedLabel.objects.filter(export=export)
    left_out = Counter(export.left_out) + Counter(labels.exclude(left_out="").values_list("left_out", flat=True))
    closed = _running(export).update(
        state=ExportState.DONE,
        lease_until=None,
        finished_at=at,
        recordings_done=F("recordings_total"),
        counts=dict(sorted(Counter(labels.filter(left_out="").values_list("aami_class", flat=True)).items())),
        left_out=dict(sorted(left_out.items())),
        checksum=checksum,
        package=package,
    )
    return closed == 1


def export_fail(export: LabelExport, *, at: datetime) -> None:
    """Its labels count as never exported."""
    _running(export).update(state=ExportState.FAILED, lease_until=None, finished_at=at)


def _running(export: LabelExport) -> QuerySet[LabelExport]:
    return LabelExport.objects.filter(pk=export.pk, state=ExportState.RUNNING)
