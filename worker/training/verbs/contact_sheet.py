"""``contact-sheet``: one strip at every level of difficulty, or sheets and screens, to look at."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option

if TYPE_CHECKING:
    from worker.generator.truth import DrawnPicture

_ACROSS_PX, _COLUMNS = 960, 2
_LAYOUTS = ("3x4+1", "3x4+3", "6x2+1", "3x4+1", "3x4")  # by level


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("contact-sheet", help="pictures drawn at each level of the picture generator")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    parser.add_argument("--record", default="119", help="default: %(default)s")
    parser.add_argument("--strip", type=int, default=0, help="number of the ten seconds (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument(
        "--sheets", type=Path, metavar="FOLDER", help="draw sheets and a screen of a record of LUDB in this folder"
    )
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.generator.contact_sheet import contact_sheet
    from worker.generator.levels import levels
    from worker.training.evaluation.reread import picture_of, strips_cut

    if options.sheets is not None:
        pictures = sheets_of(options.sheets, options.record, seed=options.seed)
        options.out.write_bytes(contact_sheet(pictures, width_px=_ACROSS_PX, columns=_COLUMNS))
        return
    cut = strips_cut(data_folder(options.data), [options.record], every=1, seed=0)[options.strip]
    options.out.write_bytes(contact_sheet([picture_of(cut, level=level, seed=options.seed) for level in levels()]))


def sheets_of(folder: Path, record: str, *, seed: int) -> "list[DrawnPicture]":
    """A sheet at every level, and a photographed screen."""
    import numpy as np

    from worker.generator.levels import levels
    from worker.generator.sheet_picture import screen_picture, sheet_picture
    from worker.training.ludb import twelve_leads

    leads, fs = twelve_leads(folder, record)
    pictures = [
        sheet_picture(leads, fs, level=level, rng=np.random.default_rng([seed, number]), layout=layout)
        for number, (level, layout) in enumerate(zip(levels(), _LAYOUTS, strict=True))
    ]
    return [*pictures, screen_picture(leads, fs, level="photo", rng=np.random.default_rng(seed))]
