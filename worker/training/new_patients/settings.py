"""The settings of the published networks' fits to some patients: one TOML file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from worker.training.paper.settings import Row, ZooSettings, row_named, settings_read
from worker.training.records import DS1


@dataclass(frozen=True, slots=True)
class ProtocolSettings:
    """``train_beats`` of the training records are learnt from; ``held_out_records`` of DS1 are left out by one fit."""

    seed: int
    train_beats: int
    held_out_records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPatientsConfig:
    name: str
    protocol: ProtocolSettings
    zoo: ZooSettings
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row:
        return row_named(self.rows, name)


SECTIONS: Final = {"protocol": ProtocolSettings, "zoo": ZooSettings}


def new_patients_config_load(path: Path) -> NewPatientsConfig:
    """Read the settings.

    Parameters
    ----------
    path : Path
        A TOML file, or the name of one of ``worker/training/configs``.

    Raises
    ------
    ValueError
        If a section or key is missing, unknown or out of range.
    """
    config = NewPatientsConfig(**settings_read(path, SECTIONS))
    held_out = set(config.protocol.held_out_records)
    if not held_out < set(DS1) or not held_out:
        raise ValueError(f"held_out_records: expected some records of DS1. Received: {sorted(held_out)}")
    ours = [row.name for row in config.rows if row.is_ours]
    if ours:
        raise ValueError(f"rows: expected published networks; ours have manifests. Received: {ours}")
    return config
