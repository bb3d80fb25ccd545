"""The shipped models: where they lie, and the manifest that vouches for each.

Importing this module does not import TensorFlow; loading a model does.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from worker.ecg.annotations import AAMI_CLASSES
from worker.results import ModelIdentity

if TYPE_CHECKING:
    from worker.model.classifier import Classifier

ArtifactKind = Literal["beat", "context"]
KINDS: Final[tuple[ArtifactKind, ...]] = get_args(ArtifactKind)

ARTIFACTS: Final = Path(__file__).resolve().parent.parent / "artifacts"
MANIFEST_NAME: Final = "manifest.json"
NETWORK_NAME: Final = "network.keras"
ACTIVE_NAME: Final = "active.json"
REQUIRED_KEYS: Final = ("kind", "name", "version", "sha256", "classes", "threshold", "temperature")


class Fault(StrEnum):
    """What is wrong with a model's folder, for whoever says it in other words."""

    INCOMPLETE = "incomplete"  # a file is missing
    UNREADABLE = "unreadable"
    UNFIT = "unfit"  # the manifest lacks something, or names another kind or other classes
    OTHER_NETWORK = "other_network"


class ArtifactError(Exception):
    """A model's folder is incomplete, or its files are not what its manifest says.

    The message is for logs and developers where ``fault`` is given, else for everybody.
    """

    def __init__(self, message: str, fault: Fault | None = None) -> None:
        super().__init__(message)
        self.fault = fault


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


def artifact_folder(kind: ArtifactKind, root: Path = ARTIFACTS) -> Path:
    """Folder of the active artifact of a kind, as ``active.json`` in the root names it."""
    active = active_places(root)
    if kind not in active:
        raise ArtifactError(f"{ACTIVE_NAME} names no artifact of this kind. Received: {kind!r}")
    return root / active[kind]


def active_places(root: Path = ARTIFACTS) -> dict[str, str]:
    """Kind to folder, relative to the root, as ``active.json`` says; empty where there is no such file.

    Raises
    ------
    ArtifactError
        If the file is no JSON object of names.
    """
    path = root / ACTIVE_NAME
    if not path.is_file():
        return {}
    named = _json_object(path)
    if not all(isinstance(place, str) for place in named.values()):
        raise ArtifactError(f"{ACTIVE_NAME}: expected the folder of each kind. Received: {named!r}", Fault.UNREADABLE)
    return named


def artifact_folders(root: Path) -> list[Path]:
    """Every ``<kind>/<version>`` under the root that holds a manifest, sorted."""
    return sorted(path.parent for path in root.glob(f"*/*/{MANIFEST_NAME}"))


def read_manifest(folder: Path) -> Manifest:
    """Read a model's manifest and verify its network file against it.

    Raises
    ------
    ArtifactError
        If a file is missing, the manifest lacks something, the classes are others, or the network's sha256 differs.
    """
    network, path = folder / NETWORK_NAME, folder / MANIFEST_NAME
    if not network.is_file() or not path.is_file():
        raise ArtifactError(f"expected {NETWORK_NAME} and {MANIFEST_NAME} in {folder.name}", Fault.INCOMPLETE)
    manifest = _manifest(_json_object(path))
    digest = file_sha256(network)
    if digest != manifest.identity.sha256:
        expected = f"expected sha256 {manifest.identity.sha256}"
        raise ArtifactError(f"{NETWORK_NAME}: {expected}. Received: {digest}", Fault.OTHER_NETWORK)
    return manifest


def _manifest(document: dict[str, Any]) -> Manifest:
    missing = [key for key in REQUIRED_KEYS if key not in document]
    if missing:
        expected = f"expected {', '.join(REQUIRED_KEYS)}"
        raise ArtifactError(f"{MANIFEST_NAME}: {expected}. Missing: {', '.join(missing)}", Fault.UNFIT)
    if tuple(document["classes"]) != AAMI_CLASSES:
        raise ArtifactError(f"classes: expected {AAMI_CLASSES}. Received: {document['classes']!r}", Fault.UNFIT)
    if document["kind"] not in KINDS:
        raise ArtifactError(f"kind: expected one of {KINDS}. Received: {document['kind']!r}", Fault.UNFIT)
    return Manifest(
        kind=document["kind"],
        identity=ModelIdentity(document["name"], document["version"], document["sha256"]),
        threshold=float(document["threshold"]),
        temperature=float(document["temperature"]),
        document=document,
    )


def _json_object(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path.name} cannot be read: {type(error).__name__}", Fault.UNREADABLE) from error
    if not isinstance(document, dict):
        raise ArtifactError(
            f"{path.name}: expected a JSON object. Received: {type(document).__name__}", Fault.UNREADABLE
        )
    return document


def file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load(folder: Path) -> "Classifier":
    """Load and warm one model.  In a worker: in the child process, never before a fork.

    Raises
    ------
    ArtifactError
        If the folder is incomplete or its network is not the manifest's.
    """
    # Imported here because it imports TensorFlow, which hangs a process that was forked after loading it.
    from worker.model.classifier import Classifier

    return Classifier.load(folder)


def load_active() -> Classifiers:
    """Load and warm both models that ``active.json`` names: what the command line uses."""
    return Classifiers(beat=load(artifact_folder("beat")), context=load(artifact_folder("context")))
