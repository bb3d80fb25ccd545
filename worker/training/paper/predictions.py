"""The answers of one row on one fold, beat by beat, as they are committed."""

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from worker.training.paper.beats import PAPER_SYMBOLS, PaperBeats
from worker.training.records import PAPER_CLASSES

REPOSITORY: Final = Path(__file__).resolve().parents[3]
PREDICTIONS: Final = REPOSITORY / "docs" / "science" / "paper"
COLUMNS: Final = ("record", "sample", "symbol", *(f"p_{name}" for name in PAPER_CLASSES))


@dataclass(frozen=True, slots=True, eq=False)
class PaperAnswers:
    """Labels, shape (n,), and probabilities, shape (n, 8), in the order of ``PAPER_CLASSES``."""

    labels: np.ndarray
    probabilities: np.ndarray


def predictions_path(folder: Path, config: str, row: str, fold: int) -> Path:
    return folder / config / f"{row}-fold{fold}.csv.gz"


def joined_path(folder: Path, config: str, row: str) -> Path:
    return folder / config / f"{row}.csv.gz"


def predictions_join(parts: list[Path], path: Path) -> None:
    """One file of several folds' answers, by record and sample."""
    header, lines = "", []
    for part in parts:
        header, *answers = gzip.decompress(part.read_bytes()).decode().splitlines(keepends=True)
        lines += answers
    lines.sort(key=lambda line: (line.split(",")[0], int(line.split(",")[1])))
    _write_compressed("".join([header, *lines]), path)


def predictions_write(beats: PaperBeats, indices: np.ndarray, probabilities: np.ndarray, path: Path) -> None:
    """Write probabilities to five digits; the same answers give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for index, answer in zip(indices, probabilities, strict=True):
        symbol = PAPER_SYMBOLS[beats.labels[index]]
        writer.writerow([beats.records[index], beats.samples[index], symbol, *(f"{p:.5f}" for p in answer)])
    _write_compressed(text.getvalue(), path)


def _write_compressed(text: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(gzip.compress(text.encode(), mtime=0))
    unfinished.rename(path)


def predictions_read(path: Path) -> PaperAnswers:
    """Read what ``predictions_write`` wrote.

    Raises
    ------
    ValueError
        If the file holds other columns.
    """
    with gzip.open(path, "rt", newline="") as file:
        rows = csv.reader(file)
        header = tuple(next(rows))
        if header != COLUMNS:
            raise ValueError(f"{path.name}: expected the columns {COLUMNS}. Received: {header}")
        lines = list(rows)
    labels = np.array([PAPER_SYMBOLS.index(line[2]) for line in lines], dtype=np.int64)
    return PaperAnswers(labels, np.array([line[3:] for line in lines], dtype=np.float64))
