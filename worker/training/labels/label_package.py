"""The package in which confirmed labels travel from a portal to a training: one format, written and read here.

A package is a folder: ``labels.csv`` has a row for each beat, ``traces/<recording>.npz`` the trace that its picture was
read to, and ``manifest.json`` counts, rule and checksums. Nothing in it names a patient: rows and files go by keyed
hashes that only the portal can trace back.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

FORMAT: Final = "beatline-labels/1"
MANIFEST_NAME: Final = "manifest.json"
LABELS_NAME: Final = "labels.csv"
TRACES: Final = "traces"


class LabelPackageError(ValueError):
    """A package is incomplete, of another format, or not what its manifest says."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One beat and what is known about its label.

    ``beat recording patient reader`` are pseudonyms; ``index`` is the beat's place among the trace's R peaks;
    ``outcome`` is confirmed or corrected, against ``answer``, the model's own class; ``signed`` is the month.
    """

    beat: str
    recording: str
    patient: str
    kind: str
    index: int
    lead: str
    aami_class: str
    outcome: str
    readers: int
    reader: str
    reader_role: str
    signed: str
    model_name: str
    model_version: str
    model_sha256: str
    answer: str
    confidence: float
    unsure: int


@dataclass(frozen=True, slots=True, eq=False)
class LabelTrace:
    """What one picture was read to: ``values`` evenly sampled, positive up; ``fs`` in Hz, None without a time scale."""

    values: np.ndarray
    fs: float | None
    r_peaks: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class LabelPackage:
    folder: Path
    manifest: Mapping[str, Any]
    rows: tuple[LabelRow, ...]

    def trace(self, recording: str) -> LabelTrace:
        with np.load(trace_path(self.folder, recording), allow_pickle=False) as stored:
            fs = float(stored["fs"])
            return LabelTrace(stored["values"], None if np.isnan(fs) else fs, stored["r_peaks"])


def trace_path(folder: Path, recording: str) -> Path:
    return folder / TRACES / f"{recording}.npz"


def trace_write(folder: Path, recording: str, trace: LabelTrace) -> None:
    """The same trace gives the same bytes; a file that is there is whole."""
    path = trace_path(folder, recording)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part.npz")
    fs = np.nan if trace.fs is None else trace.fs
    np.savez_compressed(
        unfinished, values=trace.values.astype(np.float32), fs=np.float64(fs), r_peaks=trace.r_peaks.astype(np.int64)
    )
    unfinished.rename(path)


def package_finish(folder: Path, rows: Iterable[LabelRow], about: Mapping[str, Any]) -> str:
    """Write table and manifest beside the traces.

    Parameters
    ----------
    folder : Path
        Holds the traces of all the rows' recordings, and no others.
    rows : iterable of LabelRow
    about : mapping
        What the manifest says beside format, files and checksum.

    Returns
    -------
    str
        The checksum: a sha256 over the names and sha256s of all files but the manifest.
    """
    with (folder / LABELS_NAME).open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [field.name for field in fields(LabelRow)], lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(row) for row in sorted(rows, key=lambda row: (row.patient, row.recording, row.index)))
    files = _digests(folder)
    checksum = _checksum(files)
    document = {"format": FORMAT, "checksum": checksum, **about, "files": files}
    (folder / MANIFEST_NAME).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return checksum


def package_read(folder: Path) -> LabelPackage:
    """Read a package's table and verify every file.

    Raises
    ------
    LabelPackageError
        If it is no package, of another format, or a file differs from what its manifest says.
    """
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise LabelPackageError(f"{folder}: expected a {MANIFEST_NAME}")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if manifest.get("format") != FORMAT:
        raise LabelPackageError(f"{folder}: expected the format {FORMAT}. Received: {manifest.get('format')!r}")
    files = _digests(folder)
    if files != manifest.get("files") or _checksum(files) != manifest.get("checksum"):
        raise LabelPackageError(f"{folder}: its files are not those that its manifest was written for")
    with (folder / LABELS_NAME).open(newline="", encoding="utf-8") as file:
        rows = tuple(_row(values) for values in csv.DictReader(file))
    return LabelPackage(folder, manifest, rows)


def packages_find(folder: Path) -> list[LabelPackage]:
    """The package that a folder is, or all those that lie in it, the oldest export first."""
    places = (
        [folder] if (folder / MANIFEST_NAME).is_file() else sorted(p.parent for p in folder.glob("*/manifest.json"))
    )
    if not places:
        raise LabelPackageError(f"{folder}: expected a package of labels, or a folder of packages")
    return sorted((package_read(place) for place in places), key=lambda package: int(package.manifest["number"]))


def _row(values: Mapping[str, str]) -> LabelRow:
    names = [field.name for field in fields(LabelRow)]
    if set(values) != set(names):
        raise LabelPackageError(f"{LABELS_NAME}: expected the columns {names}. Received: {list(values)}")
    numbers: dict[str, Any] = {name: int(values[name]) for name in ("index", "readers", "unsure")}
    return LabelRow(**{**values, **numbers, "confidence": float(values["confidence"])})


def _digests(folder: Path) -> dict[str, str]:
    paths = [folder / LABELS_NAME, *(folder / TRACES).glob("*.npz")]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
        if path.is_file()
    }


def _checksum(files: Mapping[str, str]) -> str:
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in sorted(files.items())).encode()).hexdigest()
