import json

import pytest

from worker.model import manifest_rows
from worker.model.manifest_rows import main_rows, other_rows, rows_of, title
from worker.model.registry import ARTIFACTS
from worker.training.evaluation.records_figures import LEFT_OUT_ROWS


def figures(accuracy=0.9, **more):
    return {"accuracy": accuracy, "per_class": {"N": {"f1": accuracy}}, **more}


FOUND = {
    "roundtrip": {"photo": figures(0.5, coverage=0.9, oracle=figures(0.99)), "clean": figures(0.8, coverage=1.0)},
    "noise": {"6": figures(detected=figures()), "24": figures(), "12": figures()},
    "lead": {"V5": figures(records=["100"]), "V1": figures(records=["105", "111"])},
    "strip2_5": figures(),
    "whole": {"detected": figures(), "oracle": figures(without_232=figures())},
}


def test_rows_stand_in_one_order_whatever_order_they_came_in():
    titles = [title(path, row) for path, row in rows_of(FOUND)]
    assert titles == [
        "whole recordings of 30 min, annotated R peaks",
        "… without record 232 (three quarters of DS2's S)",
        "whole recordings of 30 min, detected R peaks",
        "pieces of 2.5 s",
        "second lead V1 (2 patients)",
        "second lead V5 (1 patients)",
        "noise at 24 dB",
        "noise at 12 dB",
        "noise at 6 dB",
        "… detected R peaks",
        "drawn and read again, clean: 100.0% of the beats have an answer",
        "drawn and read again, photo: 90.0% of the beats have an answer",
    ]
    assert len(main_rows(FOUND)) + len(other_rows(FOUND)) == len(titles)


def test_a_round_trip_is_shown_by_its_own_figures():
    rows = dict(rows_of(FOUND))
    assert rows["roundtrip", "photo"]["accuracy"] == 0.5
    assert ("roundtrip", "photo", "oracle") not in rows


@pytest.mark.parametrize("found", [None, "soon", {}, {"whole": "soon"}, {"whole": {"oracle": {"per_class": 1}}}])
def test_what_holds_no_figures_has_no_rows(found):
    assert list(rows_of(found)) == []


def test_every_row_that_is_measured_without_something_has_words():
    assert set(manifest_rows._LEFT_OUT) == {*LEFT_OUT_ROWS, "without_recording_prior"}


@pytest.mark.parametrize("path", sorted(ARTIFACTS.glob("*/*/manifest.json")), ids=lambda path: path.parent.name)
def test_no_table_of_a_shipped_manifest_is_passed_over(path):
    ds2 = json.loads(path.read_text())["metrics"]["ds2"]
    shown = {row for row, _ in rows_of(ds2)}
    groups = {key for key, found in ds2.items() if "per_class" in found}
    pairs = {(key, name) for key, found in ds2.items() if key not in groups for name in found}
    assert {(key,) for key in groups} | pairs <= shown
