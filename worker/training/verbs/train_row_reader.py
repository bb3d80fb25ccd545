"""``train-row-reader``: teach the network that reads rows of sheets on generated pages, and ship it."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from worker.training.records import data_folder
from worker.training.verbs.options import Commands, add_data_option

if TYPE_CHECKING:
    import numpy as np

    from worker.generator.truth import DrawnPicture
    from worker.training.row_reader.bands import Bands
    from worker.training.row_reader.pages import Sources

PAGES_A_PART: Final = 150
BANDS_A_PAGE: Final = 5


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser(
        "train-row-reader", help="teach the reader of sheets' rows on generated pages and ship it; resumes"
    )
    parser.add_argument("--parts", type=int, default=4, help=f"of {PAGES_A_PART} pages each (default: %(default)s)")
    parser.add_argument("--ludb", type=Path, help="folder of LUDB (default: ludb beside the MIT-BIH records)")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="working folder (default: %(default)s)")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    import numpy as np

    from worker.training.row_reader.bands import Bands
    from worker.training.row_reader.fit import FitSettings, row_network_fit
    from worker.training.row_reader.pages import Sources
    from worker.training.row_reader.ship import row_reader_ship

    mitdb = data_folder(options.data)
    sources = Sources(options.ludb or mitdb.parent / "ludb", mitdb)
    folder, settings = options.runs / "row_reader", FitSettings()
    parts = [_part(sources, part, folder) for part in range(1, options.parts + 1)]
    bands = Bands(np.concatenate([p.pixels for p in parts]), np.concatenate([p.heights for p in parts]))
    model = row_network_fit(bands, settings, folder)
    row_reader_ship(model, settings, pages=PAGES_A_PART * options.parts, bands=len(bands.pixels))


def _part(sources: "Sources", part: int, folder: Path) -> "Bands":
    """Bands of some pages, drawn once and kept."""
    import numpy as np

    from worker.training.row_reader.bands import Bands, bands_drawn

    stored = folder / f"bands_{part}.npz"
    if not stored.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng([part, 77])
        bands = bands_drawn(_pages(sources, rng), BANDS_A_PAGE, rng)
        unfinished = stored.with_suffix(".part.npz")
        np.savez_compressed(unfinished, pixels=bands.pixels, heights=bands.heights)
        os.replace(unfinished, stored)
    with np.load(stored) as found:
        return Bands(found["pixels"], found["heights"])


def _pages(sources: "Sources", rng: "np.random.Generator") -> Iterator["DrawnPicture"]:
    from tqdm import trange

    from worker.training.row_reader.pages import page_drawn

    for _ in trange(PAGES_A_PART, desc="pages", unit="page"):
        yield page_drawn(sources, rng)
