"""Confirmed labels for a training: packages joined, patients split, beats drawn."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from worker.ecg.annotations import AAMI_CLASSES
from worker.ecg.beats import Strip
from worker.ecg.drawing import context_columns, crop_columns
from worker.model.registry import ArtifactKind
from worker.training.data.bank import Bank
from worker.training.labels.fine_tune_config import LabelSettings
from worker.training.labels.label_package import LabelPackage, LabelRow, LabelTrace, packages_find

KIND_OF_PICTURE: dict[ArtifactKind, str] = {"beat": "beat", "context": "strip"}


class TooFewLabels(ValueError):
    """There is too little to learn from; the message says what is missing."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Beats with their labels, each once; ``packages`` by recording, the newest that has its trace."""

    rows: tuple[LabelRow, ...]
    packages: Mapping[str, LabelPackage]

    @property
    def patients(self) -> frozenset[str]:
        return frozenset(row.patient for row in self.rows)

    def by_class(self) -> dict[str, int]:
        found = Counter(row.aami_class for row in self.rows)
        return {name: found[name] for name in AAMI_CLASSES if found[name]}

    def of_patients(self, patients: Iterable[str]) -> "Labels":
        chosen = set(patients)
        return Labels(tuple(row for row in self.rows if row.patient in chosen), self.packages)

    def about(self) -> dict[str, Any]:
        """For a manifest: how much there is."""
        return {
            "beats": len(self.rows),
            "recordings": len({row.recording for row in self.rows}),
            "patients": len(self.patients),
            "by_class": self.by_class(),
        }


def labels_load(folder: Path, kind: ArtifactKind) -> Labels:
    """The labels for one kind of model; of a beat that was exported again the newest label counts.

    Raises
    ------
    LabelPackageError
        If the folder is no package and holds none, or a file was changed.
    """
    newest: dict[str, LabelRow] = {}
    packages: dict[str, LabelPackage] = {}
    for package in packages_find(folder):
        rows = [row for row in package.rows if row.kind == KIND_OF_PICTURE[kind]]
        newest.update({row.beat: row for row in rows})
        packages.update({row.recording: package for row in rows})
    ordered = sorted(newest.values(), key=lambda row: (row.patient, row.recording, row.index))
    return Labels(tuple(ordered), packages)


def labels_split(labels: Labels, held_out_share: float) -> tuple[Labels, Labels]:
    """Labels to train on, and those of held-out patients.

    A patient's side follows from their pseudonym alone, so that nobody held out once is trained on with the next
    package.
    """
    held_out = {patient for patient in labels.patients if _position(patient) < held_out_share}
    return labels.of_patients(labels.patients - held_out), labels.of_patients(held_out)


def _position(patient: str) -> float:
    """From 0 to 1, evenly spread."""
    return int.from_bytes(hashlib.sha256(patient.encode()).digest()[:6], "big") / 2**48


def labels_required(labels: Labels, settings: LabelSettings) -> None:
    """Whether labels to train on are enough to learn from.

    Raises
    ------
    TooFewLabels
        With what there is and what is needed.
    """
    counts = labels.by_class()
    taught = [name for name, count in counts.items() if count >= settings.least_beats_of_class]
    found = " ".join(f"{name} {count}" for name, count in counts.items()) or "none"
    if len(labels.rows) < settings.least_beats:
        reason = f"{len(labels.rows)} labels to train on, where {settings.least_beats} are needed"
    elif len(labels.patients) < settings.least_patients:
        reason = f"labels of {len(labels.patients)} patients, where {settings.least_patients} are needed"
    elif len(taught) < settings.least_classes:
        reason = (
            f"{len(taught)} classes with at least {settings.least_beats_of_class} beats, "
            f"where {settings.least_classes} are needed"
        )
    else:
        return
    raise TooFewLabels(f"Too few labels: {reason} (found: {found}). Let physicians read more, and export again.")


def label_bank(labels: Labels, kind: ArtifactKind, channels: int) -> Bank:
    """The labels' beats as drawings, through the same functions as in serving.

    Parameters
    ----------
    labels : Labels
        At least one.
    kind : {"beat", "context"}
    channels : int
        So many of the drawings, the first ones, are what the network sees.

    Returns
    -------
    Bank
        ``records`` are the patients.
    """
    by_recording: dict[str, list[LabelRow]] = {}
    for row in labels.rows:
        by_recording.setdefault(row.recording, []).append(row)
    columns = [
        _drawn(labels.packages[recording].trace(recording), rows, kind)[:, :channels].astype(np.float16)
        for recording, rows in by_recording.items()
    ]
    rows = [row for group in by_recording.values() for row in group]
    return Bank(
        columns=np.concatenate(columns),
        labels=np.array([AAMI_CLASSES.index(row.aami_class) for row in rows], dtype=np.uint8),
        records=np.array([row.patient for row in rows]),
        simulated=np.zeros(len(rows), dtype=bool),
    )


def _drawn(trace: LabelTrace, rows: list[LabelRow], kind: ArtifactKind) -> np.ndarray:
    if kind == "beat":
        return crop_columns(trace.values)[None].repeat(len(rows), axis=0)
    return context_columns(Strip(trace.values, trace.fs, trace.r_peaks))[[row.index for row in rows]]
