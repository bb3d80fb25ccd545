"""What people leave on a printed page: strokes of a pen, stamps, punched holes and staples."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from worker.generator.ink import ink_shares, inked
from worker.generator.levels import Level
from worker.generator.page import Page, Text, text_shares
from worker.generator.paper import Rgb

PENS: Final[tuple[Rgb, ...]] = ((24, 42, 140), (26, 26, 30), (186, 28, 36), (30, 60, 170))
_STAMPS: Final[tuple[Rgb, ...]] = ((70, 60, 150), (170, 50, 60), (40, 70, 90))
_STAMP_WORDS: Final = ("RECEIVED", "COPY", "FILED", "SEEN", "ARCHIVE", "CHECKED")
_HOLE_GREY: Final = (20, 110)


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One movement of a pen: x and y of its points, shape (n, 2)."""

    points_mm: np.ndarray
    width_mm: float
    colour: Rgb


@dataclass(frozen=True, slots=True)
class Hole:
    x_mm: float
    y_mm: float
    radius_mm: float
    grey: int


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """All marks of a page; ``stamp`` words are printed in the colour of the stamp's frame, the last of its strokes."""

    strokes: tuple[Stroke, ...] = ()
    stamp: tuple[Text, ...] = ()
    holes: tuple[Hole, ...] = ()


def marks_drawn(page: Page, level: Level, rng: np.random.Generator) -> Marks:
    """Marks as often as a level has them, anywhere on a page."""
    strokes: list[Stroke] = []
    if rng.random() < level.pen:
        strokes += _pen_strokes(page, rng)
    holes = _holes(page, rng) if rng.random() < level.punch else ()
    if rng.random() < level.staple:
        strokes.append(_staple(page, rng))
    if rng.random() >= level.stamp:
        return Marks(tuple(strokes), holes=holes)
    text, frame = _stamp(page, rng)
    return Marks((*strokes, frame), (text,), holes)


def marked(pixels: np.ndarray, marks: Marks, px_per_mm: float) -> np.ndarray:
    """A printed page ``[height, width, 3]``, from 0 to 255, with marks on it."""
    shape = pixels.shape[:2]
    for stroke in marks.strokes:
        pixels = inked(pixels, 0.85 * _stroke_shares([stroke], shape, px_per_mm), stroke.colour)
    if marks.stamp:
        pixels = inked(pixels, 0.8 * text_shares(marks.stamp, shape, px_per_mm), marks.strokes[-1].colour)
    for hole in marks.holes:
        pixels = inked(pixels, _hole_shares(hole, shape, px_per_mm), (hole.grey,) * 3)
    return pixels


def mark_shares(marks: Marks, shape: tuple[int, int], px_per_mm: float) -> np.ndarray:
    """How much of each pixel of a page is covered by any mark."""
    shares = np.maximum(_stroke_shares(marks.strokes, shape, px_per_mm), text_shares(marks.stamp, shape, px_per_mm))
    for hole in marks.holes:
        shares = np.maximum(shares, _hole_shares(hole, shape, px_per_mm))
    return shares


def _stroke_shares(strokes: tuple[Stroke, ...] | list[Stroke], shape: tuple[int, int], px_per_mm: float) -> np.ndarray:
    shares = np.zeros(shape, np.float32)
    for stroke in strokes:
        points, width_px = stroke.points_mm * px_per_mm, max(1.0, stroke.width_mm * px_per_mm)
        # Only the pixels around a stroke are looked at: a page is far larger.
        (left, top), (right, bottom) = (
            np.clip(np.floor(side).astype(int), 0, shape[::-1])
            for side in (points.min(axis=0) - 2 * width_px, points.max(axis=0) + 2 * width_px + 1)
        )
        if right > left and bottom > top:
            near = ink_shares([points - np.array([left, top])], (bottom - top, right - left), width_px)
            shares[top:bottom, left:right] = np.maximum(shares[top:bottom, left:right], near)
    return shares


def _hole_shares(hole: Hole, shape: tuple[int, int], px_per_mm: float) -> np.ndarray:
    x, y = (np.arange(shape[axis]) + 0.5 for axis in (1, 0))
    away = np.hypot(x[None, :] - hole.x_mm * px_per_mm, y[:, None] - hole.y_mm * px_per_mm)
    return np.clip(hole.radius_mm * px_per_mm + 0.5 - away, 0.0, 1.0).astype(np.float32)


def _pen_strokes(page: Page, rng: np.random.Generator) -> list[Stroke]:
    """One to four marks of one pen: rings, underlines, ticks, and a line or two of handwriting."""
    colour, width_mm = PENS[rng.integers(len(PENS))], float(rng.uniform(0.35, 0.7))
    shapes = [_ring, _underline, _tick, _handwriting]
    strokes = []
    for _ in range(rng.integers(1, 5)):
        place = rng.uniform([0.05, 0.05], [0.85, 0.95]) * np.array([page.width_mm, page.height_mm])
        points = shapes[rng.integers(len(shapes))](rng) + place
        strokes.append(Stroke(points, width_mm, colour))
    return strokes


def _ring(rng: np.random.Generator) -> np.ndarray:
    angle = np.linspace(0.0, 2 * np.pi * rng.uniform(0.95, 1.15), 90) + rng.uniform(0, 6)
    wobble = 1.0 + 0.06 * np.sin(angle * rng.uniform(1.2, 2.6) + rng.uniform(0, 6))
    across, down = rng.uniform(4.0, 16.0), rng.uniform(4.0, 10.0)
    return np.stack([across * wobble * np.cos(angle), down * wobble * np.sin(angle)], axis=1)


def _underline(rng: np.random.Generator) -> np.ndarray:
    x = np.linspace(0.0, rng.uniform(10.0, 60.0), 60)
    return np.stack([x, 0.6 * np.sin(x / rng.uniform(6, 20)) + x * rng.normal(0.0, 0.04)], axis=1)


def _tick(rng: np.random.Generator) -> np.ndarray:
    size = rng.uniform(3.0, 9.0)
    return size * np.array([[0.0, 0.0], [0.12, 0.2], [0.3, 0.5], [0.5, 0.1], [0.75, -0.5], [1.1, -1.1]])


def _handwriting(rng: np.random.Generator) -> np.ndarray:
    """Loops that look like a few joined letters, some taller than others."""
    letters = int(rng.integers(4, 14))
    at = np.linspace(0.0, letters, 22 * letters)
    height = np.interp(at, np.arange(letters + 1), rng.uniform(0.5, 2.6, letters + 1))
    loop, lean = rng.uniform(0.5, 1.1), rng.uniform(0.1, 0.6)
    y = -height * np.sin(2 * np.pi * at + rng.uniform(0, 6))
    x = 1.9 * at + loop * np.cos(2 * np.pi * at * rng.uniform(0.97, 1.03)) - lean * y
    return np.stack([x, y - at * rng.normal(0.0, 0.1)], axis=1)


def _staple(page: Page, rng: np.random.Generator) -> Stroke:
    left, top = rng.uniform(4.0, 12.0), rng.uniform(4.0, 12.0)
    if rng.random() < 0.5:
        left = page.width_mm - left
    reach = rng.uniform(4.5, 6.0) * np.array([np.cos(angle := rng.uniform(-0.9, 0.9)), np.sin(angle)])
    middle = np.array([left, top])
    grey = int(rng.integers(90, 160))
    return Stroke(np.stack([middle - reach, middle + reach]), 0.6, (grey, grey, grey + 4))


def _holes(page: Page, rng: np.random.Generator) -> tuple[Hole, ...]:
    """Two punched holes, 80 mm apart, at the left or the upper edge."""
    inwards, radius, grey = rng.uniform(8.0, 12.0), rng.uniform(2.5, 3.2), int(rng.integers(*_HOLE_GREY))
    aside = rng.random() < 0.5
    middle = (page.height_mm if aside else page.width_mm) / 2 + rng.uniform(-8.0, 8.0)
    along = (middle - 40.0, middle + 40.0)
    return tuple(Hole(*((inwards, at) if aside else (at, inwards)), radius, grey) for at in along)


def _stamp(page: Page, rng: np.random.Generator) -> tuple[Text, Stroke]:
    words, size = str(rng.choice(_STAMP_WORDS)), float(rng.uniform(4.0, 7.0))
    left, top = rng.uniform(0.02, 0.7) * page.width_mm, rng.uniform(0.02, 0.85) * page.height_mm
    text = Text(words, float(left), float(top), size, "DejaVuSans-Bold")
    (left, top), _, (right, bottom), _ = text.box_mm(8.0) + np.array([[-1.5], [0], [1.5], [0]])
    top, bottom = top - 1.5, bottom + 1.5
    frame = np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
    return text, Stroke(frame, 0.7, _STAMPS[rng.integers(len(_STAMPS))])
