"""The folders that hold models: what lies in them, and whether a registered version is still what it was."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classify.registry.models import ModelVersion
from worker.model.registry import (
    NETWORK_NAME,
    ArtifactError,
    Fault,
    Manifest,
    artifact_folders,
    file_sha256,
    read_manifest,
)

log = logging.getLogger(__name__)

_FAULTS: Final = {
    Fault.INCOMPLETE: gettext_lazy("the network or the manifest is missing from the folder"),
    Fault.UNREADABLE: gettext_lazy("the manifest, or the list of models in use, is damaged and can't be read"),
    Fault.UNFIT: gettext_lazy("the manifest is not one that Beatline can use"),
    Fault.OTHER_NETWORK: gettext_lazy("the network is not the one that the manifest describes"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A folder with a manifest: what it says, or what is wrong with it."""

    place: str  # relative, such as context/1.0.0
    manifest: Manifest | None
    problem: str = ""


def roots() -> list[Path]:
    return [Path(root) for root in settings.MODEL_FOLDERS]


def models_find() -> Iterator[Found]:
    for root in roots():
        for folder in artifact_folders(root):
            place = folder.relative_to(root).as_posix()
            try:
                yield Found(place, read_manifest(folder))
            except ArtifactError as error:
                yield Found(place, None, artifact_words(place, error))


def artifact_words(place: str, error: ArtifactError) -> str:
    """What is wrong with a model, for administrators; the particulars go to the log."""
    if error.fault is None:
        return str(error)
    log.warning("Model %s: %s.", place, str(error).rstrip("."))
    return str(_FAULTS[error.fault])


def folder_of(version: ModelVersion) -> Path:
    """Where the version's network lies, whole.

    Raises
    ------
    ArtifactError
        If no folder of models has it, or it is another network than was registered.
    """
    places = [root / version.folder for root in roots()]
    networks = [place / NETWORK_NAME for place in places if (place / NETWORK_NAME).is_file()]
    if not networks:
        raise ArtifactError(_("the file of %(model)s is missing (%(place)s)") % _words(version))
    for network in networks:
        if _sha256(network) == version.sha256:
            return network.parent
    raise ArtifactError(_("the file of %(model)s is not the one that was registered (%(place)s)") % _words(version))


def problem_of(version: ModelVersion) -> str:
    """What is wrong with the version's files; empty where they are whole."""
    try:
        folder_of(version)
    except ArtifactError as error:
        return str(error)
    return ""


def _words(version: ModelVersion) -> dict[str, str]:
    return {"model": str(version), "place": f"{version.folder}/{NETWORK_NAME}"}


def _sha256(path: Path) -> str:
    stat = path.stat()
    return _sha256_of(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _sha256_of(path: Path, _mtime_ns: int, _size: int) -> str:
    """Remembered until the file changes: pages and health checks ask again and again."""
    return file_sha256(path)
