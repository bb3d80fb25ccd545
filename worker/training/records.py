"""MIT-BIH Arrhythmia Database: records, their beats, and de Chazal's split by patient.

Moody & Mark, IEEE Eng Med Biol 20(3), 2001; PhysioNet, Goldberger et al., Circulation 101(23), 2000.
"""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import wfdb

from worker.ecg.annotations import AAMI_CLASS_OF_SYMBOL, AAMI_CLASSES, RR_NEIGHBOUR_SYMBOLS

DS1: Final = tuple(
    "101 106 108 109 112 114 115 116 118 119 122 124 201 203 205 207 208 209 215 220 223 230".split()  # noqa: SIM905
)
DS2: Final = tuple(
    "100 103 105 111 113 117 121 123 200 202 210 212 213 214 219 221 222 228 231 232 233 234".split()  # noqa: SIM905
)
PACED_TRAINING: Final = ("102", "107")
PACED_TEST: Final = ("104", "217")
ALL_RECORDS: Final = tuple(sorted(DS1 + DS2 + PACED_TRAINING + PACED_TEST))
PREFERRED_LEAD: Final = "MLII"
NOT_A_BEAT: Final = -1

# The eight classes of Jun et al. 2018 (arXiv 1804.06812, table 1), by the WFDB symbol that makes each.  A ventricular
# flutter wave is one of them although AAMI EC57 counts it as no beat.
PAPER_CLASSES: Final = {
    "NOR": "N",
    "PVC": "V",
    "PAB": "/",
    "RBB": "R",
    "LBB": "L",
    "APC": "A",
    "VFW": "!",
    "VEB": "E",
}

DEFAULT_DATA: Final = Path("../shared/data/mitdb")
DOWNLOADED: Final = Path("var/mitdb")  # where the download command puts them


class RecordsMissing(Exception):
    """The database is not where it was looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One record.

    ``signals_mv`` has shape (n_samples, n_leads).  ``samples`` are the annotations that end an RR interval,
    with their ``symbols``; ``labels`` index ``AAMI_CLASSES``, or are ``NOT_A_BEAT`` for ventricular flutter waves.
    """

    name: str
    fs: float
    leads: tuple[str, ...]
    signals_mv: np.ndarray
    samples: np.ndarray
    symbols: tuple[str, ...]
    labels: np.ndarray

    @property
    def lead(self) -> str:
        """MLII by name (record 114 has it second); the first lead of 102 and 104, which have none."""
        return PREFERRED_LEAD if PREFERRED_LEAD in self.leads else self.leads[0]

    @property
    def other_lead(self) -> str:
        return next(lead for lead in self.leads if lead != self.lead)

    def signal(self, lead: str | None = None) -> np.ndarray:
        """One lead in mV, shape (n_samples,)."""
        return self.signals_mv[:, self.leads.index(lead or self.lead)]


def data_folder(given: Path | None) -> Path:
    """The folder that holds the records.

    As given, else ``BEATLINE_DATA``, else ``../shared/data/mitdb``, else where the download command puts them.

    Raises
    ------
    RecordsMissing
        If it holds no record 100.
    """
    named = given or os.environ.get("BEATLINE_DATA")
    folder = Path(named or DEFAULT_DATA)
    for candidate in (folder, folder / "mitdb", *([] if named else [DOWNLOADED])):
        if (candidate / "100.hea").is_file():
            return candidate
    raise RecordsMissing(
        f"The MIT-BIH records are not in {folder}. Give --data or BEATLINE_DATA, "
        "or run: python -m worker.training download"
    )


def record_load(folder: Path, name: str) -> Record:
    """Read one record with its beat annotations."""
    header_and_signal = wfdb.rdrecord(str(folder / name))
    annotation = wfdb.rdann(str(folder / name), "atr")
    beats = [
        (sample, symbol)
        for sample, symbol in zip(annotation.sample, annotation.symbol, strict=True)
        if symbol in RR_NEIGHBOUR_SYMBOLS
    ]
    symbols = tuple(symbol for _, symbol in beats)
    return Record(
        name=name,
        fs=float(header_and_signal.fs),
        leads=tuple(header_and_signal.sig_name),
        signals_mv=header_and_signal.p_signal.astype(np.float32),
        samples=np.array([sample for sample, _ in beats], dtype=np.int64),
        symbols=symbols,
        labels=np.array([label_of_symbol(symbol) for symbol in symbols], dtype=np.int64),
    )


def label_of_symbol(symbol: str) -> int:
    """Index into ``AAMI_CLASSES``, or ``NOT_A_BEAT``."""
    if symbol not in AAMI_CLASS_OF_SYMBOL:
        return NOT_A_BEAT
    return AAMI_CLASSES.index(AAMI_CLASS_OF_SYMBOL[symbol])


def class_counts(records: Iterable[Record]) -> dict[str, int]:
    """Beats of each AAMI class."""
    counted: Counter[int] = Counter()
    for record in records:
        counted.update(record.labels[record.labels != NOT_A_BEAT].tolist())
    return {aami_class: counted[index] for index, aami_class in enumerate(AAMI_CLASSES)}


def fine_class_counts(records: Iterable[Record]) -> dict[str, int]:
    """Annotations of each of the paper's eight classes."""
    counted = Counter(symbol for record in records for symbol in record.symbols)
    return {name: counted[symbol] for name, symbol in PAPER_CLASSES.items()}


def download(folder: Path) -> None:
    """Fetch the database from PhysioNet (about 100 MB)."""
    wfdb.dl_database("mitdb", str(folder), records=list(ALL_RECORDS))
