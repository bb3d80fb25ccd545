"""Ends made up, and what they come to."""

import pytest

from worker.errors import OUTCOME_OF_CODE
from worker.image.faults import FAULTS as TOLD
from worker.training.evaluation.faults.drawing import FaultTask
from worker.training.evaluation.faults.faults import FAULTS, PLAIN_FAULTS, REASON_OF_FAULT, STRENGTHS, Case
from worker.training.evaluation.faults.figures import Ended, fault_rows, fault_tasks, reason_rows, wrong_share
from worker.training.evaluation.faults.table import tables


def end(fault, code, strength=1):
    return Ended(FaultTask("strip", Case(fault, strength), 0, 0), code)


ENDS = [
    end("none", None),
    end("blurred", None),
    end("blurred", "blurred", 2),
    end("shaken", "blurred"),
    end("shaken", "trace_unclear", 3),
    end("glare", "glare"),
    end("glare", "blurred", 2),
    end("noisy", "trace_unclear"),
    end("hurried", "blurred"),
]


def by_reason():
    return {row.reason: row for row in reason_rows(ENDS)}


def test_every_reason_that_the_reader_tells_has_a_fault_that_is_drawn():
    assert set(REASON_OF_FAULT.values()) == TOLD
    assert set(OUTCOME_OF_CODE) >= TOLD


def test_a_reason_is_true_of_every_fault_that_it_explains():
    blurred = by_reason()["blurred"]
    assert (blurred.true, blurred.named) == (3, 2)
    assert (blurred.others, blurred.wrong) == (3, 1)


def test_a_reason_that_nobody_is_given_is_counted_too():
    cut = by_reason()["cut_off"]
    assert (cut.true, cut.named, cut.others, cut.wrong) == (0, 0, 6, 0)


def test_hurried_pictures_and_those_that_were_read_count_neither_way():
    assert wrong_share(ENDS) == pytest.approx(1 / 6)
    assert wrong_share([end("none", None), end("hurried", "glare")]) == 0.0


def test_a_fault_says_how_its_pictures_ended():
    rows = {row.fault: row for row in fault_rows(ENDS)}
    assert (rows["glare"].pictures, rows["glare"].read, rows["glare"].codes) == (2, 0, {"glare": 1, "blurred": 1})
    assert (rows["none"].read, rows["none"].codes) == (1, {})


def test_the_tables_say_all_of_it():
    said = tables(ENDS, "Measured now.")
    assert "| `blurred` | 3 | 2 (67 %) | 3 | 1 (33 %) |" in said
    assert "| `cut_off` | 0 | – | 6 | 0 (0 %) |" in said
    assert "16.7 % are given the reason of another fault" in said
    assert "| shaken | 2 | 0 | `blurred` 1, `trace_unclear` 1 |" in said


def test_each_fault_is_drawn_at_each_strength_of_each_kind():
    tasks = fault_tasks(pictures=2, seed=0)
    assert len(set(tasks)) == len(tasks)
    assert len(tasks) == 2 * 2 * (len(PLAIN_FAULTS) + len(STRENGTHS) * (len(FAULTS) - len(PLAIN_FAULTS)))
