"""The settings of a comparison: one TOML file for each."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args

from worker.training.config import CONFIGS

NetworkName = Literal["student", "alexnet", "vggnet", "jun2018", "beat", "context"]
Augmentation = Literal["none", "shear_zoom_flip", "nine_crops", "drawings"]
OURS: Final = ("beat", "context")


@dataclass(frozen=True, slots=True)
class ProtocolSettings:
    """``run_folds`` of ``folds`` are run; ``train_beats`` 0 takes the whole training part."""

    seed: int
    folds: int
    run_folds: tuple[int, ...]
    train_beats: int


@dataclass(frozen=True, slots=True)
class ZooSettings:
    """How the published networks are trained: Adam, its rate times 0.95 every thousand steps."""

    size_px: int
    epochs: int
    batch_size: int
    learning_rate: float


@dataclass(frozen=True, slots=True)
class OursSettings:
    """How ours are trained: AdamW, cosine, rare classes more often at first, natural frequencies at the end."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    label_smoothing: float
    class_exponent: float


@dataclass(frozen=True, slots=True)
class OurNetwork:
    """See ``worker.model.architectures.build_network``; ``members`` of other seeds are averaged."""

    height_px: int
    stem: tuple[int, int]
    stages: tuple[int, ...]
    dense: int
    dropout: float
    members: int
    channels: int | None = None  # of the drawings, the first ones; all without
    lines: tuple[int, ...] = ()
    series: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.  ``epoch_images`` bounds what an epoch sees; 0 for everything."""

    name: str
    network: NetworkName
    augmentation: Augmentation
    epoch_images: int
    width: float = 1.0

    @property
    def is_ours(self) -> bool:
        return self.network in OURS


@dataclass(frozen=True, slots=True)
class PaperConfig:
    name: str
    protocol: ProtocolSettings
    zoo: ZooSettings
    ours: OursSettings
    beat: OurNetwork
    context: OurNetwork
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row:
        return row_named(self.rows, name)


SECTIONS: Final = {
    "protocol": ProtocolSettings,
    "zoo": ZooSettings,
    "ours": OursSettings,
    "beat": OurNetwork,
    "context": OurNetwork,
}


def paper_config_load(path: Path) -> PaperConfig:
    """Read a comparison's settings.

    Parameters
    ----------
    path : Path
        A TOML file, or the name of one of ``worker/training/configs``.

    Raises
    ------
    ValueError
        If a section or key is missing, unknown or out of range.
    """
    config = PaperConfig(**settings_read(path, SECTIONS))
    if not all(0 <= fold < config.protocol.folds for fold in config.protocol.run_folds):
        raise ValueError(f"run_folds: expected 0 to {config.protocol.folds - 1}. Received: {config.protocol.run_folds}")
    return config


def settings_read(path: Path, sections: Mapping[str, type]) -> dict[str, Any]:
    """Sections of a settings file, each of its kind, with ``rows`` and the file's ``name``.

    Parameters
    ----------
    path : Path
        A TOML file, or the name of one of ``worker/training/configs``.
    sections : mapping of str to type
        The dataclass of each section but ``rows``.

    Raises
    ------
    ValueError
        If a section, key or row is missing or unknown.
    """
    if not path.is_file():
        path = CONFIGS / f"{path.stem}.toml"
    document = tomllib.loads(path.read_text())
    expected = {*sections, "rows"}
    if set(document) != expected:
        raise ValueError(f"{path.name}: expected the sections {sorted(expected)}. Received: {sorted(document)}")
    rows = tuple(_section("rows", Row, row) for row in document["rows"])
    _require_known_names(rows)
    read: dict[str, Any] = {name: _section(name, kind, document[name]) for name, kind in sections.items()}
    return {"name": path.stem, "rows": rows, **read}


def row_named(rows: Iterable[Row], name: str) -> Row:
    """The row of a name.

    Raises
    ------
    ValueError
        If there is none.
    """
    by_name = {row.name: row for row in rows}
    if name not in by_name:
        raise ValueError(f"row: expected one of {list(by_name)}. Received: {name!r}")
    return by_name[name]


Section = TypeVar("Section")


def _section(name: str, section: type[Section], values: dict[str, Any]) -> Section:
    known = {field.name for field in fields(section)}  # type: ignore[arg-type]
    if not set(values) <= known:
        raise ValueError(f"{name}: expected the keys {sorted(known)}. Received: {sorted(values)}")
    try:
        return section(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
    except TypeError as missing:
        raise ValueError(f"{name}: {missing}") from missing


def _require_known_names(rows: tuple[Row, ...]) -> None:
    names = [row.name for row in rows]
    if len(set(names)) != len(names):
        raise ValueError(f"rows: expected names that differ. Received: {names}")
    for row in rows:
        if row.network not in get_args(NetworkName) or row.augmentation not in get_args(Augmentation):
            raise ValueError(f"rows: unknown network or augmentation. Received: {row}")
        if row.is_ours != (row.augmentation == "drawings") and row.augmentation != "none":
            raise ValueError(f"rows: {row.augmentation} is no augmentation for {row.network}")
