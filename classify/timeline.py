"""What a recording shows on the patient's timeline; registered with patients when the app is ready."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from patients.timeline import TimelineKind, timeline_kind_register
from portal.accounts.actor import Actor

RECORDING = "recording"


def recordings_load(refs: Sequence[UUID], actor: Actor) -> dict[UUID, Any]:
    from classify.selectors import recordings_for_timeline

    return recordings_for_timeline(refs, actor)


def timeline_kinds_register() -> None:
    timeline_kind_register(
        TimelineKind(
            name=RECORDING, label=_("Recordings"), template="classify/timeline_recording.html", load=recordings_load
        )
    )
