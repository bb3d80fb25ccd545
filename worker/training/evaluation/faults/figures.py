"""Which reasons faulty pictures end with: how often the true one, and how often that of another fault."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from worker.errors import EcgError
from worker.image.read import read_picture
from worker.training.evaluation.digitising.drawing import Kind, Sources
from worker.training.evaluation.faults.drawing import FaultTask, faulty_picture
from worker.training.evaluation.faults.faults import FAULTS, PLAIN_FAULTS, REASON_OF_FAULT, STRENGTHS, Case, Fault
from worker.training.evaluation.side_by_side import done_side_by_side

KINDS: Final[tuple[Kind, ...]] = ("sheet", "strip")
REASONS: Final = tuple(dict.fromkeys(REASON_OF_FAULT.values()))
_MIXED: Final[Fault] = "hurried"


@dataclass(frozen=True, slots=True)
class Ended:
    """``code`` is None where the picture was read."""

    task: FaultTask
    code: str | None


@dataclass(frozen=True, slots=True)
class FaultRow:
    """Pictures with one fault, at all strengths: ``read`` are those that were, ``codes`` the ends of the others."""

    fault: Fault
    pictures: int
    read: int
    codes: dict[str, int]


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """How one reason is given to pictures that were not read.

    ``true`` are those with its fault, ``named`` those of them that it is given to; ``others`` are those with another
    fault, ``wrong`` those of them that it is given to.
    """

    reason: str
    true: int
    named: int
    others: int
    wrong: int


def fault_tasks(*, pictures: int, seed: int) -> list[FaultTask]:
    """``pictures`` of each kind, fault and strength."""
    return [
        FaultTask(kind, Case(fault, strength), number, seed)
        for kind in KINDS
        for number in range(pictures)
        for fault in FAULTS
        for strength in (STRENGTHS[:1] if fault in PLAIN_FAULTS else STRENGTHS)
    ]


def ended_all(tasks: Sequence[FaultTask], sources: Sources, *, jobs: int) -> list[Ended]:
    """Draw and read all pictures, in order; ``jobs`` processes side by side, each on one core."""
    return done_side_by_side(partial(ended, sources=sources), tasks, jobs)


def ended(task: FaultTask, sources: Sources) -> Ended:
    """Draw and read one picture."""
    try:
        read_picture(faulty_picture(task, sources))
    except EcgError as error:
        return Ended(task, error.code)
    return Ended(task, None)


def fault_rows(ends: Sequence[Ended]) -> list[FaultRow]:
    """A row for each fault, in the order in which they came."""
    rows = []
    for fault in dict.fromkeys(end.task.case.fault for end in ends):
        codes = [end.code for end in ends if end.task.case.fault == fault]
        named = Counter(code for code in codes if code is not None)
        rows.append(FaultRow(fault, len(codes), codes.count(None), dict(named.most_common())))
    return rows


def reason_rows(ends: Sequence[Ended]) -> list[ReasonRow]:
    """A row for each reason; hurried pictures, with several faults at once, count neither way."""
    failed = [end for end in ends if end.code is not None and end.task.case.fault != _MIXED]
    rows = []
    for reason in REASONS:
        true = [end for end in failed if REASON_OF_FAULT.get(end.task.case.fault) == reason]
        others = [end for end in failed if REASON_OF_FAULT.get(end.task.case.fault) != reason]
        named, wrong = (sum(end.code == reason for end in group) for group in (true, others))
        rows.append(ReasonRow(reason, len(true), named, len(others), wrong))
    return rows


def wrong_share(ends: Sequence[Ended]) -> float:
    """The share of failed pictures that are given the reason of another fault."""
    rows = reason_rows(ends)
    return sum(row.wrong for row in rows) / max(1, rows[0].true + rows[0].others)
