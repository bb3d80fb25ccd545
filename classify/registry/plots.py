"""The plots that a model came with: files of its folder, by a name that was found there."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from worker.model.manifest_rows import PEAKS_TITLES

CONTENT_TYPES: Final = {".svg": "image/svg+xml", ".png": "image/png"}
MAX_PLOT_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plot:
    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def title(self) -> str:
        words = " ".join(PEAKS_TITLES.get(word, word) for word in re.split("[-_]", self.path.stem))
        return words[:1].upper() + words[1:]

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.path.suffix]


def plots_find(folder: Path) -> list[Plot]:
    """By name; a link, which could lead anywhere, is no plot."""
    found = sorted((folder / "plots").glob("*"))
    return [Plot(path) for path in found if path.suffix in CONTENT_TYPES and _is_small_file(path)]


def plot_find(folder: Path, name: str) -> Plot | None:
    return next((plot for plot in plots_find(folder) if plot.name == name), None)


def _is_small_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_PLOT_BYTES
