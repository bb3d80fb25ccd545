"""A correction has replaced the result on somebody's desk: what they entered goes over to the newer one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from classify.models import Beat, Prediction
from classify.review.selectors import worklist
from portal.accounts.actor import Actor
from portal.pages.aami import AAMI_CLASS_OF_LETTER


@dataclass(frozen=True, slots=True)
class Carried:
    """Changed classes by the newer beats' indices, and those for which there is no beat any more."""

    classes: dict[int, str] = field(default_factory=dict)
    lost: list[tuple[Beat, str]] = field(default_factory=list)


def newer_than(actor: Actor, prediction: Prediction) -> Prediction | None:
    """The result of the same recording that is the current one."""
    found: Prediction | None = (
        worklist(actor).filter(recording=prediction.recording_id).exclude(pk=prediction.pk).first()
    )
    return found


def carried_over(said: Mapping[int, str], earlier: Iterable[Beat], newer: Iterable[Beat]) -> Carried:
    """What a reader changed of the earlier beats, put on the newer ones that lie in the same place of the picture."""
    carried, beats = Carried(), list(newer)
    for beat in earlier:
        letter = said.get(beat.index, beat.aami_class)
        if letter == beat.aami_class or letter not in AAMI_CLASS_OF_LETTER:
            continue
        same = min(
            (other for other in beats if _lies_in(beat, other)), key=lambda other: _apart(beat, other), default=None
        )
        if same is None:
            carried.lost.append((beat, letter))
        else:
            carried.classes[same.index] = letter
    return carried


def _middle(beat: Beat) -> tuple[float, float]:
    return beat.x + beat.width / 2, beat.y + beat.height / 2


def _lies_in(beat: Beat, other: Beat) -> bool:
    x, y = _middle(beat)
    return other.x <= x <= other.x + other.width and other.y <= y <= other.y + other.height


def _apart(beat: Beat, other: Beat) -> float:
    return sum(abs(a - b) for a, b in zip(_middle(beat), _middle(other), strict=True))
