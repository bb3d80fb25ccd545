"""The bank: augmented drawings of the training records' beats, one file for each record."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from tqdm import tqdm

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.drawing import context_columns, crop_columns
from worker.training.config import Config
from worker.training.data.augmentation import crop_augmented, strip_augmented
from worker.training.records import DS1, NOT_A_BEAT, PACED_TRAINING, Record, record_load
from worker.training.simulation.rhythm import rhythm_simulated
from worker.training.simulation.waves import ventricular_waves

NORMAL, SUPRAVENTRICULAR, UNKNOWN = (AAMI_CLASSES.index(name) for name in "NSQ")
SIMULATIONS_PER_RECORD: Final = 16
SIMULATION_MINUTES: Final = 5.0
# Records with many PVCs of one or more shapes.
DONORS: Final = ("106", "114", "116", "119", "201", "203", "205", "207", "208", "215", "223")

Drawn = list[tuple[np.ndarray, np.ndarray]]  # columns [n, channels, columns, 2] and labels [n]


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Drawings ready for training: columns ``[n, channels, columns, 2]`` as float16, and what each is."""

    columns: np.ndarray
    labels: np.ndarray
    records: np.ndarray
    simulated: np.ndarray

    def first_channels(self, count: int) -> "Bank":
        return Bank(self.columns[:, :count], self.labels, self.records, self.simulated)

    def without(self, records: tuple[str, ...]) -> "Bank":
        kept = ~np.isin(self.records, records)
        return Bank(self.columns[kept], self.labels[kept], self.records[kept], self.simulated[kept])


def bank_prepare(config: Config, data: Path, folder: Path) -> None:
    """Draw every training record; records that are already drawn with these settings are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / "settings.json"
    settings = json.dumps(_bank_settings(config), indent=1)
    if stamp.is_file() and stamp.read_text() != settings:
        for shard in folder.glob("*.npz"):
            shard.unlink()
    stamp.write_text(settings)
    for name in tqdm(DS1 + PACED_TRAINING, desc=f"drawing {config.artifact.kind}", unit="record"):
        shard = folder / f"{name}.npz"
        if shard.is_file():
            continue
        donors = tuple(record_load(data, donor) for donor in donors_for(name, config.selection.left_out))
        columns, labels, simulated = record_drawn(record_load(data, name), donors, config)
        unfinished = shard.with_suffix(".part.npz")
        np.savez(unfinished, columns=columns, labels=labels, simulated=simulated)
        unfinished.rename(shard)


def donors_for(name: str, left_out: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Records that may lend PVCs to this one: those that are left out together with it, or like it never are.

    From any other, a fit would see something of a record that was left out of it.
    """
    group = next((records for records in left_out if name in records), None)
    if group is None:
        group = tuple(donor for donor in DONORS if not any(donor in records for records in left_out))
    return tuple(donor for donor in DONORS if donor in group)


def _bank_settings(config: Config) -> dict[str, object]:
    document = config.as_document()
    return {
        "kind": config.artifact.kind,
        "bank": document["bank"],
        "channels": config.input_shape[0],
        "seed": config.training.seed,
        "left_out": config.selection.left_out,
        "simulations": [SIMULATIONS_PER_RECORD, SIMULATION_MINUTES],
    }


def bank_load(folder: Path) -> Bank:
    """All records' drawings."""
    parts = []
    for shard in sorted(folder.glob("[0-9][0-9][0-9].npz")):
        with np.load(shard) as stored:
            names = np.full(len(stored["labels"]), shard.stem)
            parts.append((stored["columns"], stored["labels"], names, stored["simulated"]))
    if not parts:
        raise FileNotFoundError(f"no drawings in {folder}: run `python -m worker.training prepare` first")
    return Bank(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def record_drawn(
    record: Record, donors: tuple[Record, ...], config: Config
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every drawing of one record: columns (float16), labels, and whether simulated.

    ``donors`` lend their PVCs to the simulated rhythms.
    """
    drawn: Drawn = []
    for number in range(config.bank.passes):
        rng = np.random.default_rng([config.training.seed, zlib.crc32(record.name.encode()), number])
        draw = _crops_drawn if config.artifact.kind == "beat" else _strips_drawn
        drawn.extend(draw(record, rng, config))
    real = sum(len(labels) for _, labels in drawn)
    if config.artifact.kind == "context" and record.name not in PACED_TRAINING:
        rng = np.random.default_rng([config.training.seed, zlib.crc32(record.name.encode()), 1000])
        drawn.extend(_simulated_drawn(record, donors, rng, config))
    channels = config.input_shape[0]
    columns = np.concatenate([columns[:, :channels].astype(np.float16) for columns, _ in drawn])
    labels = np.concatenate([labels for _, labels in drawn]).astype(np.uint8)
    return columns, labels, np.arange(len(labels)) >= real


def _wanted(record_name: str, labels: np.ndarray, rng: np.random.Generator, normal_share: float) -> np.ndarray:
    """Paced records teach Q alone; the others teach N S V F."""
    if record_name in PACED_TRAINING:
        return labels == UNKNOWN
    kept = (labels != NORMAL) | (rng.random(len(labels)) < normal_share)
    return kept & (labels != UNKNOWN) & (labels != NOT_A_BEAT)


def _lead_share(record: Record, config: Config) -> float:
    # Two patients are all there is to learn paced beats from: both of their leads count.
    return 0.5 if record.name in PACED_TRAINING else config.bank.other_lead_share


def _crops_drawn(record: Record, rng: np.random.Generator, config: Config) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    signals = (record.signal(), record.signal(record.other_lead))
    wanted = _wanted(record.name, record.labels, rng, config.bank.normal_share)
    indices = [index for index in np.flatnonzero(wanted) if 0 < index < len(record.samples) - 1]
    other = rng.random(len(indices)) < _lead_share(record, config)
    columns = [
        crop_columns(crop_augmented(record, int(index), signals[int(second)], rng))
        for index, second in zip(indices, other, strict=True)
    ]
    if columns:
        yield np.stack(columns), record.labels[indices]


def _strips_drawn(record: Record, rng: np.random.Generator, config: Config) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for first, last in _windows(len(record.signals_mv), record.fs, rng):
        lead = record.other_lead if rng.random() < _lead_share(record, config) else record.lead
        inside = (record.samples >= first) & (record.samples < last)
        yield from _strip_drawn(
            record.signal(lead)[first:last],
            record.samples[inside] - first,
            record.labels[inside],
            record,
            rng,
            config.bank.normal_share,
        )


def _simulated_drawn(
    record: Record, donors: tuple[Record, ...], rng: np.random.Generator, config: Config
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for _ in range(SIMULATIONS_PER_RECORD):
        foreign = ventricular_waves(donors[rng.integers(len(donors))]) if donors else None
        rhythm = rhythm_simulated(record, rng, minutes=SIMULATION_MINUTES, foreign_ventricular=foreign)
        if rhythm is None:
            return
        for first, last in _windows(len(rhythm.signal_mv), rhythm.fs, rng):
            inside = (rhythm.samples >= first) & (rhythm.samples < last)
            labels = rhythm.labels[inside]
            # A window within a run shows a regular rhythm: nothing in it tells S from N.
            if len(labels) == 0 or (labels == SUPRAVENTRICULAR).all():
                continue
            signal, r_peaks = rhythm.signal_mv[first:last], rhythm.samples[inside] - first
            yield from _strip_drawn(signal, r_peaks, labels, record, rng, 0.6)


def _strip_drawn(
    signal: np.ndarray,
    r_peaks: np.ndarray,
    labels: np.ndarray,
    record: Record,
    rng: np.random.Generator,
    normal_share: float,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    strip, kept = strip_augmented(signal, r_peaks, record.fs, rng)
    if strip.r_peaks.size:
        wanted = _wanted(record.name, labels[kept], rng, normal_share)
        yield context_columns(strip)[wanted], labels[kept][wanted]


def _windows(n_samples: int, fs: float, rng: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Ten seconds, as people upload them; some shorter, some up to a minute, some of minutes."""
    first = int(rng.uniform(0, 5) * fs)
    while first < n_samples - 3 * fs:
        kind = rng.choice(4, p=(0.4, 0.1, 0.2, 0.3))
        seconds = (10.0, rng.uniform(2.5, 9), rng.uniform(15, 60), rng.uniform(60, 240))[kind]
        last = min(n_samples, first + int(seconds * fs))
        yield first, last
        first = last
