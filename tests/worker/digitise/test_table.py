import csv

import pytest

from tests.worker.digitise.curves import lead, tracing
from worker.digitise.csv_table import csv_written
from worker.digitise.table import table_of


def test_leads_stand_on_the_sheets_common_time_axis():
    table = table_of(tracing(lead("I", (1, 2)), lead("V1", (3, 4), start_s=0.021), lead("II", (5, 6, 7, 8, 9))))
    assert table.columns == ((1, 2, None, None, None), (None, None, 3, 4, None), (5, 6, 7, 8, 9))
    assert table.fs == 100.0


def test_each_lead_has_a_name_of_its_own_and_a_rhythm_strip_says_so():
    part, whole = (0,) * 4, (0,) * 16
    names = table_of(
        tracing(lead("II", part), lead("V1", part), lead("II", whole), lead(None, part), lead(None, whole))
    ).names
    assert names == ("II", "V1", "II-rhythm", "unknown", "unknown-2")


def test_a_lead_shown_twice_at_one_length_is_numbered():
    assert table_of(tracing(lead("V5"), lead("V5"))).names == ("V5", "V5-2")


def test_what_is_told_of_a_lead_cannot_break_a_line():
    assert table_of(tracing(lead("V1\n# note", (1,)))).names == ("V1 # note",)


def test_leads_of_different_rates_are_not_put_side_by_side():
    with pytest.raises(ValueError, match="one rate"):
        table_of(tracing(lead("I"), lead("II", fs=200.0)))


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_the_csv_is_empty_where_nothing_was_seen(tmp_path):
    csv_written(tmp_path, "sheet", table_of(tracing(lead("I", (1500, None)), lead("II", (-20,), start_s=0.01))))
    assert rows_of(tmp_path / "sheet.csv") == [
        ["time_s", "I", "II"],
        ["0.00000", "1.500", ""],
        ["0.01000", "", "-0.020"],
    ]


def test_without_time_the_csv_counts_samples(tmp_path):
    csv_written(tmp_path, "beat", table_of(tracing(lead("I", None, fs=None, heights=(0.25, None)))))
    assert rows_of(tmp_path / "beat.csv") == [["sample", "I"], ["0", "0.2500"], ["1", ""]]
