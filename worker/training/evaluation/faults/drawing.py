"""Pictures with one fault, by a seed: drawn by the generator, and what a lens does not do is done to their pixels."""

import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.generator.camera import encoded
from worker.generator.truth import DrawnPicture
from worker.image.decode import Picture, decode_picture
from worker.training.evaluation.digitising.drawing import Kind, Sources, Task, picture_of, recording_of
from worker.training.evaluation.faults.faults import Case, level_of_case
from worker.training.evaluation.faults.pixels import beside_each_other, cut_through_a_row, with_glare, written_over

_QUALITY: Final = 85  # of the JPEG that is written after the pixels were changed
_OTHER_PAGE: Final = 1000  # added to a picture's number for the page beside it
_GLARE_REACH: Final = (0.05, 0.10, 0.18)  # of the longer side
_CUT_AT: Final = (0.85, 0.5, 0.15)  # of a row's height, from its rest outwards, that stays
_PAGE_GAPS: Final = (0.06, 0.02, -0.15)  # of the longer side
_SCRIBBLED: Final = (0.15, 0.4, 0.8)  # of each row's length


@dataclass(frozen=True, slots=True)
class FaultTask:
    """One picture to draw and read."""

    kind: Kind
    case: Case
    number: int
    seed: int


def faulty_picture(task: FaultTask, sources: Sources) -> Picture:
    """The task's picture as a worker decodes it: always the same."""
    drawn = _drawn(task, sources, 0)
    rgb, rng = decode_picture(drawn.data).rgb, _rng(task)
    at = task.case.strength - 1
    match task.case.fault:
        case "glare":
            rgb = with_glare(rgb, drawn, _GLARE_REACH[at], rng)
        case "cut_off":
            rgb = cut_through_a_row(rgb, drawn, _CUT_AT[at], rng)
        case "written_over":
            rgb = written_over(rgb, drawn, _SCRIBBLED[at], rng)
        case "several_pages":
            rgb = beside_each_other([drawn, _drawn(task, sources, _OTHER_PAGE)], _PAGE_GAPS[at], rng)
        case _:
            return Picture(rgb)
    return decode_picture(encoded(rgb, _QUALITY)[0])


def _drawn(task: FaultTask, sources: Sources, further: int) -> DrawnPicture:
    content = Task(task.kind, "photo-light", task.number + further, "taught", task.seed)
    return picture_of(content, recording_of(content, sources), level_of_case(task.case, task.number))


def _rng(task: FaultTask) -> np.random.Generator:
    names = (task.kind, task.case.fault, str(task.case.strength), str(task.number))
    return np.random.default_rng([task.seed, *(zlib.crc32(name.encode()) for name in names)])
