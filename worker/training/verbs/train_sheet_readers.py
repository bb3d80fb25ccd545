"""``train-sheet-readers``: teach the networks that read rows and signs of sheets on generated pages, and ship them."""

import argparse
import os
from pathlib import Path
from typing import Final

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option

READERS: Final = ("rows", "signs")


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser(
        "train-sheet-readers", help="teach the readers of sheets on generated pages and ship them; resumes"
    )
    parser.add_argument("readers", nargs="*", choices=READERS, default=READERS, help="which (default: both)")
    parser.add_argument("--parts", type=int, default=21, help="of 50 pages each (default: %(default)s)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes that draw (default: one a core)"
    )
    parser.add_argument("--ludb", type=Path, help="folder of LUDB (default: ludb beside the MIT-BIH records)")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="working folder (default: %(default)s)")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from worker.training.sheet_readers.pages import Sources
    from worker.training.sheet_readers.parts import PAGES_A_PART, parts_stored

    mitdb = data_folder(options.data)
    sources = Sources(options.ludb or mitdb.parent / "ludb", mitdb)
    folder = options.runs / "sheet_readers"
    parts = parts_stored(sources, options.parts, folder, jobs=options.jobs)
    for reader in options.readers:
        _reader_shipped(reader, parts, folder / reader, pages=PAGES_A_PART * options.parts)


def _reader_shipped(reader: str, parts: list[Path], folder: Path, *, pages: int) -> None:
    from worker.training.sheet_readers.fit import FitSettings
    from worker.training.sheet_readers.parts import bands_loaded, tiles_loaded
    from worker.training.sheet_readers.row_fit import row_network_fit
    from worker.training.sheet_readers.ship import row_reader_ship, sign_reader_ship
    from worker.training.sheet_readers.sign_fit import sign_network_fit

    if reader == "rows":
        settings = FitSettings(epochs=18, steps=200, batch=32)
        row_reader_ship(row_network_fit(bands_loaded(parts), settings, folder), settings, pages=pages)
    else:
        settings = FitSettings(epochs=12, steps=200, batch=32)
        sign_reader_ship(sign_network_fit(tiles_loaded(parts), settings, folder), settings, pages=pages)
