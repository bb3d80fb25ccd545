"""The table's figures, from the committed predictions alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from worker.training.evaluation.metrics import confusion_matrix
from worker.training.evaluation.protocols import ProtocolName
from worker.training.evaluation.records_figures import records_figures
from worker.training.new_patients.settings import NewPatientsConfig
from worker.training.paper.classes import FIVE_CLASSES
from worker.training.paper.predictions import SCIENCE, predictions_read

PROTOCOL_TITLES: Final[dict[ProtocolName, str]] = {"ds1-held-out": "DS1 records left out", "ds2": "**DS2**"}


def predictions_file(folder: Path, config: str, row: str, protocol: ProtocolName) -> Path:
    return folder / config / f"{row}-{protocol}.csv.gz"


def unit_figures(path: Path) -> dict[str, Any]:
    """Everything about one network on its patients, as a manifest has it for a reading.

    Parameters
    ----------
    path : Path
        Predictions of every beat of the patients.
    """
    answers = predictions_read(path, FIVE_CLASSES)
    answered = answers.probabilities.argmax(axis=1)
    of_record = {name: answers.records == name for name in np.unique(answers.records)}
    return records_figures(
        {str(name): confusion_matrix(answers.labels[beats], answered[beats]) for name, beats in of_record.items()}
    )


def figures_found(
    config: NewPatientsConfig, folder: Path = SCIENCE
) -> Iterator[tuple[str, ProtocolName, dict[str, Any]]]:
    """Row, protocol and figures of what was run: for each row the left-out records of DS1, then DS2."""
    for row in config.rows:
        for protocol in PROTOCOL_TITLES:
            path = predictions_file(folder, config.name, row.name, protocol)
            if path.is_file():
                yield row.name, protocol, unit_figures(path)


def table_rows(config: NewPatientsConfig, folder: Path = SCIENCE) -> list[tuple[str, dict[str, Any]]]:
    """Titles and figures, two lines for each network: patients left out of DS1, and below them DS2."""
    return [(row_title(row, protocol), figures) for row, protocol, figures in figures_found(config, folder)]


def row_title(row: str, protocol: ProtocolName) -> str:
    return f"{row}, {PROTOCOL_TITLES[protocol]}"
