"""A made-up record as LUDB's are written."""

import numpy as np
import pytest
import wfdb

from worker.ecg.leads import STANDARD_LEADS
from worker.training.ludb import REPORTED_LUDB, TAUGHT_LUDB, qrs_marks, twelve_leads
from worker.training.records import RecordsMissing

MARKS = {"(": [90, 390], "p": [60], "N": [100, 400], ")": [110, 410], "t": [160]}


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    signals = np.arange(12) / 10 + np.zeros((500, 1))
    names = [lead.lower() for lead in STANDARD_LEADS]
    wfdb.wrsamp("7", fs=500, units=["mV"] * 12, sig_name=names, p_signal=signals, fmt=["16"] * 12, write_dir=str(data))
    marks = sorted((sample, symbol) for symbol, samples in MARKS.items() for sample in samples)
    samples, symbols = zip(*marks, strict=True)
    wfdb.wrann("7", "avr", np.array(samples), symbol=list(symbols), write_dir=str(data))
    return tmp_path


def test_leads_have_their_usual_names(folder):
    leads, fs = twelve_leads(folder, "7")
    assert tuple(leads) == STANDARD_LEADS
    assert fs == 500.0
    assert leads["V6"][0] == pytest.approx(1.1, abs=0.01)


def test_only_qrs_marks_are_beats(folder):
    assert qrs_marks(folder, "7", "aVR").tolist() == [100, 400]


@pytest.mark.parametrize("missing", [("8", "aVR"), ("7", "II")])
def test_a_record_without_marks_is_said_to_be_missing(folder, missing):
    with pytest.raises(RecordsMissing, match="Lobachevsky"):
        qrs_marks(folder, *missing)


def test_no_record_is_of_both_halves():
    assert not set(TAUGHT_LUDB) & set(REPORTED_LUDB)
    assert len(TAUGHT_LUDB) == len(REPORTED_LUDB) == 50
