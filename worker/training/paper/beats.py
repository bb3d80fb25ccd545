"""The paper's 107,668 beats, and what each network sees of them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from tqdm import tqdm

from worker.ecg import drawing as drawing_module
from worker.ecg.beats import PAPER_FS_HZ, PAPER_MARGIN_SAMPLES, Strip, paper_window
from worker.ecg.drawing import context_columns, crop_columns
from worker.training.records import PAPER_CLASSES, Record, record_load

DrawingKind = Literal["crop", "context"]
PAPER_SYMBOLS: Final = tuple(PAPER_CLASSES.values())
NORMAL: Final = PAPER_SYMBOLS.index("N")
SHORTEST_WINDOW: Final = 2 * PAPER_MARGIN_SAMPLES


@dataclass(frozen=True, slots=True, eq=False)
class PaperBeats:
    """One row for each beat of the eight classes; ``labels`` index ``PAPER_SYMBOLS``."""

    records: np.ndarray
    samples: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def symbols(self) -> np.ndarray:
        return np.array(PAPER_SYMBOLS)[self.labels]


def paper_beats(records: list[Record]) -> PaperBeats:
    """Beats of the eight classes, in the order of the records and of time."""
    names, samples, labels = [], [], []
    for record in records:
        chosen = _of_eight_classes(record)
        names.append(np.full(len(chosen), record.name))
        samples.append(record.samples[chosen])
        labels.append(np.array([PAPER_SYMBOLS.index(record.symbols[i]) for i in chosen], dtype=np.int64))
    return PaperBeats(np.concatenate(names), np.concatenate(samples), np.concatenate(labels))


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


def crops_drawn(record: Record) -> np.ndarray:
    """The paper's picture of every beat of the eight classes, shape (n, 1, 128, 2)."""
    if record.fs != PAPER_FS_HZ:
        raise ValueError(f"record {record.name}: expected {PAPER_FS_HZ} Hz. Received: {record.fs} Hz")
    signal = record.signal()
    windows = [beat_window(record, int(index)) for index in _of_eight_classes(record)]
    return np.stack([crop_columns(signal[first:last]) for first, last in windows])


def contexts_drawn(record: Record) -> np.ndarray:
    """Our pictures of the same beats, from the whole record with the annotators' R peaks."""
    columns = context_columns(Strip(record.signal(), record.fs, record.samples))
    return columns[_of_eight_classes(record)]


def drawings_load(kind: DrawingKind, data: Path, names: tuple[str, ...], folder: Path) -> np.ndarray:
    """Drawings of the records' beats as float16, drawn once and kept in a folder.

    The kept file's name holds a digest of the code that draws, so that drawings of other code are drawn anew.  It is
    mapped, not read: all drawings of all beats are more than a fold learns from.

    Returns
    -------
    ndarray of float16, shape (n, channels, columns, 2)
        In the order of ``paper_beats``.
    """
    kept = folder / f"{kind}-{_drawing_digest()}.npy"
    if kept.is_file():
        return np.load(kept, mmap_mode="r")
    draw = crops_drawn if kind == "crop" else contexts_drawn
    parts = [
        draw(record_load(data, name)).astype(np.float16) for name in tqdm(names, desc=f"drawing {kind}", unit="record")
    ]
    folder.mkdir(parents=True, exist_ok=True)
    np.save(kept, np.concatenate(parts))
    return np.load(kept, mmap_mode="r")


def _of_eight_classes(record: Record) -> np.ndarray:
    return np.flatnonzero(np.isin(record.symbols, list(PAPER_SYMBOLS)))


def _drawing_digest() -> str:
    sources = [path.read_bytes() for path in sorted(Path(str(drawing_module.__file__)).parent.glob("*.py"))]
    return hashlib.sha256(b"".join([*sources, Path(__file__).read_bytes()])).hexdigest()[:12]
