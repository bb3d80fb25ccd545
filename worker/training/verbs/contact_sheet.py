"""``contact-sheet``: one strip at every level of difficulty, to look at."""

import argparse
from pathlib import Path

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("contact-sheet", help="a strip drawn at each level of the picture generator")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    parser.add_argument("--record", default="119", help="default: %(default)s")
    parser.add_argument("--strip", type=int, default=0, help="number of the ten seconds (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.generator.contact_sheet import contact_sheet
    from worker.generator.levels import levels
    from worker.training.evaluation.reread import picture_of, strips_cut

    cut = strips_cut(data_folder(options.data), [options.record], every=1, seed=0)[options.strip]
    options.out.write_bytes(contact_sheet([picture_of(cut, level=level, seed=options.seed) for level in levels()]))
