import numpy as np
import pytest

from worker.ecg.annotations import AAMI_CLASS_OF_SYMBOL
from worker.training.records import (
    ALL_RECORDS,
    DS1,
    DS2,
    NOT_A_BEAT,
    PACED_TEST,
    PACED_TRAINING,
    RecordsMissing,
    class_counts,
    data_folder,
    fine_class_counts,
    label_of_symbol,
    record_load,
)


@pytest.fixture(scope="module")
def records():
    try:
        folder = data_folder(None)
    except RecordsMissing as reason:
        pytest.skip(str(reason))
    return {name: record_load(folder, name) for name in ALL_RECORDS}


@pytest.mark.data
def test_ds1_and_ds2_hold_the_published_counts(records):
    ds1 = class_counts(records[name] for name in DS1)
    ds2 = class_counts(records[name] for name in DS2)
    assert ds1 == {"N": 45866, "S": 944, "V": 3788, "F": 415, "Q": 8}
    assert ds2 == {"N": 44259, "S": 1837, "V": 3221, "F": 388, "Q": 7}


@pytest.mark.data
def test_all_records_hold_the_papers_eight_classes(records):
    eight = fine_class_counts(records.values())
    assert eight == {
        "NOR": 75052,
        "PVC": 7130,
        "PAB": 7028,
        "RBB": 7259,
        "LBB": 8075,
        "APC": 2546,
        "VFW": 472,
        "VEB": 106,
    }
    assert sum(eight.values()) == 107_668


@pytest.mark.data
def test_mlii_is_found_by_name_and_not_by_position(records):
    assert records["114"].leads == ("V5", "MLII")
    assert records["114"].lead == "MLII"
    assert np.array_equal(records["114"].signal(), records["114"].signals_mv[:, 1])
    assert records["102"].lead == "V5"


@pytest.mark.data
def test_ventricular_flutter_is_a_neighbour_but_no_beat(records):
    flutter = [index for index, symbol in enumerate(records["207"].symbols) if symbol == "!"]
    assert len(flutter) == 472
    assert (records["207"].labels[flutter] == NOT_A_BEAT).all()


def test_no_patient_of_the_test_is_in_training():
    assert len(DS1) == len(DS2) == 22
    assert len(set(DS1 + DS2 + PACED_TRAINING + PACED_TEST)) == 48


def test_every_symbol_has_the_aami_class_of_de_chazal():
    assert {symbol: AAMI_CLASS_OF_SYMBOL[symbol] for symbol in "NLRejAaJSVEF/fQ"} == dict(
        zip("NLRejAaJSVEF/fQ", "NNNNNSSSSVVFQQQ", strict=True)
    )
    assert label_of_symbol("+") == label_of_symbol("~") == NOT_A_BEAT


def test_missing_records_are_answered_with_what_to_do(tmp_path):
    with pytest.raises(RecordsMissing, match="download"):
        data_folder(tmp_path)


def test_what_was_downloaded_is_found_without_being_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BEATLINE_DATA", raising=False)
    downloaded = tmp_path / "var" / "mitdb"
    downloaded.mkdir(parents=True)
    (downloaded / "100.hea").touch()
    assert data_folder(None).resolve() == downloaded
    with pytest.raises(RecordsMissing):
        data_folder(tmp_path / "elsewhere")
