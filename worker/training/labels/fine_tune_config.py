"""The settings of a fine-tuning: one small TOML file for each kind of model."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from worker.model.registry import KINDS, ArtifactKind
from worker.training.config import CONFIGS, Config, config_from_document, config_load

FINE_TUNE_CONFIGS: Final = CONFIGS / "labels"


@dataclass(frozen=True, slots=True)
class FineTuneSettings:
    kind: ArtifactKind
    seed: int
    epochs: int
    epoch_beats: int
    batch_size: int
    learning_rate: float
    label_share: float
    most_forgotten: float


@dataclass(frozen=True, slots=True)
class LabelSettings:
    held_out_share: float
    least_beats: int
    least_patients: int
    least_classes: int
    least_beats_of_class: int
    least_held_out_beats: int


@dataclass(frozen=True, slots=True)
class FineTuneConfig:
    fine_tune: FineTuneSettings
    labels: LabelSettings

    def as_document(self) -> dict[str, Any]:
        return asdict(self)


def fine_tune_config_load(path: Path) -> FineTuneConfig:
    """Read a configuration.

    Parameters
    ----------
    path : Path
        A TOML file, or the name of one of ``worker/training/configs/labels``.

    Raises
    ------
    ValueError
        If a section or key is missing or unknown, or a share is none.
    """
    if not path.is_file():
        path = FINE_TUNE_CONFIGS / f"{path.stem}.toml"
    document = tomllib.loads(path.read_text())
    if set(document) != {"fine_tune", "labels"}:
        raise ValueError(f"{path.name}: expected the sections fine_tune and labels. Received: {sorted(document)}")
    config = FineTuneConfig(
        _section(FineTuneSettings, document["fine_tune"]), _section(LabelSettings, document["labels"])
    )
    if config.fine_tune.kind not in KINDS:
        raise ValueError(f"kind: expected one of {KINDS}. Received: {config.fine_tune.kind!r}")
    for name, share in (
        ("label_share", config.fine_tune.label_share),
        ("held_out_share", config.labels.held_out_share),
    ):
        if not 0 < share < 1:
            raise ValueError(f"{name}: expected a share between 0 and 1. Received: {share}")
    return config


Section = TypeVar("Section")


def _section(section: type[Section], values: Mapping[str, Any]) -> Section:
    expected = {field.name for field in fields(section)}  # type: ignore[arg-type]
    if set(values) != expected:
        raise ValueError(f"{section.__name__}: expected the keys {sorted(expected)}. Received: {sorted(values)}")
    return section(**values)


def config_of_base(document: Mapping[str, Any], config: FineTuneConfig, version: str) -> Config:
    """The base model's settings, as far as they are still known, with those of the fine-tuning in their place.

    A base of an older release may lack settings that came later: they have their defaults, and those without one are
    as in the shipped configuration.
    """
    kind = config.fine_tune.kind
    shipped = config_load(Path(kind))
    sections = {name: getattr(shipped, name) for name in shipped.as_document()}
    stored = document["config"]
    base = config_from_document({name: _known(stored.get(name, {}), section) for name, section in sections.items()})
    tuned = config.fine_tune
    return replace(
        base,
        artifact=replace(base.artifact, kind=kind, name=document["name"], version=version),
        training=replace(
            base.training,
            seed=tuned.seed,
            epochs=tuned.epochs,
            epoch_beats=tuned.epoch_beats,
            batch_size=tuned.batch_size,
            learning_rate=tuned.learning_rate,
        ),
    )


def _known(stored: Mapping[str, Any], shipped: Any) -> dict[str, Any]:
    required = {field.name: getattr(shipped, field.name) for field in fields(shipped) if field.default is MISSING}
    return {**required, **{field.name: stored[field.name] for field in fields(shipped) if field.name in stored}}
