"""Lobachevsky University Database: twelve leads, ten seconds, 500 Hz.

Kalyakulina et al., IEEE Access 8, 2020; PhysioNet, Goldberger et al., Circulation 101(23), 2000.  ODC-By 1.0.
"""

from pathlib import Path
from typing import Final

import numpy as np
import wfdb

from worker.ecg.leads import STANDARD_LEADS
from worker.training.records import RecordsMissing

# Networks that read pictures may learn from the odd records; figures are reported on the even ones.
TAUGHT_LUDB: Final = tuple(str(number) for number in range(1, 101, 2))
REPORTED_LUDB: Final = tuple(str(number) for number in range(2, 101, 2))
_QRS: Final = "N"


def twelve_leads(folder: Path, record: str) -> tuple[dict[str, np.ndarray], float]:
    """The leads of a record in mV by their usual names, and their sampling rate in Hz.

    Raises
    ------
    RecordsMissing
        If the record is not in the folder.
    """
    path = folder / "data" / record
    if not path.with_suffix(".hea").is_file():
        raise RecordsMissing(f"No record {record} of the Lobachevsky University Database in {folder}.")
    read = wfdb.rdrecord(str(path))
    usual = {lead.lower(): lead for lead in STANDARD_LEADS}
    leads = {usual[name.lower()]: read.p_signal[:, number] for number, name in enumerate(read.sig_name)}
    return leads, float(read.fs)


def qrs_marks(folder: Path, record: str, lead: str) -> np.ndarray:
    """The annotated QRS complexes of one lead, as samples; the first and last beats of a record have no marks.

    Raises
    ------
    RecordsMissing
        If the record is not in the folder.
    """
    path = folder / "data" / record
    if not path.with_suffix(f".{lead.lower()}").is_file():
        raise RecordsMissing(f"No record {record} of the Lobachevsky University Database in {folder}.")
    marks = wfdb.rdann(str(path), lead.lower())
    chosen = [sample for sample, symbol in zip(marks.sample, marks.symbol, strict=True) if symbol == _QRS]
    return np.array(chosen, dtype=np.int64)
