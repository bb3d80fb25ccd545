"""A recording as its page shows it: the geometry of the boxes, the figures, what readers said."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Any, Final

from classify.corrections.selectors import correction_beside, predictions_earlier
from classify.models import Beat, Prediction, Recording
from classify.review.selectors import labels_said, readings_of
from classify.rhythm import gives_classes, rhythm_of
from classify.rhythm_page import rhythm_rows
from classify.tracings.page import tracing_context
from classify.tracings.upright import Box, Upright
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from worker.ecg.annotations import AAMI_CLASSES

# How wide the page shows a picture, in CSS pixels: a label is drawn so large that it can be read at this width.
SHOWN_WIDE_PX: Final = 760
SHOWN_NARROW_PX: Final = 480
LABEL_PX: Final = 15
WIDE_FROM: Final = 1.8  # width by height


@dataclass(frozen=True, slots=True)
class BeatShown:
    beat: Beat
    number: int
    reader_class: str | None
    rr_s: float | None  # since the beat before it
    label: "Label"

    @property
    def probabilities(self) -> list[tuple[str, float]]:
        return [(letter, self.beat.probabilities[letter]) for letter in AAMI_CLASSES]


@dataclass(frozen=True, slots=True)
class Label:
    """A chip with shape and letter, in pixels of the picture."""

    x: float
    y: float
    width: float
    height: float

    @property
    def radius(self) -> float:
        return self.height * 0.3

    @property
    def shape(self) -> dict[str, float]:
        side = self.height * 0.62
        return {"x": self.x + self.height * 0.2, "y": self.y + (self.height - side) / 2, "side": side}

    @property
    def text(self) -> dict[str, float]:
        return {"x": self.x + self.height * 1.28, "y": self.y + self.height * 0.77, "size": self.height * 0.76}


@dataclass(frozen=True, slots=True)
class Canvas:
    """The picture as it was read and the row of labels over it, in pixels of the picture."""

    upright: Upright
    top: float
    height: float
    hatch: float  # distance of the lines over an unsure beat

    @property
    def width(self) -> float:
        return self.upright.size[0]

    @property
    def is_wide(self) -> bool:
        width, height = self.upright.size
        return width >= WIDE_FROM * height


@dataclass(frozen=True, slots=True)
class RrFigures:
    least: float
    mean: float
    most: float


def result_context(actor: Actor, recording: Recording) -> dict[str, Any]:
    prediction = recording.prediction
    context: dict[str, Any] = {"recording": recording, "job": recording.current_job, "prediction": prediction}
    if prediction is not None:
        context |= {"correction": correction_beside(recording), "earlier": predictions_earlier(actor, recording)}
        return context | prediction_context(actor, recording, prediction)
    if recording.is_withdrawn:
        return context
    return context | tracing_context(recording, recording.current_job)


def prediction_context(actor: Actor, recording: Recording, prediction: Prediction) -> dict[str, Any]:
    beats = list(prediction.beats.all())
    readings = list(readings_of(prediction)) if actor.may(Permission.READINGS_READ) else []
    rhythm_by = readings[0] if readings and gives_classes(readings[0]) else None
    tracing = tracing_context(recording, prediction.job, beats, prediction.settings)
    turns = tracing["overlay"].turns if tracing else 0
    return {
        "beats": beats_shown(recording, beats, labels_said(beats, readings[0] if readings else None), turns=turns),
        "canvas": canvas_of(recording, beats, turns=turns),
        "counts": [(letter, prediction.counts.get(letter, 0)) for letter in AAMI_CLASSES],
        "rr": rr_figures(prediction.rr_s),
        "rhythm": rhythm_rows(rhythm_of(beats, rhythm_by)),
        "rhythm_by": rhythm_by,
        "readings": readings,
        "settings": prediction.settings,
        **tracing,
    }


def beats_shown(
    recording: Recording, beats: Sequence[Beat], said: Sequence[dict[str, Any]], *, turns: int = 0
) -> list[BeatShown]:
    upright = upright_of(recording, turns)
    boxes = [upright.box(box_of(beat)) for beat in beats]
    height = label_height(upright, boxes)
    earlier = [None, *beats[:-1]]
    return [
        BeatShown(
            beat=beat,
            number=beat.index + 1,
            reader_class=row["reader_class"],
            rr_s=rr_between(before, beat),
            label=label_of(box, height),
        )
        for before, beat, box, row in zip(earlier, beats, boxes, said, strict=True)
    ]


def upright_of(recording: Recording, turns: int) -> Upright:
    return Upright(turns, recording.width_px or 1, recording.height_px or 1)


def box_of(beat: Beat) -> Box:
    return beat.x, beat.y, beat.width, beat.height


def label_height(upright: Upright, boxes: Sequence[Box]) -> float:
    """So large that it can be read, and small enough for the closest beats to keep theirs apart."""
    width, height = upright.size
    shown = SHOWN_WIDE_PX if width / height >= WIDE_FROM else SHOWN_NARROW_PX
    readable = LABEL_PX * 1.4 * width / shown
    middles = [x + across / 2 for x, _, across, _ in boxes]
    closest = min((after - before for before, after in pairwise(middles)), default=width)
    return min(readable, max(closest, 1) / 2.1)


def canvas_of(recording: Recording, beats: Sequence[Beat], *, turns: int = 0) -> Canvas:
    upright = upright_of(recording, turns)
    label = label_height(upright, [upright.box(box_of(beat)) for beat in beats])
    band = label * 1.3
    return Canvas(upright=upright, top=-band, height=upright.size[1] + band, hatch=label / 2.5)


def label_of(box: Box, height: float) -> Label:
    """In a row of their own over the picture, so that no wave is covered."""
    x, _, across, _ = box
    width = height * 2
    return Label(x=max(x + (across - width) / 2, 0), y=-height * 1.15, width=width, height=height)


def rr_between(before: Beat | None, beat: Beat) -> float | None:
    if before is None or before.r_peak_s is None or beat.r_peak_s is None or before.lead != beat.lead:
        return None
    return beat.r_peak_s - before.r_peak_s


def rr_figures(rr_s: Sequence[float]) -> RrFigures | None:
    return RrFigures(least=min(rr_s), mean=fmean(rr_s), most=max(rr_s)) if rr_s else None
