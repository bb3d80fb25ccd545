"""Monitors: bright curves on a dark screen, with readouts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from worker.generator.fonts import FONTS
from worker.generator.ink import ink_shares, inked
from worker.generator.page import Page, Row, Text, text_shares
from worker.generator.paper import Lines, Paper, Rgb, line_shares
from worker.generator.words import scale_words, screen_numbers

BRIGHT: Final[tuple[Rgb, ...]] = (
    (64, 240, 90), (40, 230, 60), (250, 230, 60), (245, 245, 245), (70, 225, 240), (255, 150, 60),
)  # fmt: skip
GROUNDS: Final[tuple[Rgb, ...]] = ((0, 0, 0), (6, 8, 12), (10, 16, 30), (4, 22, 18), (24, 26, 30))
GRIDS: Final[tuple[Lines, ...]] = ("none", "none", "majors", "dotted", "solid")
_MARGIN_MM: Final = 8.0


@dataclass(frozen=True, slots=True)
class ScreenLook:
    """Colours of a screen: those of rows and of texts stand in their order on the page."""

    ground: Rgb
    grid: Paper
    grid_colour: Rgb
    rows: tuple[Rgb, ...]
    texts: tuple[Rgb, ...]
    glow: float


def screen_page(
    leads: Mapping[str, np.ndarray],
    fs: float,
    names: Sequence[str],
    rng: np.random.Generator,
    *,
    speed_mm_s: float,
    gain_mm_mv: float,
    seconds: float,
) -> Page:
    """A screen with a row for each named lead, and with names, scale and readouts as drawn."""
    spacing = float(rng.uniform(2.2, 4.5)) * gain_mm_mv
    room = {name: _room_mm(leads[name][: round(seconds * fs)], gain_mm_mv) for name in names}
    font = FONTS[rng.integers(len(FONTS))]
    named, scaled = rng.random() < 0.8, rng.random() < 0.3
    numbers = screen_numbers(rng) if rng.random() < 0.6 else []
    rows, texts, top = [], [], _MARGIN_MM + 4.0
    for number, name in enumerate(names):
        above, below = room[name]
        zero = top + max(above, spacing / 2)
        label = Text(name, _MARGIN_MM, max(1.0, zero - spacing / 2 - 2.0), 4.5, font) if named else None
        signal = leads[name][: round(seconds * fs)]
        rest_mm = float(np.median(signal)) * gain_mm_mv
        rows.append(Row(signal, fs, name, _MARGIN_MM, zero + rest_mm, row=number, name=label))
        texts += [] if label is None else [label]
        top = zero + max(below, spacing / 2)
    right = _MARGIN_MM + seconds * speed_mm_s + 6.0
    size = float(rng.uniform(9.0, 14.0))
    texts += [Text(said, right, _MARGIN_MM + at * (size + 5.0), size, font) for at, said in enumerate(numbers)]
    if scaled:
        texts.append(Text(scale_words(speed_mm_s, gain_mm_mv, rng), _MARGIN_MM, top + 2.0, 3.2, font))
    height = max(top, _MARGIN_MM + len(numbers) * (size + 5.0)) + _MARGIN_MM
    width = right + max((0.68 * size * len(said) for said in numbers), default=0.0) + 4.0
    return Page(width, height, tuple(rows), tuple(texts), speed_mm_s, gain_mm_mv)


def screen_look_drawn(page: Page, rng: np.random.Generator) -> ScreenLook:
    many = rng.random() < 0.5
    colours = [BRIGHT[at] for at in rng.permutation(len(BRIGHT))]
    rows = tuple(colours[number if many else 0] for number in range(len(page.rows)))
    texts = tuple(rows[number % len(rows)] for number in range(len(page.texts)))
    ground = GROUNDS[rng.integers(len(GROUNDS))]
    level = float(rng.uniform(0.15, 0.45))
    return ScreenLook(
        ground=ground,
        grid=Paper("gray", GRIDS[rng.integers(len(GRIDS))]),
        grid_colour=tuple(round(dark + level * (bright - dark)) for dark, bright in zip(ground, rows[0], strict=True)),
        rows=rows,
        texts=texts,
        glow=float(rng.uniform(0.0, 0.5)),
    )


def screen_drawn(page: Page, look: ScreenLook, *, line_mm: float, px_per_mm: float) -> np.ndarray:
    """A screen as it shines, ``[height, width, 3]`` from 0 to 255."""
    shape = (max(1, round(page.height_mm * px_per_mm)), max(1, round(page.width_mm * px_per_mm)))
    pixels = np.empty((*shape, 3), np.float32)
    pixels[:] = look.ground
    if look.grid.has_lines:
        minors, majors = line_shares(look.grid, shape, px_per_mm)
        faint = 0.5 * majors if minors is None else np.maximum(0.35 * minors, 0.6 * majors)
        pixels = inked(pixels, faint, look.grid_colour)
    width_px = max(1.0, line_mm * px_per_mm)
    for colour in dict.fromkeys((*look.rows, *look.texts)):
        curves = [
            page.curve_mm(row) * px_per_mm for row, own in zip(page.rows, look.rows, strict=True) if own == colour
        ]
        texts = [text for text, own in zip(page.texts, look.texts, strict=True) if own == colour]
        shares = np.maximum(ink_shares(curves, shape, width_px), text_shares(texts, shape, px_per_mm))
        if look.glow:
            shares = np.maximum(shares, look.glow * cv2.GaussianBlur(shares, (0, 0), 1.5 * width_px))
        pixels = inked(pixels, shares, colour)
    return pixels


def _room_mm(signal_mv: np.ndarray, gain_mm_mv: float) -> tuple[float, float]:
    """How far a curve reaches above and below its resting line."""
    rest = float(np.median(signal_mv))
    high, low = float(signal_mv.max()) - rest, float(signal_mv.min()) - rest
    return high * gain_mm_mv + 1.0, -low * gain_mm_mv + 1.0
