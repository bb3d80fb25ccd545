"""``failure-reasons``: whether pictures with a fault end with the reason that is true of them."""

import argparse
import os
from datetime import date
from pathlib import Path

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser(
        "failure-reasons", help="draw pictures with one fault each, read them, and count the reasons they end with"
    )
    parser.add_argument(
        "--pictures", type=int, default=4, metavar="N", help="of each fault, strength and kind (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one for each core)")
    parser.add_argument("--ludb", type=Path, help="folder of LUDB (default: ludb beside MIT-BIH's)")
    parser.add_argument(
        "--table", type=Path, metavar="FILE.md", help="also put the figures between this page's markers"
    )
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.evaluation.digitising.drawing import Sources
    from worker.training.evaluation.digitising.table import table_rewritten
    from worker.training.evaluation.faults.figures import ended_all, fault_tasks
    from worker.training.evaluation.faults.table import BEGIN, END, tables

    if min(options.pictures, options.jobs) < 1:
        raise ValueError(f"--pictures, --jobs: expected 1 or more. Received: {options.pictures}, {options.jobs}")
    mitdb = data_folder(options.data)
    sources = Sources(ludb=options.ludb or mitdb.parent / "ludb", mitdb=mitdb)
    tasks = fault_tasks(pictures=options.pictures, seed=options.seed)
    text = tables(ended_all(tasks, sources, jobs=options.jobs), _about(options))
    print(text)
    if options.table:
        table_rewritten(options.table, text, BEGIN, END)


def _about(options: argparse.Namespace) -> str:
    return (
        f"Measured on {date.today().isoformat()}: {options.pictures} pictures of each fault, strength and kind (odd "
        f"records of LUDB as sheets, DS1 of MIT-BIH as strips), seed {options.seed}."
    )
