"""Pictures that are no ECG, ECG pictures, and the figures of the gate between them."""

import json

import numpy as np
import pytest

from worker.training.evaluation.picture_gate import Gated, gated_figures, picture_gated
from worker.training.pictures.outliers import FAMILIES, families_of, outlier_pictures
from worker.training.verbs.gates import figures_write


def test_the_halves_share_no_family_and_leave_none_out():
    tuning, report = families_of("tuning"), families_of("report")
    assert not set(tuning) & set(report)
    assert set(tuning) | set(report) == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_draws_pictures_that_differ_and_come_again_by_seed(family):
    first, second, again = (FAMILIES[family](np.random.default_rng(seed)) for seed in (1, 2, 1))
    assert first.dtype == np.uint8
    assert first.ndim == 3
    assert min(first.shape[:2]) >= 32
    assert np.array_equal(first, again)
    assert first.shape != second.shape or not np.array_equal(first, second)


def test_other_numbers_are_other_pictures_of_the_same_families():
    first = next(outlier_pictures("report", 1))
    later = next(outlier_pictures("report", 1, first=7))
    assert first[0] == later[0]
    assert first[2].shape != later[2].shape or not np.array_equal(first[2], later[2])


def test_a_picture_s_end_is_told_with_its_code():
    assert picture_gated("plain", np.full((200, 400, 3), 255, np.uint8)) == Gated("plain", "refused", "blank_picture")


def test_the_figures_count_what_passes_and_what_is_refused():
    outliers = [Gated("fence", "read", "strip"), *[Gated("fence", "refused", "not_an_ecg")] * 3]
    ecgs = [Gated("chart", "read", "strip"), Gated("chart", "needs_person", "trace_unclear")]
    ecgs += [Gated("crop", "refused", "not_an_ecg"), Gated("crop", "read", "beat")]
    figures = gated_figures(outliers, ecgs)
    assert (figures["miss_rate"], figures["false_alarm_rate"], figures["to_a_person_rate"]) == (0.25, 0.25, 0.25)
    # Of sixteen pairs nine have the ECG above, and five are ties.
    assert figures["auroc"] == pytest.approx((9 + 5 / 2) / 16)
    assert figures["missed_families"] == {"fence": 1}
    assert figures["ecgs"]["by_style"]["crop"] == {"refused": 1, "needs_person": 0, "read": 1}


def test_figures_are_put_beside_those_that_stand_there(tmp_path):
    path = tmp_path / "science" / "gates.json"
    figures_write(path, ["pictures", "before", "report"], {"auroc": 0.9})
    figures_write(path, ["pictures", "after", "report"], {"auroc": 1.0})
    assert json.loads(path.read_text()) == {
        "pictures": {"before": {"report": {"auroc": 0.9}}, "after": {"report": {"auroc": 1.0}}}
    }
