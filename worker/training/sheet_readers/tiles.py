"""Tiles of generated pages, with the cells in which a printed sign has its middle."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.generator.page import Text
from worker.generator.truth import DrawnPicture, Scene
from worker.image.sheet.scale_reader import SCALES
from worker.image.sheet.sign_reader import CELL_PX, GAINS, PULSE, PX_PER_MM, SIGNS, SPEEDS
from worker.training.sheet_readers.flat import SeenPage
from worker.training.sheet_readers.scale_looks import NONE_OF_THESE, scales_printed

SIDE_PX: Final = 320
NO_SIGN: Final = 0
UNDECIDED: Final = 255  # cells beside a sign's middle, and signs that are not wholly seen
_NEAR_A_SIGN: Final = 0.75
_SEEN_MM: Final = 2.0
_SCALE_WEIGHT: Final = 4.0  # of speed and gain, printed once on a page that has a dozen names


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """``pixels`` uint8 (n, SIDE_PX, SIDE_PX, 3), darkness times 255; ``cells`` uint8 (n, SIDE_PX / 4, SIDE_PX / 4).

    A cell is ``NO_SIGN``, 1 + the index of a sign in ``SIGNS``, or ``UNDECIDED``.
    """

    pixels: np.ndarray
    cells: np.ndarray


def tiles_of(page: SeenPage, count: int, rng: np.random.Generator) -> Tiles:
    """Some tiles of a page, most of them where signs are."""
    flat = page.flat((PX_PER_MM, PX_PER_MM), rng)
    signs = [(sign, flat.placed(at[None])[0]) for sign, at in signs_printed(page.picture)]
    height, width = flat.seen.shape
    pixels, cells = [], []
    for _ in range(count):
        middle = rng.uniform((0, 0), (width, height))
        if signs and rng.random() < _NEAR_A_SIGN:
            middle = signs[_chosen(signs, rng)][1] + rng.uniform(-0.4, 0.4, 2) * SIDE_PX
        left, top = (
            int(np.clip(m - SIDE_PX / 2, 0, max(0, s - SIDE_PX))) for m, s in zip(middle, (width, height), strict=True)
        )
        tile = flat.darkness[top : top + SIDE_PX, left : left + SIDE_PX]
        padded = np.pad(tile, ((0, SIDE_PX - tile.shape[0]), (0, SIDE_PX - tile.shape[1]), (0, 0)))
        pixels.append(np.round(255 * padded).astype(np.uint8))
        cells.append(_cells([(sign, at - (left, top)) for sign, at in signs], flat.seen[top:, left:]))
    return Tiles(np.array(pixels), np.array(cells))


def _chosen(signs: Sequence[tuple[str, np.ndarray]], rng: np.random.Generator) -> int:
    weights = np.array([_SCALE_WEIGHT if sign in SPEEDS or sign in GAINS else 1.0 for sign, _ in signs])
    return int(rng.choice(len(signs), p=weights / weights.sum()))


def signs_printed(picture: DrawnPicture) -> Iterator[tuple[str, np.ndarray]]:
    """Each sign of a picture and the pixel in its middle."""
    scene = picture.scene
    for row in picture.rows:
        if row.name_px is not None:
            yield row.lead.lstrip("-"), row.name_px.mean(axis=0)
    for pulse in scene.page.pulses_mm():
        yield PULSE, scene.seen(pulse[2:4].mean(axis=0, keepdims=True))[0]
    for text in scene.page.texts:
        yield from _scale_signs(text, scene)


def _scale_signs(text: Text, scene: Scene) -> Iterator[tuple[str, np.ndarray]]:
    for label, middle_mm in scales_printed(text, scene.px_per_mm):
        if label != NONE_OF_THESE:
            yield SCALES[label - 1], scene.seen(middle_mm[None])[0]


def _cells(signs: list[tuple[str, np.ndarray]], seen: np.ndarray) -> np.ndarray:
    side = SIDE_PX // CELL_PX
    cells = np.zeros((side, side), np.uint8)
    rows, columns = np.mgrid[:side, :side] + 0.5
    for sign, (x, y) in signs:
        far = np.hypot(columns - x / CELL_PX, rows - y / CELL_PX)
        label = 1 + SIGNS.index(sign) if _is_seen(seen, x, y) else UNDECIDED
        cells[(far < 2.6) & (cells == NO_SIGN)] = UNDECIDED
        cells[far < 1.3] = label
    return cells


def _is_seen(seen: np.ndarray, x: float, y: float) -> bool:
    """Whether a sign lies inside the picture, with some room."""
    reach = _SEEN_MM * PX_PER_MM
    corners = [(x + dx, y + dy) for dx in (-reach, reach) for dy in (-reach / 2, reach / 2)]
    height, width = seen.shape
    return all(0 <= cx < width and 0 <= cy < height and seen[int(cy), int(cx)] for cx, cy in corners)
