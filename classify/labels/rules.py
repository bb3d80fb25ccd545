"""Which readings make a label, and which leave a beat without one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from classify.models import Beat
from classify.review.models import Reading, Verdict

RULE: Final = "physicians-agree-1"
RULE_WORDS: Final = (
    "Of each recording the newest answer that was read counts, and of each reader the newest reading of it. "
    "A beat's label is the class that all its readers give it: the model's where they confirmed it, theirs where they "
    "corrected it. A beat whose readers differ is left out, and so is a recording that one of them found unreadable."
)

CONFLICT: Final = "readers_differ"
UNREADABLE: Final = "unreadable"
TEST_PICTURE: Final = "test_picture"


@dataclass(frozen=True, slots=True)
class Label:
    """What a beat's readers agree on; ``reading`` is the newest of theirs."""

    beat: Beat
    aami_class: str
    reading: Reading
    readers: int


def labels_agreed(beats: Iterable[Beat], readings: Iterable[Reading]) -> tuple[list[Label], dict[str, int]]:
    """The labels of one prediction, and by reason how many of its beats have none.

    ``readings`` in any order, with their corrections.
    """
    beats = list(beats)
    newest = _newest_by_reader(readings)
    if not newest:
        return [], {}
    if any(reading.verdict == Verdict.UNREADABLE for reading in newest):
        return [], {UNREADABLE: len(beats)}
    corrections = [{c.beat_id: c.aami_class for c in reading.corrections.all()} for reading in newest]
    labels = [Label(beat, said, newest[-1], len(newest)) for beat in beats if (said := _agreed(beat, corrections))]
    differing = len(beats) - len(labels)
    return labels, {CONFLICT: differing} if differing else {}


def _newest_by_reader(readings: Iterable[Reading]) -> list[Reading]:
    """One reading for each reader, the newest last."""
    by_reader: dict[UUID, Reading] = {}
    for reading in sorted(readings, key=lambda reading: (reading.signed_at, str(reading.pk))):
        by_reader[reading.reader_id] = reading
    return sorted(by_reader.values(), key=lambda reading: (reading.signed_at, str(reading.pk)))


def _agreed(beat: Beat, corrections: Iterable[Mapping[int, str]]) -> str | None:
    said = {corrected.get(beat.pk, beat.aami_class) for corrected in corrections}
    return said.pop() if len(said) == 1 else None
