"""The answers of one network, beat by beat, as they are committed."""

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from worker.training.paper.beats import Beats
from worker.training.paper.classes import BeatClasses

REPOSITORY: Final = Path(__file__).resolve().parents[3]
SCIENCE: Final = REPOSITORY / "docs" / "science"
PREDICTIONS: Final = SCIENCE / "paper"


@dataclass(frozen=True, slots=True, eq=False)
class BeatAnswers:
    """Records and labels, shape (n,), and probabilities, shape (n, classes)."""

    records: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray


def columns_of(classes: BeatClasses) -> tuple[str, ...]:
    return ("record", "sample", "symbol", *(f"p_{name}" for name in classes.names))


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


def predictions_write(
    beats: Beats, indices: np.ndarray, probabilities: np.ndarray, classes: BeatClasses, path: Path
) -> None:
    """Write probabilities to five digits; the same answers give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns_of(classes))
    for index, answer in zip(indices, probabilities, strict=True):
        beat = (beats.records[index], beats.samples[index], beats.symbols[index])
        writer.writerow([*beat, *(f"{p:.5f}" for p in answer)])
    _write_compressed(text.getvalue(), path)


def _write_compressed(text: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(gzip.compress(text.encode(), mtime=0))
    unfinished.rename(path)


def predictions_read(path: Path, classes: BeatClasses) -> BeatAnswers:
    """Read what ``predictions_write`` wrote.

    Raises
    ------
    ValueError
        If the file holds other columns.
    """
    with gzip.open(path, "rt", newline="") as file:
        rows = csv.reader(file)
        header, expected = tuple(next(rows)), columns_of(classes)
        if header != expected:
            raise ValueError(f"{path.name}: expected the columns {expected}. Received: {header}")
        lines = list(rows)
    return BeatAnswers(
        records=np.array([line[0] for line in lines]),
        labels=classes.labels(line[2] for line in lines),
        probabilities=np.array([line[3:] for line in lines], dtype=np.float64),
    )
