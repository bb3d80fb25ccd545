import json

import numpy as np
import pytest

from tests.worker.training.label_packages import label_row, write_package
from worker.ecg.beats import Strip
from worker.ecg.drawing import context_columns, crop_columns
from worker.training.labels.fine_tune_config import LabelSettings
from worker.training.labels.label_package import LabelPackageError
from worker.training.labels.labels import Labels, TooFewLabels, label_bank, labels_load, labels_required, labels_split

SETTINGS = LabelSettings(
    held_out_share=0.2,
    least_beats=10,
    least_patients=2,
    least_classes=2,
    least_beats_of_class=3,
    least_held_out_beats=5,
)


def some(classes, patients=2):
    rows = [
        label_row(beat=f"b{i}", recording="r", patient=f"p{i % patients}", index=i, aami_class=name)
        for i, name in enumerate(classes)
    ]
    return Labels(tuple(rows), {})


def test_a_folder_of_packages_and_a_package_are_both_read(tmp_path):
    package = write_package(tmp_path / "all" / "one", patients=range(3))
    assert labels_load(tmp_path / "all", "context").rows == labels_load(package, "context").rows


def test_each_kind_gets_its_own_labels(tmp_path):
    write_package(tmp_path / "strips", patients=range(2))
    write_package(tmp_path / "beats", patients=range(5, 8), kind="beat", number=2)
    assert {row.kind for row in labels_load(tmp_path, "context").rows} == {"strip"}
    assert len(labels_load(tmp_path, "beat").rows) == 3


def test_the_newest_label_of_a_beat_counts_whatever_the_folders_are_called(tmp_path):
    write_package(tmp_path / "z_first", patients=range(3), number=1)
    write_package(tmp_path / "a_second", patients=range(1, 2), number=2, relabel="F")
    labels = labels_load(tmp_path, "context")
    assert {row.aami_class for row in labels.rows if row.patient == "patient001"} == {"F"}
    assert "F" not in {row.aami_class for row in labels.rows if row.patient != "patient001"}
    assert len({row.beat for row in labels.rows}) == len(labels.rows)


def test_a_folder_without_a_package_says_what_was_expected(tmp_path):
    with pytest.raises(LabelPackageError, match="package of labels"):
        labels_load(tmp_path, "beat")


def test_another_format_is_refused_by_name(tmp_path):
    path = write_package(tmp_path / "one", patients=range(1)) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": "beatline-labels/9"}))
    with pytest.raises(LabelPackageError, match="beatline-labels/9"):
        labels_load(tmp_path, "context")


def test_a_patient_is_on_one_side_and_stays_there_when_more_come():
    few, many = (some("N" * 400, patients) for patients in (40, 400))
    held_out = labels_split(few, 0.2)[1].patients
    learned_more, held_out_more = (part.patients for part in labels_split(many, 0.2))
    assert held_out == held_out_more & few.patients
    assert not learned_more & held_out_more
    assert learned_more | held_out_more == many.patients
    assert 50 < len(held_out_more) < 110


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (some("NNNVVV"), "6 labels"),
        (some("NNNNNNNVVVVV", patients=1), "1 patients"),
        (some("N" * 20), "1 classes"),
        (some("N" * 20 + "VV"), "1 classes"),
        (some(""), "none"),
    ],
)
def test_too_few_labels_are_refused_with_what_is_missing(labels, said):
    with pytest.raises(TooFewLabels, match=said):
        labels_required(labels, SETTINGS)


def test_enough_labels_pass():
    labels_required(some("N" * 9 + "VVV"), SETTINGS)


def test_strips_are_drawn_as_in_serving(tmp_path):
    labels = labels_load(write_package(tmp_path / "one", patients=range(2)), "context")
    bank = label_bank(labels, "context", 5)
    trace = labels.packages["recording000"].trace("recording000")
    served = context_columns(Strip(trace.values, trace.fs, trace.r_peaks))[:, :5]
    np.testing.assert_allclose(bank.columns[bank.records == "patient000"], served, atol=2e-3)
    assert [("N", "S", "V", "F", "Q")[label] for label in bank.labels] == [row.aami_class for row in labels.rows]


def test_single_beats_are_drawn_as_in_serving(tmp_path):
    labels = labels_load(write_package(tmp_path / "one", patients=range(2), kind="beat"), "beat")
    trace = labels.packages["recording001"].trace("recording001")
    np.testing.assert_allclose(label_bank(labels, "beat", 1).columns[1], crop_columns(trace.values), atol=2e-3)
    assert trace.fs is None
