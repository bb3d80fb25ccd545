"""One picture drawn, read and measured; no network of classes takes part."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from worker.errors import EcgError
from worker.generator.truth import DrawnPicture
from worker.image.decode import decode_picture
from worker.image.read import read_picture
from worker.image.reading import LeadReading, Reading
from worker.training.evaluation.digitising.beats import BeatCounts, ClassPair, answered_counts, class_pairs
from worker.training.evaluation.digitising.curves import CurveFigures, curve_figures
from worker.training.evaluation.digitising.drawing import Recording, Sources, Task, picture_of, recording_of
from worker.training.evaluation.digitising.memory import peak_above_start_mb, peak_reset, start_mb
from worker.training.evaluation.digitising.places import Place, places_of, read_curve

Named = Literal["right", "wrong", "unknown", "not found"]
READ_AS_BEAT: Final = "read_as_beat"
CRASHED: Final = "internal"
_SCALE_WITHIN: Final = 0.02


@dataclass(frozen=True, slots=True)
class Facts:
    """How truly a picture that was read was read.

    ``curves`` and ``names`` are of every row that it shows; ``strays`` are read leads where no row is; ``has_scales``
    says whether it was read with time and voltage.
    """

    curves: tuple[CurveFigures, ...]
    names: tuple[Named, ...]
    strays: int
    has_scales: bool
    speed_right: bool
    gain_right: bool
    layout_right: bool
    beats: BeatCounts
    pairs: tuple[ClassPair, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """``code`` says why there are no ``facts``.  ``seconds`` of one core; ``memory_mb`` above the process's start."""

    task: Task
    code: str | None
    facts: Facts | None
    seconds: float
    memory_mb: float | None


def measure(task: Task, sources: Sources) -> Measured:
    """Draw, read and measure one picture."""
    start_mb()  # before anything is drawn
    recording = recording_of(task, sources)
    drawn = picture_of(task, recording)
    peak_reset()
    start = time.process_time()
    end = read_or_code(drawn)
    seconds, memory_mb = time.process_time() - start, peak_above_start_mb()
    if isinstance(end, str):
        return Measured(task, end, None, seconds, memory_mb)
    return Measured(task, None, facts_of(end, drawn, recording), seconds, memory_mb)


def read_or_code(drawn: DrawnPicture) -> Reading | str:
    """A drawn picture as the worker reads it, or why it is not read."""
    try:
        reading = read_picture(decode_picture(drawn.data))
    except EcgError as error:
        return error.code
    except Exception as error:  # a worker would go on, too, and say that the fault is its own
        return f"{CRASHED} {type(error).__name__}"
    return READ_AS_BEAT if reading.kind == "beat" else reading


def facts_of(reading: Reading, drawn: DrawnPicture, recording: Recording) -> Facts:
    """A reading held against what was drawn."""
    places = places_of(drawn, reading.leads)
    return Facts(
        curves=tuple(_curve(place, drawn, reading.leads) for place in places),
        names=tuple(_named(place, reading.leads) for place in places),
        strays=len(set(range(len(reading.leads))) - {place.lead for place in places}),
        has_scales=all(lead.fs is not None and lead.per_mv is not None for lead in reading.leads),
        speed_right=_near(reading.speed_mm_s, drawn.speed_mm_s),
        gain_right=_near(reading.gain_mm_mv, drawn.gain_mm_mv),
        layout_right=layout_key(reading.layout) == layout_key(drawn.layout),
        beats=answered_counts(reading, drawn, places, recording),
        pairs=class_pairs(reading, drawn, places, recording),
    )


def _curve(place: Place, drawn: DrawnPicture, leads: Sequence[LeadReading]) -> CurveFigures:
    read = None if place.lead is None else read_curve(place, drawn, leads[place.lead])
    return curve_figures(place.row.signal_mv, place.row.fs, place.visible, read)


def _named(place: Place, leads: Sequence[LeadReading]) -> Named:
    if place.lead is None:
        return "not found"
    name = leads[place.lead].lead
    if name is None:
        return "unknown"
    return "right" if name == place.row.lead else "wrong"


def layout_key(name: str) -> str:
    """One name for rows of one lead each, however many leads there are to choose from."""
    if name.startswith("rows-"):
        return name.removeprefix("rows-") + "x1"
    return name


def _near(found: float | None, true: float) -> bool:
    return found is not None and abs(found - true) <= _SCALE_WITHIN * true
