"""``gate``: whether a model may take the active one's place, and if not, why."""

import argparse
from pathlib import Path

from worker.model.promotion import reasons_against
from worker.model.registry import artifact_folder, read_manifest
from worker.training.verbs.options import Commands


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("gate", help="say whether a model may be promoted; exit code 1 where it may not")
    parser.add_argument("--candidate", type=Path, required=True, help="folder with network.keras and manifest.json")
    parser.add_argument("--active", type=Path, help="what it would replace (default: the active model of its kind)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    candidate = read_manifest(options.candidate)
    active = read_manifest(options.active or artifact_folder(candidate.kind))
    names = [f"{manifest.identity.name} {manifest.identity.version}" for manifest in (candidate, active)]
    reasons = reasons_against(candidate.document, active.document)
    if not reasons:
        print(f"{names[0]} may be promoted in place of {names[1]}.")
        return 0
    print(f"{names[0]} may not be promoted in place of {names[1]}:")
    for reason in reasons:
        print(f"- {reason}")
    return 1
