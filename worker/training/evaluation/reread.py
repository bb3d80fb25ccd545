"""Pieces of records drawn as pictures and read again by the worker's own reader; no network takes part."""

import multiprocessing
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
from tqdm import tqdm

from worker.ecg.beats import Strip, paper_window
from worker.errors import EcgError
from worker.generator.picture import DrawnPicture, beat_picture, strip_picture
from worker.image.decode import decode_picture
from worker.image.read import read_picture
from worker.image.reading import LeadReading
from worker.training.data.matching import MATCH_WITHIN_S, matched_beats, pieces
from worker.training.records import NOT_A_BEAT, Record, record_load

_CHUNK: Final = 4  # pictures that a process takes at a time


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A piece of a record to draw.

    ``beats`` are the sample indices of all annotations in ``signal``, ``labels_of_beats`` what they are; ``scored``
    says which of them the piece answers for.  ``core`` bounds the samples that the piece answers for.
    """

    kind: Literal["beat", "strip"]
    record: str
    start: int
    signal: np.ndarray
    fs: float
    beats: np.ndarray
    labels_of_beats: np.ndarray
    scored: np.ndarray
    core: tuple[int, int]

    @property
    def labels(self) -> np.ndarray:
        return self.labels_of_beats[self.scored]


@dataclass(frozen=True, slots=True, eq=False)
class Reread:
    """What the reader made of a cut's picture.

    ``code`` says why there is no ``strip``.  ``partner`` is the strip's beat that belongs to each annotation, or -1;
    ``false`` are the strip's beats that belong to none, those in the margins left out.
    """

    code: str | None
    strip: Strip | None
    partner: np.ndarray
    false: np.ndarray


def strips_cut(data: Path, records: Iterable[str], *, every: int, seed: int) -> list[Cut]:
    """Every ``every``-th strip of ten seconds, from a start drawn for each record.

    Raises
    ------
    ValueError
        If no strip with a beat is left.
    """
    cuts = []
    for name in records:
        record = record_load(data, name)
        signal = record.signal()
        drawn = pieces(len(signal), record.fs)
        first = int(_rng(seed, name).integers(every))
        cuts += [_strip_cut(record, signal, piece, core) for piece, core in drawn[first::every]]
    return _not_empty([cut for cut in cuts if cut.scored.any()], every)


def crops_cut(data: Path, records: Iterable[str], *, every: int, seed: int) -> list[Cut]:
    """Every ``every``-th beat in the paper's window; see ``strips_cut``."""
    cuts = []
    for name in records:
        record = record_load(data, name)
        signal = record.signal()
        inner = np.arange(1, len(record.samples) - 1)
        beats = inner[record.labels[inner] != NOT_A_BEAT]
        first = int(_rng(seed, name).integers(every))
        cuts += [_crop_cut(record, signal, int(index)) for index in beats[first::every]]
    return _not_empty(cuts, every)


def _not_empty(cuts: list[Cut], every: int) -> list[Cut]:
    if not cuts:
        raise ValueError(f"every: expected a step that leaves a picture. Received: {every}")
    return cuts


def _strip_cut(record: Record, signal: np.ndarray, piece: slice, core: slice) -> Cut:
    inside = np.flatnonzero((record.samples >= piece.start) & (record.samples < piece.stop))
    samples, labels = record.samples[inside], record.labels[inside]
    in_core = (samples >= core.start) & (samples < core.stop)
    return Cut(
        kind="strip",
        record=record.name,
        start=piece.start,
        signal=signal[piece],
        fs=record.fs,
        beats=samples - piece.start,
        labels_of_beats=labels,
        scored=in_core & (labels != NOT_A_BEAT),
        core=(core.start - piece.start, core.stop - piece.start),
    )


def _crop_cut(record: Record, signal: np.ndarray, index: int) -> Cut:
    first, last = paper_window(int(record.samples[index - 1]), int(record.samples[index + 1]), record.fs)
    return Cut(
        kind="beat",
        record=record.name,
        start=first,
        signal=signal[first:last],
        fs=record.fs,
        beats=record.samples[index : index + 1] - first,
        labels_of_beats=record.labels[index : index + 1],
        scored=np.array([True]),
        core=(0, last - first),
    )


def reread_all(cuts: Sequence[Cut], level: str, *, seed: int, processes: int) -> list[Reread]:
    """Draw and read all cuts at one level, in order; ``processes`` side by side."""
    work = partial(reread, level=level, seed=seed)
    if processes == 1:
        return [work(cut) for cut in tqdm(cuts, desc=level, unit="picture")]
    # Started anew and not forked: a network may have been loaded, and its threads do not survive a fork.
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=start, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        done = pool.map(work, cuts, chunksize=_CHUNK)
        return list(tqdm(done, total=len(cuts), desc=level, unit="picture"))


def reread(cut: Cut, *, level: str, seed: int) -> Reread:
    """Draw one cut at a level and read its picture."""
    drawn = picture_of(cut, level=level, seed=seed)
    try:
        reading = read_picture(decode_picture(drawn.data))
    except EcgError as error:
        return _unread(cut, error.code)
    if reading.kind != cut.kind:
        return _unread(cut, f"read_as_{reading.kind}")
    (lead,) = reading.answered
    partner = _partners(cut, drawn, lead)
    unknown = np.setdiff1d(np.arange(lead.r_peaks.size), partner)
    first, last = drawn.trace_px[[0, -1], 0]
    left, right = drawn.trace_px[[cut.core[0], cut.core[1] - 1], 0]
    x = lead.r_peaks_px[unknown, 0]
    # In a margin it may be a beat that the neighbouring piece answers for; beside the curve it is none in any case.
    in_margin = ((x >= first) & (x < left)) | ((x > right) & (x <= last))
    return Reread(
        code=None,
        strip=Strip(lead.values, lead.fs, lead.r_peaks),
        partner=partner,
        false=unknown[~in_margin],
    )


def picture_of(cut: Cut, *, level: str, seed: int) -> DrawnPicture:
    """The cut's picture: always the same for a level and a seed."""
    draw = strip_picture if cut.kind == "strip" else beat_picture
    return draw(cut.signal, cut.fs, level=level, rng=_rng(seed, cut.record, level, str(cut.start)))


def _partners(cut: Cut, drawn: DrawnPicture, lead: LeadReading) -> np.ndarray:
    px_per_s = drawn.px_per_mm_x * drawn.speed_mm_s
    at_px = drawn.trace_px[cut.beats, 0]
    if cut.kind == "beat":  # one beat is the beat, wherever its largest wave lies
        return np.zeros(1, int)
    return matched_beats(at_px, lead.r_peaks_px[:, 0], MATCH_WITHIN_S * px_per_s)


def _unread(cut: Cut, code: str) -> Reread:
    return Reread(code, None, np.full(cut.beats.size, -1), np.empty(0, int))


def _rng(seed: int, *names: str) -> np.random.Generator:
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])
