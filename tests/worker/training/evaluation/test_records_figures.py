import numpy as np
import pytest

from worker.training.evaluation.metrics import confusion_matrix
from worker.training.evaluation.records_figures import records_figures


@pytest.fixture
def confusions():
    """100 is answered rightly, 202 wrongly; N is 0 and S is 1."""
    labels = np.array([0, 0, 1])
    return {"100": confusion_matrix(labels, labels), "202": confusion_matrix(labels, np.array([1, 1, 0]))}


def test_records_stand_together_apart_and_without_the_one_that_is_told_of(confusions):
    figures = records_figures(confusions)
    assert figures["accuracy"] == 0.5
    assert figures["without_202"]["accuracy"] == 1
    assert "without_232" not in figures
    assert {name: found["accuracy"] for name, found in figures["per_record"].items()} == {"100": 1, "202": 0}
    assert figures["interval_95"]["accuracy"] == [0, 1]


def test_a_record_alone_has_no_row_without_it(confusions):
    assert "without_202" not in records_figures({"202": confusions["202"]})
