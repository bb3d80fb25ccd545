"""``train-sheet-readers``: teach the networks that read rows, signs and scales of sheets, and ship them."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option

if TYPE_CHECKING:
    from worker.training.sheet_readers.fit import FitSettings

READERS: Final = ("rows", "signs", "scales")
_LOOKS: Final = 30_000


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser(
        "train-sheet-readers", help="teach the readers of sheets on generated pages and ship them; resumes"
    )
    parser.add_argument("readers", nargs="*", choices=READERS, default=READERS, help="which (default: all)")
    parser.add_argument("--parts", type=int, default=105, help="of 10 pages each (default: %(default)s)")
    parser.add_argument(
        "--first-part", type=int, default=1, help="of the parts: other numbers draw other pages (default: %(default)s)"
    )
    parser.add_argument("--go-on", action="store_true", help="begin with the shipped weights instead of none")
    parser.add_argument("--long", action="store_true", help="with --go-on: five times the batches, for an accelerator")
    parser.add_argument(
        "--earlier-share", type=float, default=0.5, help="with --go-on: of the shipped weights (default: %(default)s)"
    )
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

    folder = options.runs / "sheet_readers"
    if "scales" in options.readers and not options.go_on:  # its looks are drawn anew in minutes
        _scale_reader_shipped(folder / "scales", jobs=options.jobs)
    by_pages = [reader for reader in options.readers if reader != "scales"]
    if not by_pages:
        return
    mitdb = data_folder(options.data)
    sources = Sources(options.ludb or mitdb.parent / "ludb", mitdb)
    numbers = range(options.first_part, options.first_part + options.parts)
    parts, pages = parts_stored(sources, numbers, folder, jobs=options.jobs), PAGES_A_PART * options.parts
    for reader in by_pages:
        run_folder = folder / (_going_on_from(reader, options.first_part) if options.go_on else reader)
        settings = _settings(reader, go_on=options.go_on, long=options.long)
        earlier_share = options.earlier_share if options.go_on else None
        shipped = _row_reader_shipped if reader == "rows" else _sign_reader_shipped
        shipped(parts, run_folder, settings, pages=pages, earlier_share=earlier_share)


def _going_on_from(reader: str, first_part: int) -> str:
    """A folder of its own for each beginning: an earlier fit's epochs would be taken for its own."""
    from worker.image.sheet import row_reader, sign_reader

    network = row_reader.NETWORK if reader == "rows" else sign_reader.NETWORK
    shipped = json.loads(network.with_suffix(".json").read_text())["sha256"]
    return f"{reader}-{shipped[:8]}-{first_part}"


def _settings(reader: str, *, go_on: bool, long: bool) -> "FitSettings":
    from worker.training.sheet_readers.fit import FitSettings

    rows = reader == "rows"
    if not go_on:
        return FitSettings(epochs=18 if rows else 12, steps=200, batch=32)
    if long:
        return FitSettings(epochs=19, steps=400, batch=32, rate=2e-3)  # 5 minutes for both on one H200, under JAX
    if rows:
        return FitSettings(epochs=14, steps=100, batch=16, rate=1e-3)  # 49 minutes on two busy cores
    return FitSettings(epochs=10, steps=150, batch=32, rate=1e-3)  # 28 minutes on two busy cores


def _row_reader_shipped(
    parts: list[Path], folder: Path, settings: "FitSettings", *, pages: int, earlier_share: float | None
) -> None:
    from worker.training.sheet_readers.parts import bands_loaded
    from worker.training.sheet_readers.row_fit import row_network_fit
    from worker.training.sheet_readers.ship import row_reader_ship

    model = row_network_fit(bands_loaded(parts), settings, folder, go_on=earlier_share is not None)
    row_reader_ship(model, settings, pages=pages, earlier_share=earlier_share)


def _sign_reader_shipped(
    parts: list[Path], folder: Path, settings: "FitSettings", *, pages: int, earlier_share: float | None
) -> None:
    from worker.training.sheet_readers.parts import tiles_loaded
    from worker.training.sheet_readers.ship import sign_reader_ship
    from worker.training.sheet_readers.sign_fit import sign_network_fit

    model = sign_network_fit(tiles_loaded(parts), settings, folder, go_on=earlier_share is not None)
    sign_reader_ship(model, settings, pages=pages, earlier_share=earlier_share)


def _scale_reader_shipped(folder: Path, *, jobs: int) -> None:
    from worker.training.sheet_readers.fit import FitSettings
    from worker.training.sheet_readers.scale_fit import scale_network_fit
    from worker.training.sheet_readers.scale_looks import looks_drawn
    from worker.training.sheet_readers.ship import scale_reader_ship

    settings = FitSettings(epochs=12, steps=150, batch=64)
    model = scale_network_fit(looks_drawn(_LOOKS, settings.seed, jobs=jobs), settings, folder)
    scale_reader_ship(model, settings, looks=_LOOKS)
