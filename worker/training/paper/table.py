"""The table of a comparison, from the committed predictions alone."""

from pathlib import Path
from typing import Any

import numpy as np

from worker.training.paper.classes import EIGHT_CLASSES
from worker.training.paper.figures import FIGURE_NAMES, PaperFigures, paper_figures
from worker.training.paper.predictions import (
    PREDICTIONS,
    REPOSITORY,
    BeatAnswers,
    joined_path,
    predictions_join,
    predictions_path,
    predictions_read,
)
from worker.training.paper.published import PUBLISHED
from worker.training.paper.settings import PaperConfig

HEADINGS = ("AUC", "Acc", "Sp", "Se", "+P", "Acc (8)", "Se (macro)", "+P (macro)")


def folds_read(config: PaperConfig, row: str, folder: Path = PREDICTIONS) -> dict[int, BeatAnswers]:
    """Answers of the folds that are there."""
    paths = {fold: predictions_path(folder, config.name, row, fold) for fold in config.protocol.run_folds}
    return {fold: predictions_read(path, EIGHT_CLASSES) for fold, path in paths.items() if path.is_file()}


def table_text(config: PaperConfig, folder: Path = PREDICTIONS) -> str:
    """The table as Markdown: a row for each network, then the published ones.

    Per cent, mean and standard deviation over the folds; the area under the curve as a fraction.
    """
    lines = [
        _line("network", "augmentation", "folds", *HEADINGS),
        _line(*["---"] * (3 + len(HEADINGS))),
    ]
    for row in config.rows:
        figures = [paper_figures(answers) for answers in folds_read(config, row.name, folder).values()]
        cells = [_mean_and_spread(figures, name) for name in FIGURE_NAMES] if figures else ["not run"] * len(HEADINGS)
        lines.append(_line(row.name, row.augmentation, f"{len(figures)} of {config.protocol.folds}", *cells))
    for published in PUBLISHED:
        binary = (published.accuracy, published.specificity, published.sensitivity, published.positive_predictivity)
        name = f"{published.name}, published{'' if published.checked else ' (from memory)'}"
        cells = [f"{published.auc:.3f}", *(f"{value:.2f}" for value in binary), "", "", ""]
        lines.append(_line(name, "nine_crops" if published.augmented else "none", "10 of 10", *cells))
    return "\n".join(lines)


def paper_metrics(config: PaperConfig, row: str, folder: Path = PREDICTIONS) -> dict[str, Any]:
    """``metrics.paper`` of a manifest: a row's figures, pooled over the beats of all its folds.

    Fractions.  ``accuracy specificity sensitivity positive_predictivity auc`` are normal against abnormal; the
    eight-class figures stand beside them.  ``predictions`` is the path, from the repository's root, of the file
    from which all of them follow.

    Raises
    ------
    FileNotFoundError
        If the row has not been run on all folds of the configuration.
    """
    path = joined_path(folder, config.name, row)
    if not path.is_file():
        raise FileNotFoundError(f"no {path}: run `compare --config {config.name} --rows {row}` first")
    answers = predictions_read(path, EIGHT_CLASSES)
    return {
        **paper_figures(answers).as_document(),
        "folds": len(config.protocol.run_folds),
        "beats": len(answers.labels),
        "config": config.name,
        "augmentation": config.row(row).augmentation,
        "predictions": path.relative_to(REPOSITORY).as_posix() if path.is_relative_to(REPOSITORY) else str(path),
    }


def complete_rows_join(config: PaperConfig, folder: Path = PREDICTIONS) -> None:
    """Write the joined file of every row that has been run on all folds."""
    for row in config.rows:
        parts = [predictions_path(folder, config.name, row.name, fold) for fold in config.protocol.run_folds]
        if all(part.is_file() for part in parts):
            predictions_join(parts, joined_path(folder, config.name, row.name))


def _mean_and_spread(figures: list[PaperFigures], name: str) -> str:
    values = np.array([getattr(one, name) for one in figures])
    digits, scale = (4, 1) if name == "auc" else (2, 100)
    mean = f"{values.mean() * scale:.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ± {values.std(ddof=1) * scale:.{digits}f}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
