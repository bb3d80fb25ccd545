"""Generated pages of the records that the readers may learn from: the odd ones of LUDB and DS1 of MIT-BIH."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from worker.ecg.filters import band_passed
from worker.ecg.leads import STANDARD_LEADS
from worker.generator.layouts import layout_drawn
from worker.generator.levels import Level, level_named
from worker.generator.paper import BLACK, PLOTTED
from worker.generator.picture import strip_picture
from worker.generator.sheet_picture import screen_picture, sheet_picture
from worker.generator.sheet_style import sheet_style_drawn
from worker.generator.truth import DrawnPicture
from worker.training.ludb import TAUGHT_LUDB, twelve_leads
from worker.training.records import DS1, record_load

LEVELS: Final = ("clean", "scan", "photo-light", "photo", "photo-hard")
_LEVEL_SHARES: Final = (0.12, 0.18, 0.2, 0.3, 0.2)
_LUDB_SHARE: Final = 0.6
_SPEEDS: Final = ((25.0, 0.75), (50.0, 0.25))
_GAINS: Final = ((5.0, 0.15), (10.0, 0.7), (20.0, 0.15))
_SECONDS: Final = 10.0
_SCREEN_SHARE: Final = 0.1
_STRIP_SHARE: Final = 0.08
_QUICK_SHARE: Final = 0.35
_QUICKER: Final = (1.0, 1.7)
_TALL_SHARE: Final = 0.25
_TALLER: Final = (1.2, 2.2)
_PLOTTED_SHARE: Final = 0.35
_PLOTTED_INKS: Final = ("black", "black", "gray", "royal")
_BLACK_SHARE: Final = 0.2
_BLACK_LINES: Final = ("dotted", "dotted", "majors", "solid")
_FRAMED_SHARE: Final = 0.2
_ON_LINES_SHARE: Final = 0.3
_TREMOR_SHARE, _HUM_SHARE, _SPIKE_SHARE = 0.1, 0.06, 0.08
_TREMOR_MV: Final = (0.03, 0.12)
_HUM_MV: Final = (0.01, 0.06)


@dataclass(frozen=True, slots=True)
class Sources:
    ludb: Path
    mitdb: Path


def page_drawn(sources: Sources, rng: np.random.Generator) -> DrawnPicture:
    """A sheet at any level, speed and gain, as if scanned or photographed; at times a strip or a monitor."""
    leads, fs = _ludb_leads(sources, rng) if rng.random() < _LUDB_SHARE else _mitdb_leads(sources, rng)
    leads = _varied(leads, fs, rng)
    if rng.random() < _QUICK_SHARE:  # narrower waves than the records have
        fs *= rng.uniform(*_QUICKER)
    level = _level_drawn(rng)
    if rng.random() < _SCREEN_SHARE:
        return screen_picture(leads, fs, level=level, rng=rng)
    speed, gain = _one_of(_SPEEDS, rng), _one_of(_GAINS, rng)
    if rng.random() < _STRIP_SHARE:
        lead = str(rng.choice(list(leads)))
        return strip_picture(leads[lead], fs, level=level, rng=rng, lead=lead, speed_mm_s=speed, gain_mm_mv=gain)
    layout = layout_drawn(leads, rng)
    framed, on_lines = rng.random(2) < (_FRAMED_SHARE, _ON_LINES_SHARE)
    style = replace(sheet_style_drawn(layout, rng), framed=bool(framed), on_lines=bool(on_lines))
    return sheet_picture(leads, fs, level=level, rng=rng, layout=layout, style=style, speed_mm_s=speed, gain_mm_mv=gain)


def _level_drawn(rng: np.random.Generator) -> Level:
    """One of the levels, at times with paper as programs plot it, whose lines are as dark and as wide as the curve."""
    level = level_named(str(rng.choice(LEVELS, p=_LEVEL_SHARES)))
    kind = rng.random()
    if kind < _PLOTTED_SHARE:
        return replace(level, sheet_colours=PLOTTED, inks=_PLOTTED_INKS)
    if kind < _PLOTTED_SHARE + _BLACK_SHARE:
        return replace(level, sheet_colours=BLACK, lines=_BLACK_LINES, inks=("black",))
    return level


def _varied(leads: dict[str, np.ndarray], fs: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """As machines filter, or as they do not; taller, with a tremor, the mains' hum or a pacemaker's spikes."""
    if rng.random() < _TALL_SHARE:
        taller = rng.uniform(*_TALLER)
        leads = {name: taller * signal for name, signal in leads.items()}
    if rng.random() < 0.5:
        leads = {name: band_passed(signal, fs, 0.4, min(100.0, fs / 2 - 1)) for name, signal in leads.items()}
    time_s = np.arange(next(iter(leads.values())).size) / fs
    if rng.random() < _TREMOR_SHARE:
        strength = rng.uniform(*_TREMOR_MV)
        leads = {
            name: signal + strength * band_passed(rng.normal(0, 1, signal.size), fs, 15.0, 90.0)
            for name, signal in leads.items()
        }
    if rng.random() < _HUM_SHARE:
        hum = rng.uniform(*_HUM_MV) * np.sin(2 * np.pi * rng.choice((50.0, 60.0)) * time_s)
        leads = {name: signal + rng.uniform(0.3, 1.0) * hum for name, signal in leads.items()}
    if rng.random() < _SPIKE_SHARE:
        spikes = (time_s % rng.uniform(0.5, 1.1)) < rng.uniform(0.003, 0.006)
        leads = {name: signal + rng.uniform(-1.5, 1.5) * spikes for name, signal in leads.items()}
    return leads


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
