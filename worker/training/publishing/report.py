"""``docs/science.md``: every table and plot, from committed manifests and predictions alone."""

import json
import os
from pathlib import Path
from typing import Any, Final

from worker.model.registry import ARTIFACTS, MANIFEST_NAME
from worker.training.evaluation.plots import PLOTS_NAME
from worker.training.publishing import report_sections as sections
from worker.training.publishing.report_trust import trust_section
from worker.training.publishing.report_zoo import zoo_section

REPORT_NAME: Final = "science.md"
FIGURES_FOLDER: Final = "science"


def report_write(docs: Path, artifacts: Path = ARTIFACTS) -> Path:
    """Write the report; it shows the plots that lie with the models.

    Parameters
    ----------
    docs : Path
        Folder of ``science.md``.
    artifacts : Path
        Folder of the shipped models.

    Returns
    -------
    Path
        The report.
    """
    path = docs / REPORT_NAME
    path.write_text(report_text(docs, artifacts))
    return path


def report_text(docs: Path, artifacts: Path = ARTIFACTS) -> str:
    """The report in Markdown."""
    active, manifests = active_manifests(artifacts), _manifests(artifacts)
    parts = [
        "# The science",
        "Written by `python -m worker.training report` from the models' manifests and the committed predictions; "
        "a test compares this page with a fresh one. Change nothing here by hand.",
        sections.summary(active, manifests),
        sections.new_patients(active["context"], active["beat"]),
        *(sections.model_section(manifest, _plots(manifest, docs, artifacts)) for manifest in active.values()),
        trust_section(docs / FIGURES_FOLDER),
        sections.versions(manifests),
        sections.published_work(),
        sections.paper_protocol(docs),
        zoo_section(docs / FIGURES_FOLDER, active.values()),
        sections.how_to_repeat(docs),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def active_manifests(artifacts: Path) -> dict[str, dict[str, Any]]:
    """Documents of the models in use, by kind; the context model first."""
    active = json.loads((artifacts / "active.json").read_text())
    return {kind: _manifest(artifacts / active[kind]) for kind in ("context", "beat")}


def _manifests(artifacts: Path) -> list[dict[str, Any]]:
    """Documents of all versions, by kind and version."""
    found = [_manifest(path.parent) for path in artifacts.glob(f"*/*/{MANIFEST_NAME}")]
    return sorted(found, key=lambda document: (document["kind"], _numbers(document["version"])))


def _numbers(version: str) -> list[str]:
    return [part.zfill(6) for part in version.split(".")]


def _manifest(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / MANIFEST_NAME).read_text())
    return document


def _plots(manifest: dict[str, Any], docs: Path, artifacts: Path) -> list[str]:
    """Paths of a model's plots from ``docs``."""
    folder = artifacts / manifest["kind"] / manifest["version"] / PLOTS_NAME
    return [Path(os.path.relpath(path, docs)).as_posix() for path in sorted(folder.glob("*.svg"))]
