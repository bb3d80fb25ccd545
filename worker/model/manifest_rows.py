"""The rows of a manifest's figures: in what order they stand and what they are called.

Cards, the report, the terminal and the portal all show them.  A manifest may come from elsewhere: whatever is not
there, or is no table of figures, is no row.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

Path = tuple[str, ...]
Row = tuple[Path, Mapping[str, Any]]

READING_TITLES: Final = {
    "crop": "each beat as one picture (the paper's window and drawing)",
    "strip10": "strips of 10 s",
    "whole": "whole recordings of 30 min",
}
PEAKS_TITLES: Final = {"oracle": "annotated R peaks", "detected": "detected R peaks"}
_LEFT_OUT: Final = {
    "without_recording_prior": "without estimating the share of S from the answers",
    "without_232": "without record 232 (three quarters of DS2's S)",
    "without_213": "without record 213 (nearly all of DS2's F)",
    "without_202": "without record 202 (thought to be the patient of 201)",
}
_LEVELS: Final = ("clean", "scan", "photo-light", "photo", "photo-hard")
_ALONE: Final = {"strip2_5": "pieces of 2.5 s", "unknown_lead": "lead and time scale unknown"}


def rows_of(found: Any) -> Iterator[Row]:
    """The rows of a protocol (``metrics.ds2``), each with its path, in the order of a table."""
    for reading in READING_TITLES:
        for peaks in PEAKS_TITLES:
            figures = _table(found, reading, peaks)
            yield from _row((reading, peaks), figures)
            for left_out in _LEFT_OUT:
                yield from _row((reading, peaks, left_out), _table(figures, left_out))
    for alone in _ALONE:
        yield from _row((alone,), _table(found, alone))
    for group in ("lead", "noise", "roundtrip"):
        # A database keeps no order of keys; noise falls with the number.
        for name in sorted(_table(found, group), key=_natural, reverse=group == "noise"):
            figures = _table(found, group, name)
            yield from _row((group, name), figures)
            yield from _row((group, name, "detected"), _table(figures, "detected"))


def _table(found: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _row(path: Path, figures: Mapping[str, Any]) -> Iterator[Row]:
    if isinstance(figures.get("per_class"), Mapping):
        yield path, figures


def _natural(name: str) -> tuple[int, int, str]:
    """Noise levels by their number, levels of distortion from the least on, anything else by name."""
    if name.isdecimal():
        return (0, int(name), "")
    return (1, _LEVELS.index(name) if name in _LEVELS else len(_LEVELS), name)


def main_rows(found: Any) -> list[Row]:
    return [(path, figures) for path, figures in rows_of(found) if path[0] in READING_TITLES]


def other_rows(found: Any) -> list[Row]:
    return [(path, figures) for path, figures in rows_of(found) if path[0] not in READING_TITLES]


def title(path: Path, figures: Mapping[str, Any]) -> str:
    """A row's name in words."""
    match path:
        case (reading, peaks) if reading in READING_TITLES:
            return f"{READING_TITLES[reading]}, {PEAKS_TITLES[peaks]}"
        case (_, _, left_out) if left_out in _LEFT_OUT:
            return f"… {_LEFT_OUT[left_out]}"
        case ("lead", lead):
            return f"second lead {lead} ({len(figures.get('records', []))} patients)"
        case ("noise", snr_db):
            return f"noise at {snr_db} dB"
        case ("noise", _, "detected"):
            return "… detected R peaks"
        case ("roundtrip", level):
            answered = f": {figures['coverage']:.1%} of the beats have an answer" if "coverage" in figures else ""
            return f"drawn and read again, {level}{answered}"
        case (alone,) if alone in _ALONE:
            return _ALONE[alone]
        case _:
            return " ".join(path)


def titled(rows: Iterable[Row]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(title(path, figures), figures) for path, figures in rows]
