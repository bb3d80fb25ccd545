"""Curves as a WFDB record: a header and 16-bit samples, as header(5) and signal(5) of the WFDB manual say.

Written by hand, because the worker goes without the wfdb package and the dozen packages behind it.
"""

from pathlib import Path
from typing import Final

import numpy as np

from worker.digitise.table import Column, Table

ADU_PER_MV: Final = 1000.0  # one unit is a microvolt
_LARGEST: Final = 32767
_NOT_SEEN: Final = -32768  # format 16's mark for a sample without a value


def wfdb_written(folder: Path, name: str, table: Table) -> tuple[str, str]:
    """Write a record, and name its two files.

    Parameters
    ----------
    folder : Path
    name : str
        Letters, digits, hyphens and underscores.
    table : Table
        With time and voltage.

    Raises
    ------
    ValueError
        If the table has no time or no voltage: a record states both.
    """
    if table.fs is None or not table.has_voltage:
        raise ValueError(f"table: expected time and voltage. Received: fs {table.fs}, {table.has_voltage}")
    gains = [_adu_per_mv(column) for column in table.columns]
    samples = np.stack([_samples(column, gain) for column, gain in zip(table.columns, gains, strict=True)], axis=1)
    lines = [f"{name} {len(table.names)} {_number(table.fs)} {table.length}"]
    lines += [
        f"{name}.dat 16 {_number(gain)}(0)/mV 16 0 {of_lead[0]} {_checksum(of_lead)} 0 {lead}"
        for lead, gain, of_lead in zip(table.names, gains, samples.T, strict=True)
    ]
    (folder / f"{name}.dat").write_bytes(samples.astype("<i2").tobytes())
    (folder / f"{name}.hea").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"{name}.hea", f"{name}.dat"


def _adu_per_mv(column: Column) -> float:
    """Less than usual where a curve would not fit: a gain told wrongly makes volts of millivolts."""
    most = max((abs(value) for value in column if value is not None), default=0)
    return ADU_PER_MV if most <= _LARGEST else ADU_PER_MV * _LARGEST / most


def _samples(column: Column, adu_per_mv: float) -> np.ndarray:
    seen = np.array([np.nan if value is None else value for value in column], float) * adu_per_mv / ADU_PER_MV
    return np.where(np.isnan(seen), _NOT_SEEN, np.rint(np.nan_to_num(seen))).astype(np.int64)


def _checksum(samples: np.ndarray) -> int:
    """The sum as a signed number of 16 bits."""
    return (int(samples.sum()) + 32768) % 65536 - 32768


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
