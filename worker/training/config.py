"""The settings of a training: one small TOML file for each artifact."""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, TypeVar, get_type_hints

from worker.ecg.drawing import CONTEXT_COLUMNS, CROP_COLUMNS
from worker.model.registry import ArtifactKind

CONFIGS: Final = Path(__file__).resolve().parent / "configs"


@dataclass(frozen=True, slots=True)
class ArtifactSettings:
    name: str
    kind: ArtifactKind
    version: str


@dataclass(frozen=True, slots=True)
class BankSettings:
    passes: int
    normal_share: float
    other_lead_share: float


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    height_px: int
    stem: tuple[int, int]
    stages: tuple[int, ...]
    dense: int
    dropout: float
    members: int
    channels: int = 5  # of the context drawings, the first ones
    member_channels: tuple[int, ...] = ()  # how many of them the members read, in turn; all without
    lines: tuple[int, ...] = ()
    series: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    seed: int
    epochs: int
    epoch_beats: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    class_exponent: float
    record_exponent: float
    simulated_share: float
    label_smoothing: float


@dataclass(frozen=True, slots=True)
class SelectionSettings:
    held_out_records: tuple[str, ...]
    unsure_beat_error: float
    folds: tuple[tuple[str, ...], ...] = ()

    @property
    def left_out(self) -> tuple[tuple[str, ...], ...]:
        """The groups of records that are left out in turn."""
        return self.folds or (self.held_out_records,)


@dataclass(frozen=True, slots=True)
class Config:
    artifact: ArtifactSettings
    bank: BankSettings
    network: NetworkSettings
    training: TrainingSettings
    selection: SelectionSettings

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Channels, columns, 2 of one beat's drawing."""
        if self.artifact.kind == "beat":
            return (1, CROP_COLUMNS, 2)
        return (self.network.channels, CONTEXT_COLUMNS, 2)

    def as_document(self) -> dict[str, Any]:
        return asdict(self)


def config_load(path: Path) -> Config:
    """Read a configuration.

    Parameters
    ----------
    path : Path
        A TOML file, or the name of one of ``worker/training/configs``.

    Raises
    ------
    ValueError
        If a section or key is missing or unknown.
    """
    if not path.is_file():
        path = CONFIGS / f"{path.stem}.toml"
    return config_from_document(tomllib.loads(path.read_text()))


def config_from_document(document: dict[str, Any]) -> Config:
    sections = get_type_hints(Config)
    _require_keys("config", document, set(sections))
    return Config(**{name: _section(name, sections[name], document[name]) for name in sections})


def config_changed(config: Config, changes: Iterable[str]) -> Config:
    """A configuration with some values changed, each given as ``section.key=value`` in TOML.

    Raises
    ------
    ValueError
        If a change is not of that form, or names no setting.
    """
    document = {name: _given(values) for name, values in config.as_document().items()}
    for change in changes:
        path, separator, value = change.partition("=")
        section, _, key = path.partition(".")
        if not separator or key not in document.get(section, {}):
            raise ValueError(f"change: expected section.key=value of a setting. Received: {change!r}")
        document[section][key] = tomllib.loads(f"value = {value}")["value"]
    return config_from_document(document)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


Section = TypeVar("Section")


def _section(name: str, section: type[Section], values: dict[str, Any]) -> Section:
    known = fields(section)  # type: ignore[arg-type]
    optional = {field.name for field in known if field.default is not MISSING}
    _require_keys(name, values, {field.name for field in known} - optional, optional)
    return section(**{key: _as_tuples(value) for key, value in values.items()})


def _as_tuples(value: Any) -> Any:
    return tuple(_as_tuples(item) for item in value) if isinstance(value, list | tuple) else value


def _require_keys(
    name: str, given: dict[str, Any], expected: set[str], optional: Collection[str] = frozenset()
) -> None:
    if set(given) - set(optional) != expected:
        raise ValueError(f"{name}: expected the keys {sorted(expected)}. Received: {sorted(given)}")
