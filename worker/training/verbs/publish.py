"""``publish``: complete a model's folder, and put it into use."""

import argparse
import json
from pathlib import Path

from worker.model.promotion import reasons_against
from worker.model.registry import ARTIFACTS, artifact_folder, read_manifest
from worker.training.verbs.options import Commands


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("publish", help="write a model's ONNX twin, card and plots; --activate to ship it")
    parser.add_argument("--artifact", type=Path, required=True, help="folder with network.keras and manifest.json")
    parser.add_argument(
        "--activate", action="store_true", help="name it in active.json, if `gate` finds nothing against it"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.publishing.publish import twin_add

    read_manifest(options.artifact)  # refuses a folder whose network is not its manifest's
    twin_add(options.artifact)
    print(f"{options.artifact} has its twin, card and plots")
    if options.activate:
        activate(options.artifact)


def activate(folder: Path) -> None:
    """Name a shipped model as the one in use.

    Raises
    ------
    ValueError
        If it does not lie among the shipped ones, or the gate has reasons against it.
    """
    candidate = read_manifest(folder)
    place = folder.resolve()
    if not place.is_relative_to(ARTIFACTS):
        raise ValueError(f"activate: expected a folder in {ARTIFACTS}. Received: {folder}")
    reasons = reasons_against(candidate.document, read_manifest(artifact_folder(candidate.kind)).document)
    if reasons:
        raise ValueError("activate: " + " ".join(reasons))
    path = ARTIFACTS / "active.json"
    active = {**json.loads(path.read_text()), candidate.kind: place.relative_to(ARTIFACTS).as_posix()}
    path.write_text(json.dumps(active, indent=2) + "\n")
    print(f"{active[candidate.kind]} is the {candidate.kind} model in use")
