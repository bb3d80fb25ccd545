import numpy as np

from tests.worker.training.simulation.test_rhythm import synthetic_record
from worker.training.data.views import View, shown
from worker.training.simulation.exam import EXAM_RHYTHMS, exam_records
from worker.training.simulation.plans import N, S


def test_the_exam_of_a_record_is_shown_like_a_record():
    exam = list(exam_records(synthetic_record(), None))
    assert len(exam) == len(EXAM_RHYTHMS)
    assert [record.name for record in exam] == ["901-0", "901-1", "901-2", "901-3"]
    for record in exam:
        for reading in ("strip10", "whole"):
            seen = shown(record, View(reading))
            assert sorted(seen.annotations) == list(range(len(record.samples)))
    symbols = {(symbol, label) for record in exam for symbol, label in zip(record.symbols, record.labels, strict=True)}
    assert {("N", N), ("A", S)} <= symbols


def test_the_exam_is_the_same_every_time_and_none_without_normal_beats():
    first, second = ([record.signal() for record in exam_records(synthetic_record(), None)] for _ in range(2))
    assert all(np.array_equal(one, two) for one, two in zip(first, second, strict=True))
    assert list(exam_records(synthetic_record(beats=30), None)) == []
