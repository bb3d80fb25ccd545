"""``overlays``: what is read of every picture in a folder, drawn over it, on one image to look at."""

import argparse
from pathlib import Path

from worker.training.verbs.options import Commands


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("overlays", help="what is read of every picture in a folder, drawn over it")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.pictures.overlays import folder_overlays

    folder_overlays(options.folder).save(options.out)
