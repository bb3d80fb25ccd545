"""Saying what was read wrongly: the picture is read again, and the earlier result stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from classify.corrections.checks import told_checked
from classify.corrections.selectors import job_newest
from classify.doorbell import doorbell_ring_on_commit
from classify.errors import RecordingError
from classify.models import Job, Recording
from classify.services import must_be_current, recording_locked
from classify.told import told_of
from classify.uploads import job_queue
from portal.accounts.actor import Actor
from portal.audit.services import audit_record


@transaction.atomic
def recording_correct(*, recording: Recording, actor: Actor, said: Mapping[str, Any], at: datetime) -> Job:
    """A job that reads the picture with ``said`` over all that was told before; None takes something back.

    Said twice, it is one job. Raises ``ValidationError`` for what can't be meant, and ``RecordingError`` where the
    recording does not allow it.
    """
    recording = recording_locked(recording, actor)
    must_be_current(recording)
    size = _size_or_error(recording)
    newest = job_newest(recording)
    before = newest.told if newest else {}
    wanted = Job(recording=recording, told={**before, **told_checked(said, size)})
    if newest is not None and told_of(newest) == told_of(wanted) and (newest.is_open or hasattr(newest, "prediction")):
        return newest
    if newest is not None and newest.is_open:
        raise RecordingError(_("The picture is being read. Correct it when that has ended."))
    job = job_queue(recording, requested_by_id=actor.user.pk, told=wanted.told, at=at)
    audit_record(
        actor, "recording.correct", patients=[recording.patient_id], target=recording, details={"said": sorted(said)}
    )
    doorbell_ring_on_commit()
    return job


def _size_or_error(recording: Recording) -> tuple[int, int]:
    if not recording.display or not recording.width_px or not recording.height_px:
        raise RecordingError(_("There is no picture of this recording to correct."))
    return recording.width_px, recording.height_px
