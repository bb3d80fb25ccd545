"""The shipped models: where they lie, and the manifest that vouches for each.

Importing this module does not import TensorFlow; loading a model does.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from worker.ecg.annotations import AAMI_CLASSES
from worker.results import ModelIdentity

if TYPE_CHECKING:
    from worker.model.classifier import Classifier

ArtifactKind = Literal["beat", "context"]

ARTIFACTS: Final = Path(__file__).resolve().parent.parent / "artifacts"
MANIFEST_NAME: Final = "manifest.json"
NETWORK_NAME: Final = "network.keras"


class ArtifactError(Exception):
    """A model's folder is incomplete, or its files are not what its manifest says."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the worker needs of ``manifest.json``; the whole of it is in ``document``."""

    kind: ArtifactKind
    identity: ModelIdentity
    threshold: float
    temperature: float
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Classifiers:
    beat: "Classifier"
    context: "Classifier"


def artifact_folder(kind: ArtifactKind) -> Path:
    """Folder of the active artifact of a kind, as ``artifacts/active.json`` names it."""
    active = json.loads((ARTIFACTS / "active.json").read_text())
    if kind not in active:
        raise ArtifactError(f"active.json names no artifact of this kind. Received: {kind!r}")
    return ARTIFACTS / active[kind]


def read_manifest(folder: Path) -> Manifest:
    """Read a model's manifest and verify its network file against it.

    Raises
    ------
    ArtifactError
        If a file is missing, the classes are others, or the network's sha256 differs.
    """
    network, path = folder / NETWORK_NAME, folder / MANIFEST_NAME
    if not network.is_file() or not path.is_file():
        raise ArtifactError(f"expected {NETWORK_NAME} and {MANIFEST_NAME} in {folder.name}")
    document = json.loads(path.read_text())
    if tuple(document["classes"]) != AAMI_CLASSES:
        raise ArtifactError(f"classes: expected {AAMI_CLASSES}. Received: {document['classes']!r}")
    digest = file_sha256(network)
    if digest != document["sha256"]:
        raise ArtifactError(f"{NETWORK_NAME}: expected sha256 {document['sha256']}. Received: {digest}")
    return Manifest(
        kind=document["kind"],
        identity=ModelIdentity(name=document["name"], version=document["version"], sha256=digest),
        threshold=float(document["threshold"]),
        temperature=float(document["temperature"]),
        document=document,
    )


def file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_active() -> Classifiers:
    """Load and warm both active models.  In a worker: in the child process, never before a fork."""
    # Imported here because it imports TensorFlow, which hangs a process that was forked after loading it.
    from worker.model.classifier import Classifier

    return Classifiers(
        beat=Classifier.load(artifact_folder("beat")), context=Classifier.load(artifact_folder("context"))
    )
