"""What the benchmark draws: sheets, screens and plots of LUDB's leads, strips of MIT-BIH, by a seed."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import numpy as np

from worker.generator.layouts import layout_drawn
from worker.generator.levels import Level
from worker.generator.picture import strip_picture
from worker.generator.plot_picture import plot_picture
from worker.generator.plot_style import plot_layout_drawn, plot_style_drawn
from worker.generator.sheet_picture import screen_picture, sheet_picture
from worker.generator.sheet_style import sheet_style_drawn
from worker.generator.truth import DrawnPicture
from worker.training.data.matching import pieces
from worker.training.ludb import REPORTED_LUDB, TAUGHT_LUDB, qrs_marks, twelve_leads
from worker.training.records import DS1, DS2, NOT_A_BEAT, Record, record_load

Kind = Literal["sheet", "strip", "screen", "plot"]
Half = Literal["taught", "reported"]
KINDS: Final[tuple[Kind, ...]] = ("sheet", "strip", "screen", "plot")
HALVES: Final[tuple[Half, ...]] = ("taught", "reported")
LEVELS: Final = ("clean", "scan", "photo-light", "photo", "photo-hard")

_MITDB: Final = {"taught": DS1, "reported": DS2}
_LUDB: Final = {"taught": TAUGHT_LUDB, "reported": REPORTED_LUDB}
_SPEEDS: Final = ((25.0, 0.9), (50.0, 0.1))
_GAINS: Final = ((10.0, 0.8), (5.0, 0.1), (20.0, 0.1))
_TURNED_SHARE: Final = 0.08
_MOST_ON_A_SCREEN: Final = 3
_SCREEN_SECONDS: Final = (4.0, 10.0)
_RHYTHM_LEAD: Final = "II"


@dataclass(frozen=True, slots=True)
class Sources:
    """Folders of the databases."""

    ludb: Path
    mitdb: Path


@dataclass(frozen=True, slots=True)
class Task:
    """One picture to draw and read.  What is shown depends on all but the ``level``, so that levels compare."""

    kind: Kind
    level: str
    number: int
    half: Half
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What is shown, with its beats.

    Parameters
    ----------
    name : str
        The record.
    leads : dict of str to ndarray of shape (n,)
        mV.
    fs : float
    beats_s : ndarray
        Annotated heartbeats, ascending.
    others_s : ndarray
        Annotations that are no heartbeats and no mistakes of a detector: waves of ventricular flutter.
    scored_s : tuple of float
        Between these times every beat is annotated.
    """

    name: str
    leads: dict[str, np.ndarray]
    fs: float
    beats_s: np.ndarray
    others_s: np.ndarray
    scored_s: tuple[float, float]


def tasks(kinds: tuple[Kind, ...], levels: tuple[str, ...], *, pictures: int, half: Half, seed: int) -> list[Task]:
    """``pictures`` of each kind at each level, those of one record after another."""
    return [Task(kind, level, number, half, seed) for kind in kinds for number in range(pictures) for level in levels]


def recording_of(task: Task, sources: Sources) -> Recording:
    """The recording that a task shows: records in an order drawn by the seed, each once before any comes again."""
    names = (_MITDB if task.kind == "strip" else _LUDB)[task.half]
    order = _rng(task.seed, task.kind).permutation(len(names))
    name = names[order[task.number % len(names)]]
    if task.kind == "strip":
        return _mitdb_piece(_record(sources.mitdb, name), _content_rng(task, "piece"))
    return _ludb_recording(sources.ludb, name)


def picture_of(task: Task, recording: Recording, level: Level | None = None) -> DrawnPicture:
    """The task's picture: always the same.  ``level`` may change what the task's own level draws from."""
    how = level or task.level
    content, rng = _content_rng(task, "page"), _rng(task.seed, task.kind, task.level, str(task.number))
    leads, fs = recording.leads, recording.fs
    if task.kind == "strip":
        (signal,) = leads.values()
        return strip_picture(signal, fs, level=how, rng=rng)
    if task.kind == "plot":
        layout = plot_layout_drawn(content)
        return plot_picture(
            leads,
            fs,
            level=how,
            rng=rng,
            layout=layout,
            style=plot_style_drawn(layout, content),
            speed_mm_s=_one_of(_SPEEDS, content),
            gain_mm_mv=_one_of(_GAINS, content),
        )
    turns = int(content.integers(1, 4)) if content.random() < _TURNED_SHARE else 0
    if task.kind == "screen":
        count = int(content.integers(1, _MOST_ON_A_SCREEN + 1))
        shown = [str(lead) for lead in content.choice(sorted(leads), count, replace=False)]
        seconds = float(content.uniform(*_SCREEN_SECONDS))
        return screen_picture(leads, fs, level=how, rng=rng, shown=shown, seconds=seconds)
    layout = layout_drawn(leads, content)
    return sheet_picture(
        leads,
        fs,
        level=how,
        rng=rng,
        layout=layout,
        style=sheet_style_drawn(layout, content),
        speed_mm_s=_one_of(_SPEEDS, content),
        gain_mm_mv=_one_of(_GAINS, content),
        quarter_turns=turns,
    )


def rhythm_signal(recording: Recording) -> np.ndarray:
    """The lead that detectors are compared on, shape (n,)."""
    return recording.leads.get(_RHYTHM_LEAD, next(iter(recording.leads.values())))


@lru_cache(maxsize=2)
def _record(folder: Path, name: str) -> Record:
    return record_load(folder, name)


def _mitdb_piece(record: Record, rng: np.random.Generator) -> Recording:
    """Ten seconds from a place drawn evenly, whatever beats they hold."""
    drawn = pieces(len(record.signals_mv), record.fs)
    piece = drawn[int(rng.integers(len(drawn)))][0]
    inside = (record.samples >= piece.start) & (record.samples < piece.stop)
    at_s, beats = (record.samples[inside] - piece.start) / record.fs, record.labels[inside] != NOT_A_BEAT
    signal = record.signal()[piece].astype(float)
    return Recording(
        name=record.name,
        leads={record.lead: signal},
        fs=record.fs,
        beats_s=at_s[beats],
        others_s=at_s[~beats],
        scored_s=(0.0, signal.size / record.fs),
    )


def _ludb_recording(folder: Path, name: str) -> Recording:
    leads, fs = twelve_leads(folder, name)
    beats_s = qrs_marks(folder, name, _RHYTHM_LEAD) / fs
    scored_s = (float(beats_s[0]), float(beats_s[-1])) if beats_s.size else (0.0, 0.0)
    finite = {lead: np.nan_to_num(signal) for lead, signal in leads.items()}
    return Recording(name, finite, fs, beats_s, np.empty(0), scored_s)


def _one_of(shares: tuple[tuple[float, float], ...], rng: np.random.Generator) -> float:
    return float(rng.choice([value for value, _ in shares], p=[share for _, share in shares]))


def _content_rng(task: Task, part: str) -> np.random.Generator:
    return _rng(task.seed, task.kind, str(task.number), part)


def _rng(seed: int, *names: str) -> np.random.Generator:
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])
