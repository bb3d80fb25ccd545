"""Simulated rhythms of patients that a network was not fitted to, to be asked about like records."""

import zlib
from collections.abc import Iterator
from typing import Final

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.training.records import Record
from worker.training.simulation.plans import RhythmName
from worker.training.simulation.rhythm import Rhythm, rhythm_simulated

EXAM_RHYTHMS: Final[tuple[RhythmName, ...]] = ("events", "atrial_runs", "atrial_runs", "block")
EXAM_MINUTES: Final = 3.0
_SEED: Final = 777  # no rhythm of a bank is drawn with it
_SYMBOLS: Final = dict(zip("NSVFQ", "NAVFQ", strict=True))


def exam_records(record: Record, foreign_ventricular: list[np.ndarray] | None) -> Iterator[Record]:
    """Rhythms of a record's beats as records with names of their own; none where it has too few normal beats.

    Parameters
    ----------
    record : Record
    foreign_ventricular : list of ndarray, optional
        See ``rhythm_simulated``.
    """
    rng = np.random.default_rng([_SEED, zlib.crc32(record.name.encode())])
    for number, rhythm in enumerate(EXAM_RHYTHMS):
        simulated = rhythm_simulated(
            record, rng, minutes=EXAM_MINUTES, foreign_ventricular=foreign_ventricular, rhythm=rhythm
        )
        if simulated is None:
            return
        yield _as_record(simulated, f"{record.name}-{number}")


def _as_record(rhythm: Rhythm, name: str) -> Record:
    return Record(
        name=name,
        fs=rhythm.fs,
        leads=("simulated",),
        signals_mv=rhythm.signal_mv[:, None].astype(np.float32),
        samples=rhythm.samples,
        symbols=tuple(_SYMBOLS[AAMI_CLASSES[label]] for label in rhythm.labels),
        labels=rhythm.labels,
    )
