"""Where a picture's files lie in a folder: under its own name, and never over those of another picture."""

import json
import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

ENDINGS: Final = (".json", ".csv", ".hea", ".dat")
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")  # WFDB allows no other in a record's name


@dataclass(frozen=True, slots=True)
class Source:
    """The page of a file that is digitised; ``sha256`` is None where the file cannot be read."""

    file: str
    sha256: str | None
    page: int = 1
    pages: int = 1


def name_free(folder: Path, source: Source) -> str:
    """The name for a picture's files: its own, with a number where another picture's files lie under it.

    What the same page of the same file left there before is removed.
    """
    stem = _NOT_IN_A_NAME.sub("_", Path(source.file).stem).strip("_") or "picture"
    stem += f"-page-{source.page}" if source.pages > 1 else ""
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        paths = [folder / f"{name}{ending}" for ending in ENDINGS]
        if not any(path.exists() for path in paths):
            return name
        if _is_of(folder / f"{name}.json", source):
            for path in paths:
                path.unlink(missing_ok=True)
            return name
    raise AssertionError("numbers do not end")


def _is_of(description: Path, source: Source) -> bool:
    """Whether the files beside a description are of this very picture."""
    try:
        said = json.loads(description.read_text(encoding="utf-8"))
        same = (said["sha256"], said["page"]) == (source.sha256, source.page)
        return same and (source.sha256 is not None or said["file"] == source.file)
    except (OSError, ValueError, KeyError, TypeError):
        return False
