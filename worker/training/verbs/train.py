"""``train``: choose on held-out DS1 records, fit on all of DS1, write the artifact."""

import argparse
import time
from pathlib import Path

from worker.model.registry import ARTIFACTS
from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_run_options, configs


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("train", help="choose on held-out DS1 records, fit on DS1, publish; resumes")
    add_run_options(parser)
    parser.add_argument("--artifacts", type=Path, default=ARTIFACTS, help="where the artifact goes (default: worker's)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.train import train

    data = data_folder(options.data)
    for config in configs(options):
        started = time.monotonic()
        folder = train(config, data, options.runs, options.artifacts)
        print(f"{folder} after {(time.monotonic() - started) / 60:.1f} min; now: evaluate --artifact {folder} --write")
