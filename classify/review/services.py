"""Signing a reading: the one way in which a person's word about a prediction is written."""

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from classify.jobs import job_read_by_person
from classify.models import Beat, Prediction
from classify.review.models import BeatCorrection, Reading, Verdict
from portal.accounts.actor import Actor
from portal.audit.services import audit_record
from portal.pages.aami import AAMI_CLASS_OF_LETTER

MAX_COMMENT: Final = 2000


class ReadingError(ValueError):
    """A reading that contradicts itself; the message is for the reader."""


@transaction.atomic
def reading_sign(
    *,
    prediction: Prediction,
    actor: Actor,
    verdict: str,
    corrections: Mapping[int, str] | None = None,
    comment: str = "",
) -> Reading:
    """Writes what this reader says now; earlier readings, theirs too, stay as they are.

    ``corrections`` maps a beat's index to the class that the reader gives it; a class equal to the model's is
    no correction and is left out.
    """
    if not actor.may_review or not Prediction.objects.visible_to(actor).filter(pk=prediction.pk).exists():
        raise PermissionError("only a reviewer of the prediction's hospital may sign a reading")
    beats = {beat.index: beat for beat in prediction.beats.all()}
    changed = _changed_beats(beats, corrections or {})
    _check_verdict(verdict, changed)
    reading = Reading.objects.create(
        prediction=prediction, reader=actor.user, verdict=verdict, comment=_comment_clean(comment)
    )
    BeatCorrection.objects.bulk_create(
        BeatCorrection(reading=reading, beat=beat, aami_class=aami_class) for beat, aami_class in changed
    )
    job_read_by_person(prediction.job)
    audit_record(
        actor,
        "reading.sign",
        patients=[prediction.recording.patient_id],
        target=reading,
        details={"verdict": verdict, "corrected_beats": len(changed)},
    )
    return reading


def _comment_clean(comment: str) -> str:
    clean = comment.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(clean) > MAX_COMMENT:
        raise ReadingError(
            _("A comment has at most %(max)d characters; this one has %(length)d.")
            % {"max": MAX_COMMENT, "length": len(clean)}
        )
    return clean


def _changed_beats(beats: Mapping[int, Beat], corrections: Mapping[int, str]) -> list[tuple[Beat, str]]:
    unknown = set(corrections) - set(beats)
    if unknown:
        raise ReadingError(_("This recording has no beat %(number)d.") % {"number": min(unknown) + 1})
    if not set(corrections.values()) <= set(AAMI_CLASS_OF_LETTER):
        raise ReadingError(_("A beat's class is one of N, S, V, F and Q."))
    return [
        (beats[index], aami_class)
        for index, aami_class in sorted(corrections.items())
        if aami_class != beats[index].aami_class
    ]


def _check_verdict(verdict: str, changed: list[tuple[Beat, str]]) -> None:
    if verdict not in Verdict.values:
        raise ReadingError(_("Choose confirm, correct or unreadable."))
    if verdict == Verdict.CORRECTED and not changed:
        raise ReadingError(_("No beat differs from the model's answer. Change a beat, or confirm the answer as it is."))
    if verdict != Verdict.CORRECTED and changed:
        raise ReadingError(_("Some beats were changed. Sign them as a correction, or put them back first."))
