import dataclasses

import numpy as np

from worker.generator.levels import level_named
from worker.generator.marks import mark_shares, marked, marks_drawn
from worker.generator.page import Page

PAGE = Page(280.0, 200.0, ())
ALL = dataclasses.replace(level_named("photo"), pen=1.0, stamp=1.0, punch=1.0, staple=1.0)


def test_a_level_has_as_many_marks_as_it_says():
    none = marks_drawn(PAGE, dataclasses.replace(ALL, pen=0, stamp=0, punch=0, staple=0), np.random.default_rng(0))
    assert (none.strokes, none.stamp, none.holes) == ((), (), ())
    every = marks_drawn(PAGE, ALL, np.random.default_rng(0))
    assert len(every.strokes) >= 3
    assert len(every.stamp) == 1
    assert len(every.holes) == 2


def test_marks_change_the_page_only_where_they_are():
    paper = np.full((800, 1120, 3), 250, np.float32)
    for seed in range(5):
        marks = marks_drawn(PAGE, ALL, np.random.default_rng(seed))
        changed = np.abs(marked(paper, marks, 4.0) - paper).max(axis=2) > 1
        covered = mark_shares(marks, (800, 1120), 4.0) > 0
        assert changed.any()
        assert not (changed & ~covered).any()
