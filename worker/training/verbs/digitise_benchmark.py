"""``digitise-benchmark``: how truly generated pictures are read."""

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option

if TYPE_CHECKING:
    from worker.training.evaluation.digitising.drawing import Kind, Sources

OPENS_DS2: Final = (
    "This reads DS2, the test patients: add an entry to docs/science-log.md with the date, the commit, these options "
    "and all figures below."
)
_HALVES: Final = {
    "taught": {"LUDB": "odd records of LUDB", "MIT-BIH": "DS1 of MIT-BIH"},
    "reported": {"LUDB": "even records of LUDB", "MIT-BIH": "DS2 of MIT-BIH"},
}


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser(
        "digitise-benchmark", help="draw pictures, read them, and hold both against each other"
    )
    parser.add_argument(
        "--half",
        choices=["taught", "reported"],
        default="taught",
        help="odd records of LUDB and DS1 of MIT-BIH, from which readers may be taught (default), or the others",
    )
    parser.add_argument(
        "--kinds",
        nargs="+",
        choices=["sheet", "strip", "screen", "plot"],
        metavar="KIND",
        help="sheet, strip, screen or plot (default: all)",
    )
    parser.add_argument("--levels", nargs="+", metavar="LEVEL", help="of worker/generator/levels.toml (default: all)")
    parser.add_argument(
        "--pictures", type=int, default=40, metavar="N", help="of each kind at each level (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one for each core)")
    parser.add_argument("--ludb", type=Path, help="folder of LUDB (default: ludb beside MIT-BIH's)")
    parser.add_argument(
        "--table", type=Path, metavar="FILE.md", help="also put the figures between this page's markers"
    )
    parser.add_argument("--worst", type=Path, metavar="DIR", help="draw the pictures that are read worst")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.model.classifier import Classifier
    from worker.model.registry import artifact_folder
    from worker.training.evaluation.digitising.drawing import tasks
    from worker.training.evaluation.digitising.figures import figures_of, measured_all
    from worker.training.evaluation.digitising.table import table_rewritten, tables
    from worker.training.evaluation.digitising.worst import worst_written

    kinds, levels, sources = _kinds(options), _levels(options), _sources(options)
    if min(options.pictures, options.jobs) < 1:
        raise ValueError(f"--pictures, --jobs: expected 1 or more. Received: {options.pictures}, {options.jobs}")
    if options.half == "reported" and "strip" in kinds:
        print(OPENS_DS2, file=sys.stderr)
    asked = tasks(kinds, levels, pictures=options.pictures, half=options.half, seed=options.seed)
    measured = measured_all(asked, sources, jobs=options.jobs)
    classifier = Classifier.load(artifact_folder("context"))
    text = tables(figures_of(measured, sources, classifier), _about(options, classifier.identity.version))
    print(text)
    if options.table:
        table_rewritten(options.table, text)
    if options.worst:
        worst_written(options.worst, measured, sources)


def _kinds(options: argparse.Namespace) -> "tuple[Kind, ...]":
    from worker.training.evaluation.digitising.drawing import KINDS

    return tuple(options.kinds or KINDS)


def _levels(options: argparse.Namespace) -> tuple[str, ...]:
    from worker.generator.levels import level_named
    from worker.training.evaluation.digitising.drawing import LEVELS

    return tuple(level_named(name).name for name in options.levels or LEVELS)


def _sources(options: argparse.Namespace) -> "Sources":
    from worker.training.evaluation.digitising.drawing import Sources

    mitdb = data_folder(options.data)
    return Sources(ludb=options.ludb or mitdb.parent / "ludb", mitdb=mitdb)


def _about(options: argparse.Namespace, context: str) -> str:
    drawn = dict.fromkeys("MIT-BIH" if kind == "strip" else "LUDB" for kind in _kinds(options))
    halves = ", ".join(_HALVES[options.half][database] for database in drawn)
    return (
        f"Measured on {date.today().isoformat()}: {options.pictures} pictures of each kind at each level, "
        f"{options.half} half ({halves}), seed {options.seed}; classes by context {context}."
    )
