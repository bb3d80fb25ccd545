"""A recording as its page shows it: its beats over the picture, the figures, what readers said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from django.db.models import prefetch_related_objects

from classify.beat_canvas import Canvas, Label, canvas_of
from classify.beat_words import doubt_words, no_time_words
from classify.corrections.selectors import correction_beside, invites_correction, is_corrected, predictions_earlier
from classify.models import Beat, Prediction, Recording
from classify.review.selectors import labels_said, readings_of
from classify.rhythm import gives_classes, leads_behind, rhythm_of
from classify.rhythm_page import TRUE_DIGITS, rhythm_rows
from classify.tracings.overlay import Overlay
from classify.tracings.page import tracing_context
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from worker.ecg.annotations import AAMI_CLASSES


@dataclass(frozen=True, slots=True)
class BeatShown:
    beat: Beat
    number: int
    reader_class: str | None
    rr_s: float | None  # since the beat before it
    label: Label
    doubt: str  # why it is unsure

    @property
    def probabilities(self) -> list[tuple[str, float]]:
        return [(letter, self.beat.probabilities[letter]) for letter in AAMI_CLASSES]


@dataclass(frozen=True, slots=True)
class RrFigures:
    least: float
    mean: float
    most: float


def result_context(actor: Actor, recording: Recording) -> dict[str, Any]:
    prediction = recording.prediction
    context: dict[str, Any] = {"recording": recording, "job": recording.current_job, "prediction": prediction}
    context["is_corrected"] = is_corrected(recording)
    if prediction is not None:
        context |= {"correction": correction_beside(recording), "earlier": predictions_earlier(actor, recording)}
        context["invites_correction"] = invites_correction(recording, has_found=True)
        return context | prediction_context(actor, recording, prediction)
    if recording.is_withdrawn:
        return context
    tracing = tracing_context(recording, recording.current_job)
    canvas = canvas_over(recording, (), tracing)
    context["invites_correction"] = invites_correction(recording, has_found=bool(tracing))
    on_its_side = bool(recording.display) and not tracing and canvas.height > canvas.width
    return context | tracing | {"canvas": canvas, "may_lie_on_its_side": on_its_side}


def prediction_context(actor: Actor, recording: Recording, prediction: Prediction) -> dict[str, Any]:
    prefetch_related_objects([prediction], "beats")
    beats = list(prediction.beats.all())
    readings = list(readings_of(prediction)) if actor.may(Permission.READINGS_READ) else []
    rhythm_by = readings[0] if readings and gives_classes(readings[0]) else None
    tracing = tracing_context(recording, prediction.job, beats, prediction.settings)
    canvas = canvas_over(recording, beats, tracing)
    answering = [lead for lead in tracing["overlay"].leads if lead.answers] if tracing else []
    return {
        "beats": beats_shown(beats, labels_said(beats, readings[0] if readings else None), canvas, prediction.settings),
        "no_time": no_time_words(leads_behind(prediction)),
        "lead_unknown": any(lead.name is None for lead in answering),
        "canvas": canvas,
        "counts": [(letter, prediction.counts.get(letter, 0)) for letter in AAMI_CLASSES],
        "rr": rr_figures(prediction.rr_s),
        "rhythm": rhythm_rows(rhythm_of(prediction, rhythm_by)),
        "rhythm_by": rhythm_by,
        "readings": readings,
        "settings": prediction.settings,
        **tracing,
    }


def canvas_over(recording: Recording, beats: Sequence[Beat], tracing: Mapping[str, Any]) -> Canvas:
    """As the picture was read: upright, and with room for a sheet."""
    if not tracing:
        return canvas_of(recording, beats)
    overlay: Overlay = tracing["overlay"]
    return canvas_of(recording, beats, turns=overlay.turns, has_several=len(overlay.leads) > 1)


def beats_shown(
    beats: Sequence[Beat], said: Sequence[dict[str, Any]], canvas: Canvas, settings: Mapping[str, Any]
) -> list[BeatShown]:
    earlier = [None, *beats[:-1]]
    return [
        BeatShown(
            beat=beat,
            number=beat.index + 1,
            reader_class=row["reader_class"],
            rr_s=rr_between(before, beat),
            label=label,
            doubt=doubt_words(beat, settings),
        )
        for before, beat, label, row in zip(earlier, beats, canvas.labels, said, strict=True)
    ]


def rr_between(before: Beat | None, beat: Beat) -> float | None:
    if before is None or before.r_peak_s is None or beat.r_peak_s is None or before.lead != beat.lead:
        return None
    return round(beat.r_peak_s - before.r_peak_s, TRUE_DIGITS)


def rr_figures(rr_s: Sequence[float]) -> RrFigures | None:
    return RrFigures(least=min(rr_s), mean=fmean(rr_s), most=max(rr_s)) if rr_s else None
