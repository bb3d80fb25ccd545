"""What a note shows on the timeline."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from patients.models import Note
from patients.timeline import NOTE, TimelineKind, timeline_kind_register
from portal.accounts.actor import Actor


def notes_load(refs: Sequence[UUID], actor: Actor) -> dict[UUID, Note]:
    notes = Note.objects.visible_to(actor).filter(pk__in=refs).select_related("author", "withdrawn_by")
    return {note.pk: note for note in notes}


def note_kind_register() -> None:
    timeline_kind_register(
        TimelineKind(
            name=NOTE,
            label=_("Notes"),
            template="patients/timeline_note.html",
            load=notes_load,
            is_history=lambda _entry, note: note.withdrawn_at is not None,
        )
    )
