"""``download``: fetch the database."""

import argparse
from pathlib import Path

from worker.training.records import DOWNLOADED, download
from worker.training.verbs.options import Commands


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("download", help="fetch the database from PhysioNet (needs a network)")
    parser.add_argument("--to", type=Path, default=DOWNLOADED, help="folder for the records (default: %(default)s)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    download(options.to)
