"""Lobachevsky University Database: twelve leads, ten seconds, 500 Hz.

Kalyakulina et al., IEEE Access 8, 2020; PhysioNet, Goldberger et al., Circulation 101(23), 2000.  ODC-By 1.0.
"""

from pathlib import Path

import numpy as np
import wfdb

from worker.ecg.leads import STANDARD_LEADS
from worker.training.records import RecordsMissing


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
