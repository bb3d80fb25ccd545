from dataclasses import replace

import numpy as np
import pytest

from worker.image.answering import answering_of
from worker.image.reading import LeadReading

FS = 200.0


def read(name, seconds, *, row=0, column=0, gaps=0.0, quality=95, beats=3):
    n = int(seconds * FS)
    gap = np.arange(n) < gaps * n
    r_peaks = np.linspace(100, n - 100, beats).astype(int) if beats else np.empty(0, int)
    return LeadReading(
        np.zeros(n), 10.0, FS, r_peaks, np.zeros((n, 2)), ((0, 0, 1, 1),) * beats, gap, quality, name, "printed",
        row=row, column=column,
    )  # fmt: skip


def sheet(rhythm=()):
    leads = [["I", "aVR", "V1", "V4"], ["II", "aVL", "V2", "V5"], ["III", "aVF", "V3", "V6"]]
    columns = [read(name, 2.5, row=r, column=c) for r, row in enumerate(leads) for c, name in enumerate(row)]
    return columns + [read(name, 10.0, row=3 + r) for r, name in enumerate(rhythm)]


def beating(lead):
    return True


def names(leads, may_beat=beating):
    return [leads[at].lead for at in answering_of(leads, may_beat)]


def test_a_rhythm_strip_answers_for_all():
    leads = sheet(["II"])
    assert answering_of(leads, beating) == (12,)


@pytest.mark.parametrize(
    ("rhythm", "chosen"), [(["V1", "II", "V5"], ["II"]), (["III", "V5"], ["V5"]), ([None, "aVR"], [None])]
)
def test_of_several_rhythm_strips_the_one_that_models_know_best(rhythm, chosen):
    assert names(sheet(rhythm)) == chosen


def test_without_one_each_column_answers_for_its_own_time():
    assert names(sheet()) == ["II", "aVF", "V1", "V5"]


def test_a_lead_with_large_gaps_or_without_beats_does_not_answer():
    leads = [read("II", 10.0, gaps=0.3), read("V5", 10.0, row=1, beats=0), read("V1", 10.0, row=2)]
    assert names(leads) == ["V1"]
    assert answering_of(leads[:2], beating) == ()


def test_a_poor_reading_of_the_best_lead_is_worse_than_a_good_one_of_another():
    assert names([read("II", 10.0, quality=88), read("V5", 10.0, row=1)]) == ["V5"]


def test_a_lead_that_was_read_poorly_does_not_answer():
    assert names([read("II", 10.0, quality=80)]) == []


def test_columns_answer_where_no_rhythm_strip_beats_like_a_heart():
    assert names(sheet(["II"]), lambda lead: lead.seconds < 6) == ["II", "aVF", "V1", "V5"]
    assert names(sheet(["II", "V5"]), lambda lead: lead.lead != "II") == ["V5"]
    assert names(sheet(["II"]), lambda lead: False) == ["II"]
    assert names(sheet(["II"]), lambda lead: False if lead.seconds > 6 else None) == ["II"]
    assert names(sheet(["II"]), lambda lead: None) == ["II"]


def test_in_a_column_the_lead_that_beats_like_a_heart_answers():
    assert names(sheet(), lambda lead: lead.lead not in ("II", "aVF")) == ["I", "aVL", "V1", "V5"]


def test_columns_answer_only_together():
    leads = sheet()
    poor = [replace(lead, quality=70) if lead.column == 1 else lead for lead in leads]
    assert names(poor) == []
    still = [replace(lead, r_peaks=np.empty(0, int)) if lead.column == 1 else lead for lead in poor]
    assert names(still) == ["II", "V1", "V5"]
    assert names([*poor, read("V1", 10.0, row=3)]) == ["V1"]
