"""``prepare``: draw the training records' beats."""

import argparse

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_run_options, configs


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("prepare", help="draw the training records' beats, augmented; resumes")
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.data.bank import bank_prepare

    data = data_folder(options.data)
    for config in configs(options):
        bank_prepare(config, data, options.runs / config.artifact.kind / "bank")
