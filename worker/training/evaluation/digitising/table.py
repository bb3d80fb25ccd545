"""The benchmark's figures as a page shows them."""

from pathlib import Path
from typing import Final

import numpy as np

from worker.training.evaluation.digitising.beats import BeatCounts
from worker.training.evaluation.digitising.detectors import DetectorFigures
from worker.training.evaluation.digitising.figures import Figures, Row

BEGIN: Final = "<!-- figures: begin, written by digitise-benchmark -->"
END: Final = "<!-- figures: end -->"
_NOTHING: Final = "–"
_CURVES: Final = (
    "picture", "n", "not read", "SNR dB, median", "SNR dB, 10 %", "r", "RMSE mV", "R peaks Se / +P", "classes agree",
)  # fmt: skip
_PAGES: Final = (
    "picture", "with scales", "speed right", "gain right", "layout right",
    "names right / wrong / unknown / row not found",
    "stray leads", "seconds, median / most", "MB, most",
)  # fmt: skip
_DETECTORS: Final = ("detector", "signals", "pieces", "beats", "Se / +P", "pieces without an error")


def tables(figures: Figures, about: str) -> str:
    """Markdown; ``about`` says how it was measured."""
    parts = [
        about,
        table(_CURVES, [_curves_cells(row) for row in figures.rows]),
        table(_PAGES, [_pages_cells(row) for row in figures.rows]),
        table(
            _DETECTORS,
            [
                _detector_cells(name, source, found)
                for source, detectors in figures.detectors.items()
                for name, found in detectors.items()
            ],
        ),
    ]
    return "\n\n".join(parts)


def table_rewritten(page: Path, text: str, begin: str = BEGIN, end: str = END) -> None:
    """Put the figures between two markers of a page.

    Raises
    ------
    ValueError
        If the page does not have both, in their order.
    """
    before, found_begin, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"{page.name}: expected the lines {begin} and {end}")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def table(heads: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, *rows)]
    return "\n".join([lines[0], f"|{'---|' * len(heads)}", *lines[1:]])


def _curves_cells(row: Row) -> list[str]:
    reasons = ", ".join(f"{code.replace('_', ' ')} {share:.2f}" for code, share in row.not_read.items())
    return [
        f"{row.kind}, {row.level}",
        str(row.pictures),
        f"{row.refused:.2f}" + (f" ({reasons})" if reasons else ""),
        _figure(row.snr_db, 1),
        _figure(row.snr_low_db, 1),
        _figure(row.r, 3),
        _figure(row.rmse_mv, 3),
        sensitivity_and_predictivity(row.beats),
        f"{_figure(row.classes_agree, 3)} of {row.class_beats:,}" if row.class_beats else _NOTHING,
    ]


def _pages_cells(row: Row) -> list[str]:
    names = " / ".join(f"{row.names.get(name, 0.0):.2f}" for name in ("right", "wrong", "unknown", "not found"))
    return [
        f"{row.kind}, {row.level}",
        _figure(row.has_scales, 2),
        _figure(row.speed_right, 2),
        _figure(row.gain_right, 2),
        _figure(row.layout_right, 2),
        names if row.names else _NOTHING,
        str(row.strays) if row.names else _NOTHING,
        f"{row.seconds:.1f} / {row.seconds_most:.1f}",
        _NOTHING if row.memory_mb is None else f"{row.memory_mb:.0f}",
    ]


def _detector_cells(name: str, source: str, found: DetectorFigures) -> list[str]:
    return [
        name,
        source,
        str(found.pieces),
        f"{found.beats.hits + found.beats.missed:,}",
        sensitivity_and_predictivity(found.beats),
        f"{found.perfect / found.pieces:.3f}",
    ]


def sensitivity_and_predictivity(beats: BeatCounts) -> str:
    """In per cent."""
    shares = [
        100 * beats.hits / total if total else np.nan for total in (beats.hits + beats.missed, beats.hits + beats.false)
    ]
    return " / ".join(_figure(share, 2) for share in shares)


def _figure(value: float, digits: int) -> str:
    return _NOTHING if np.isnan(value) else f"{value:.{digits}f}"
