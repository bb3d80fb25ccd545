"""Close looks at printed speed and gain, and at other words, drawn one by one: pages print each but once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from typing import Final

import cv2
import numpy as np

from worker.generator.camera import encoded
from worker.generator.fonts import FONTS, font_of
from worker.generator.ink import INKS
from worker.generator.page import Page, Text, page_drawn
from worker.generator.paper import COLOURS, LINES, Paper
from worker.generator.words import footer_words, header_blocks
from worker.image.decode import decode_picture
from worker.image.sheet.scale_reader import LOOK_PX, PX_PER_MM, SCALES, darkness_of

NONE_OF_THESE: Final = 0
_SPEEDS: Final = ((25.0, 0.45), (50.0, 0.40), (12.5, 0.10), (100.0, 0.05))
_GAINS: Final = ((10.0, 0.38), (5.0, 0.27), (20.0, 0.27), (2.5, 0.08))
_SCALE: Final = re.compile(r"(?<![\d.])(\d+(?:\.\d)?) ?mm/(s|mV)(?:ec)?")
_OTHER: Final = 0.25  # share of looks at other words
_TRIES: Final = 8  # to find words that are no scale
_PAGE_MM: Final = (130.0, 16.0)
_A_PART: Final = 500


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """``pixels`` uint8 (n, *LOOK_PX), darkness times 255; ``labels`` uint8 (n,), 0 or 1 + the index in ``SCALES``."""

    pixels: np.ndarray
    labels: np.ndarray


def looks_drawn(count: int, seed: int, *, jobs: int = 1) -> Looks:
    """So many looks; the same seed draws the same."""
    with Pool(jobs) as pool:
        parts = pool.map(_part, [(seed, number, min(_A_PART, count - number)) for number in range(0, count, _A_PART)])
    pixels, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Looks(pixels, labels)


def _part(task: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    seed, number, count = task
    rng = np.random.default_rng([seed, number])
    looks, labels = zip(*(look_drawn(rng) for _ in range(count)), strict=True)
    return np.round(255 * np.array(looks)).astype(np.uint8), np.array(labels, np.uint8)


def look_drawn(rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """One look, float32 of ``LOOK_PX``, and its label."""
    px_per_mm = float(rng.uniform(3.2, 9.0))
    font, size_mm = FONTS[rng.integers(len(FONTS))], float(rng.uniform(1.7, 4.0))
    words = _words(rng)
    text = Text(words, float(rng.uniform(2, 12)), float(rng.uniform(4, 8)), size_mm, font)
    label, at_mm = _chosen(text, px_per_mm, rng)
    paper = Paper(
        str(rng.choice(list(COLOURS))), LINES[rng.integers(len(LINES))], strength=float(rng.uniform(0.4, 1.4))
    )
    page = Page(*_PAGE_MM, rows=(), texts=(text,))
    printed = page_drawn(page, paper, INKS[str(rng.choice(list(INKS)))], line_mm=0.2, px_per_mm=px_per_mm)
    return darkness_of(_seen(_taken(printed, rng), at_mm * px_per_mm, px_per_mm, rng)), label


def _words(rng: np.random.Generator) -> str:
    words = footer_words(_one_of(_SPEEDS, rng), _one_of(_GAINS, rng), rng)
    blocks = header_blocks(rng)
    said = str(rng.choice(blocks[int(rng.integers(len(blocks)))]))
    return f"{said}   {words}" if rng.random() < 0.3 else words


def _one_of(shares: tuple[tuple[float, float], ...], rng: np.random.Generator) -> float:
    return float(rng.choice([value for value, _ in shares], p=[share for _, share in shares]))


def _chosen(text: Text, px_per_mm: float, rng: np.random.Generator) -> tuple[int, np.ndarray]:
    """What is looked at, and its middle in millimetres."""
    scales = list(scales_printed(text, px_per_mm))
    if rng.random() >= _OTHER:
        return scales[int(rng.integers(len(scales)))]
    box = text.box_mm(px_per_mm)
    for _ in range(_TRIES):
        at = rng.uniform(box[0], box[2])
        if all(abs(at[0] - middle[0]) > 2.0 + 2.5 * text.size_mm for _, middle in scales):
            return NONE_OF_THESE, at
    return NONE_OF_THESE, np.array([box[:, 0].mean(), box[0, 1] - LOOK_PX[0] / PX_PER_MM])  # bare paper


def scales_printed(text: Text, px_per_mm: float) -> Iterator[tuple[int, np.ndarray]]:
    """Labels of the scales in words, and their middles in millimetres."""
    font, box = font_of(text.font, text.size_mm * px_per_mm), text.box_mm(px_per_mm)
    for found in _SCALE.finditer(text.words):
        sign = f"{float(found[1]):g} mm/{found[2]}"
        across = [font.getlength(text.words[:end]) / px_per_mm for end in found.span()]
        middle = np.array([text.left_mm + sum(across) / 2, box[:, 1].mean()])
        yield (1 + SCALES.index(sign) if sign in SCALES else NONE_OF_THESE), middle


def _taken(printed: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As a scanner or a camera gives it: blurred, noisy, unevenly lit, compressed."""
    pixels = cv2.GaussianBlur(printed, (0, 0), float(rng.uniform(0.1, 1.3)))
    fall = np.linspace(1.0, float(rng.uniform(0.6, 1.0)), pixels.shape[1], dtype=np.float32)
    pixels = pixels * (fall if rng.random() < 0.5 else fall[::-1])[None, :, None] * float(rng.uniform(0.45, 1.0))
    pixels = pixels + rng.normal(0, float(rng.uniform(0, 9)), pixels.shape)
    data, _ = encoded(np.clip(pixels, 0, 255).astype(np.uint8), int(rng.integers(35, 97)))
    return decode_picture(data).rgb


def _seen(rgb: np.ndarray, at_px: np.ndarray, px_per_mm: float, rng: np.random.Generator) -> np.ndarray:
    """The look around a point that the sign reader and the map of the paper are a little off."""
    height, width = LOOK_PX
    turn, scale = np.radians(rng.normal(0, 1.0)), px_per_mm / PX_PER_MM * np.exp(rng.normal(0, 0.03, 2))
    x, y = np.meshgrid(np.arange(width) + 0.5 - width / 2, np.arange(height) + 0.5 - height / 2)
    x, y = scale[0] * (x * np.cos(turn) - y * np.sin(turn)), scale[1] * (x * np.sin(turn) + y * np.cos(turn))
    off = rng.normal(0, (0.9, 0.5)) * px_per_mm
    px_x, px_y = (x + at_px[0] + off[0] - 0.5).astype(np.float32), (y + at_px[1] + off[1] - 0.5).astype(np.float32)
    return np.asarray(cv2.remap(rgb, px_x, px_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
