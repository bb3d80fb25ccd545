"""The rows of a manifest's figures: in what order they stand, what they are called, and as a Markdown table."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from worker.training.figures import LEFT_OUT_ROWS
from worker.training.metrics import SCORED_CLASSES

Path = tuple[str, ...]

READING_TITLES: Final = {
    "crop": "each beat as one picture (the paper's window and drawing)",
    "strip10": "strips of 10 s",
    "whole": "whole recordings of 30 min",
}
_PEAKS: Final = {"oracle": "annotated R peaks", "detected": "detected R peaks"}
_LEFT_OUT: Final = {
    "without_232": "without record 232 (three quarters of DS2's S)",
    "without_213": "without record 213 (nearly all of DS2's F)",
    "without_202": "without record 202 (thought to be the patient of 201)",
}
_ALONE: Final = {"strip2_5": "pieces of 2.5 s", "unknown_lead": "lead and time scale unknown"}


def rows_of(found: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The rows of a protocol (``metrics.ds2``), each with its path, in the order of a table."""
    for reading in READING_TITLES:
        for peaks, figures in found.get(reading, {}).items():
            yield (reading, peaks), figures
            yield from (((reading, peaks, row), figures[row]) for row in LEFT_OUT_ROWS if row in figures)
    yield from (((row,), found[row]) for row in _ALONE if row in found)
    for group in ("lead", "noise", "roundtrip"):
        for name, figures in found.get(group, {}).items():
            yield (group, name), figures
            if "detected" in figures:
                yield (group, name, "detected"), figures["detected"]


def main_rows(found: dict[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    return [(path, figures) for path, figures in rows_of(found) if path[0] in READING_TITLES]


def other_rows(found: dict[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    return [(path, figures) for path, figures in rows_of(found) if path[0] not in READING_TITLES]


def title(path: Path, figures: dict[str, Any]) -> str:
    """A row's name in words."""
    match path:
        case (reading, peaks) if reading in READING_TITLES:
            return f"{READING_TITLES[reading]}, {_PEAKS[peaks]}"
        case (_, _, left_out) if left_out in _LEFT_OUT:
            return f"… {_LEFT_OUT[left_out]}"
        case ("lead", lead):
            return f"second lead {lead} ({len(figures['records'])} patients)"
        case ("noise", snr_db):
            return f"noise at {snr_db} dB"
        case ("noise", _, "detected"):
            return "… detected R peaks"
        case ("roundtrip", level):
            return f"drawn and read again, {level}: {figures['coverage']:.1%} of the beats have an answer"
        case (alone,) if alone in _ALONE:
            return _ALONE[alone]
        case _:
            return " ".join(path)


def markdown_table(rows: Iterable[tuple[str, dict[str, Any]]], first: str = "") -> str:
    """Rows with their titles; sensitivity, positive predictivity and F1 of each class."""
    heads = [f"{name} Se / +P / F1" for name in SCORED_CLASSES]
    columns = ["accuracy", "macro F1 N S V F", "macro F1 N S V", *heads]
    lines = [f"| {first} | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name, figures in rows:
        cells = [f"{figures[key]:.3f}" for key in ("accuracy", "macro_f1", "macro_f1_nsv")]
        lines.append(f"| {name} | {' | '.join([*cells, *(triple(figures, c) for c in SCORED_CLASSES)])} |")
    return "\n".join(lines)


def titled(rows: Iterable[tuple[Path, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    return [(title(path, figures), figures) for path, figures in rows]


def triple(figures: dict[str, Any], aami_class: str) -> str:
    of_class = figures["per_class"][aami_class]
    return " / ".join(f"{of_class[key]:.3f}" for key in ("sensitivity", "positive_predictivity", "f1"))
