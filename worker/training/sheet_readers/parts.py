"""What the networks learn from, drawn once in parts and kept: bands of rows and tiles with signs of the same pages."""

import os
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from worker.training.evaluation.side_by_side import done_side_by_side
from worker.training.sheet_readers.bands import Bands, bands_of
from worker.training.sheet_readers.flat import SeenPage
from worker.training.sheet_readers.pages import Sources, page_drawn
from worker.training.sheet_readers.tiles import Tiles, tiles_of

PAGES_A_PART: Final = 10
_BANDS_A_PAGE: Final = 8
_TILES_A_PAGE: Final = 8


def parts_stored(sources: Sources, parts: range, folder: Path, *, jobs: int) -> list[Path]:
    """The files of some parts, those that are not there drawn side by side."""
    return done_side_by_side(partial(part_stored, sources, folder), parts, jobs)


def part_stored(sources: Sources, folder: Path, part: int) -> Path:
    """The file of a part, drawn if it is not there."""
    stored = folder / f"part_{part}.npz"
    if stored.is_file():
        return stored
    folder.mkdir(parents=True, exist_ok=True)
    bands, tiles = _part_drawn(sources, np.random.default_rng([part, 77]))
    unfinished = stored.with_suffix(".unfinished.npz")
    np.savez_compressed(unfinished, bands=bands.pixels, heights=bands.heights, tiles=tiles.pixels, cells=tiles.cells)
    os.replace(unfinished, stored)
    return stored


def bands_loaded(parts: list[Path]) -> Bands:
    return Bands(*(np.concatenate(arrays) for arrays in _loaded(parts, "bands", "heights")))


def tiles_loaded(parts: list[Path]) -> Tiles:
    return Tiles(*(np.concatenate(arrays) for arrays in _loaded(parts, "tiles", "cells")))


def _loaded(parts: list[Path], *names: str) -> list[list[np.ndarray]]:
    found: list[list[np.ndarray]] = [[] for _ in names]
    for part in parts:
        with np.load(part) as stored:
            for arrays, name in zip(found, names, strict=True):
                arrays.append(stored[name])
    return found


def _part_drawn(sources: Sources, rng: np.random.Generator) -> tuple[Bands, Tiles]:
    bands, tiles = [], []
    for _ in range(PAGES_A_PART):
        page = SeenPage(page_drawn(sources, rng))
        bands.append(bands_of(page, _BANDS_A_PAGE, rng))
        tiles.append(tiles_of(page, _TILES_A_PAGE, rng))
    return (
        Bands(
            np.concatenate([b.pixels for b in bands if len(b.pixels)]),
            np.concatenate([b.heights for b in bands if len(b.pixels)]),
        ),
        Tiles(np.concatenate([t.pixels for t in tiles]), np.concatenate([t.cells for t in tiles])),
    )
