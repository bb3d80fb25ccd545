"""The beats that are shuffled or split by patient, and what each network sees of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from tqdm import tqdm

from worker.ecg import drawing as drawing_module
from worker.ecg.beats import PAPER_FS_HZ, PAPER_MARGIN_SAMPLES, Strip, paper_window
from worker.ecg.drawing import context_columns, crop_columns
from worker.training.paper.classes import BeatClasses
from worker.training.records import Record, record_load

DrawingKind = Literal["crop", "context"]
SHORTEST_WINDOW: Final = 2 * PAPER_MARGIN_SAMPLES


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """One row for each beat: its record, sample and WFDB symbol, and its class as an index into some classes."""

    records: np.ndarray
    samples: np.ndarray
    symbols: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def beats_of(records: Iterable[Record], classes: BeatClasses) -> Beats:
    """Beats of some classes, in the order of the records and of time."""
    parts = [_beats_of_record(record, classes) for record in records]
    return Beats(*(np.concatenate([getattr(part, name) for part in parts]) for name in Beats.__slots__))


def _beats_of_record(record: Record, classes: BeatClasses) -> Beats:
    chosen = classes.positions(record)
    symbols = np.array(record.symbols)[chosen]
    return Beats(np.full(len(chosen), record.name), record.samples[chosen], symbols, classes.labels(symbols))


def beat_window(record: Record, index: int) -> tuple[int, int]:
    """The paper's window of a beat, for every beat.

    The first beat of a record has no neighbour before it, the last none behind it: the record's own end takes the
    neighbour's place, so that no beat is lost and the counts stay the paper's.  Neighbours so close that the
    margins leave less than 40 samples (111 ms) give the beat 20 samples to either side.

    Parameters
    ----------
    record : Record
    index : int
        Position in ``record.samples``.

    Returns
    -------
    tuple of int
        First sample and one past the last.
    """
    n_samples = len(record.signals_mv)
    previous = int(record.samples[index - 1]) if index > 0 else -PAPER_MARGIN_SAMPLES
    following = int(record.samples[index + 1]) if index + 1 < len(record.samples) else n_samples + PAPER_MARGIN_SAMPLES
    first, last = paper_window(previous, following)
    first, last = max(first, 0), min(last, n_samples)
    if last - first < SHORTEST_WINDOW:
        here = int(record.samples[index])
        first = min(max(here - PAPER_MARGIN_SAMPLES, 0), n_samples - SHORTEST_WINDOW)
        last = first + SHORTEST_WINDOW
    return first, last


def crops_drawn(record: Record, classes: BeatClasses) -> np.ndarray:
    """The paper's picture of every beat of some classes, shape (n, 1, 128, 2)."""
    if record.fs != PAPER_FS_HZ:
        raise ValueError(f"record {record.name}: expected {PAPER_FS_HZ} Hz. Received: {record.fs} Hz")
    signal = record.signal()
    windows = [beat_window(record, int(index)) for index in classes.positions(record)]
    return np.stack([crop_columns(signal[first:last]) for first, last in windows])


def contexts_drawn(record: Record, classes: BeatClasses) -> np.ndarray:
    """Our pictures of the same beats, from the whole record with the annotators' R peaks."""
    columns = context_columns(Strip(record.signal(), record.fs, record.samples))
    return columns[classes.positions(record)]


def drawings_load(
    kind: DrawingKind, data: Path, names: tuple[str, ...], classes: BeatClasses, folder: Path
) -> np.ndarray:
    """Drawings of the records' beats as float16, drawn once and kept in a folder.

    The kept file's name holds a digest of the records, the classes and the code that draws, so that whatever differs
    is drawn anew.  It is mapped, not read: all drawings of all beats are more than a fold learns from.

    Returns
    -------
    ndarray of float16, shape (n, channels, columns, 2)
        In the order of ``beats_of``.
    """
    kept = folder / f"{kind}-{_drawing_digest(names, classes)}.npy"
    if kept.is_file():
        return np.load(kept, mmap_mode="r")
    draw = crops_drawn if kind == "crop" else contexts_drawn
    parts = [
        draw(record_load(data, name), classes).astype(np.float16)
        for name in tqdm(names, desc=f"drawing {kind}", unit="record")
    ]
    folder.mkdir(parents=True, exist_ok=True)
    np.save(kept, np.concatenate(parts))
    return np.load(kept, mmap_mode="r")


def _drawing_digest(names: tuple[str, ...], classes: BeatClasses) -> str:
    sources = [path.read_bytes() for path in sorted(Path(str(drawing_module.__file__)).parent.glob("*.py"))]
    beats = repr((names, sorted(classes.of_symbol))).encode()
    return hashlib.sha256(b"".join([*sources, Path(__file__).read_bytes(), beats])).hexdigest()[:12]
