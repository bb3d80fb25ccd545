"""Generated pages of the records that the row reader may learn from: the odd ones of LUDB and DS1 of MIT-BIH."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from worker.ecg.filters import band_passed
from worker.ecg.leads import STANDARD_LEADS
from worker.generator.sheet_picture import sheet_picture
from worker.generator.truth import DrawnPicture
from worker.training.ludb import twelve_leads
from worker.training.records import DS1, record_load

TAUGHT_LUDB: Final = tuple(str(number) for number in range(1, 101, 2))
LEVELS: Final = ("clean", "scan", "photo-light", "photo", "photo-hard")
_LEVEL_SHARES: Final = (0.12, 0.18, 0.2, 0.3, 0.2)
_LUDB_SHARE: Final = 0.6
_SPEEDS: Final = ((25.0, 0.88), (50.0, 0.12))
_GAINS: Final = ((5.0, 0.1), (10.0, 0.8), (20.0, 0.1))
_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Sources:
    ludb: Path
    mitdb: Path


def page_drawn(sources: Sources, rng: np.random.Generator) -> DrawnPicture:
    """A sheet at any level of difficulty, speed and gain, as if scanned or photographed."""
    leads, fs = _ludb_leads(sources, rng) if rng.random() < _LUDB_SHARE else _mitdb_leads(sources, rng)
    if rng.random() < 0.5:  # as machines filter
        leads = {name: band_passed(signal, fs, 0.4, min(100.0, fs / 2 - 1)) for name, signal in leads.items()}
    level = str(rng.choice(LEVELS, p=_LEVEL_SHARES))
    return sheet_picture(
        leads, fs, level=level, rng=rng, speed_mm_s=_one_of(_SPEEDS, rng), gain_mm_mv=_one_of(_GAINS, rng)
    )


def _one_of(shares: tuple[tuple[float, float], ...], rng: np.random.Generator) -> float:
    return float(rng.choice([value for value, _ in shares], p=[share for _, share in shares]))


def _ludb_leads(sources: Sources, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], float]:
    leads, fs = twelve_leads(sources.ludb, str(rng.choice(TAUGHT_LUDB)))
    return {name: np.nan_to_num(signal) for name, signal in leads.items()}, fs


def _mitdb_leads(sources: Sources, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], float]:
    """Ten seconds of a record's two leads under twelve names, each of another height: beats that LUDB does not have."""
    record = record_load(sources.mitdb, str(rng.choice(DS1)))
    count = int(_SECONDS * record.fs)
    start = int(rng.integers(len(record.signals_mv) - count))
    piece = np.nan_to_num(record.signals_mv[start : start + count].astype(float))
    piece = piece - np.median(piece, axis=0)
    leads = {
        name: piece[:, rng.integers(piece.shape[1])] * rng.choice([-1, 1]) * rng.uniform(0.4, 1.6)
        for name in STANDARD_LEADS
    }
    return leads, record.fs
