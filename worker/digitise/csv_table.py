"""Curves as a CSV file: time, and a column for each lead that is empty where it was not seen."""

import csv
from pathlib import Path

from worker.digitise.table import Table


def csv_written(folder: Path, name: str, table: Table) -> str:
    """Write mV by second, by sample where the picture carries no time; name the file."""
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["sample" if table.fs is None else "time_s", *table.names])
        for at, values in enumerate(zip(*table.columns, strict=True)):
            rows.writerow([_time(at, table.fs), *(_cell(value, table.has_voltage) for value in values)])
    return f"{name}.csv"


def _time(at: int, fs: float | None) -> str:
    return str(at) if fs is None else f"{at / fs:.5f}"


def _cell(value: int | float | None, has_voltage: bool) -> str:
    if value is None:
        return ""
    return f"{value / 1000:.3f}" if has_voltage else f"{value:.4f}"
