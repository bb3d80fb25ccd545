"""Light, lens and sensor: what happens to paper on its way to a file."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from worker.generator.levels import Level, Range

_COARSE: Final = 7  # side of the coarse noise that becomes tables and uneven light


@dataclass(frozen=True, slots=True)
class Shot:
    """One drawing from a level's ranges: how this picture was taken."""

    turn_deg: float
    tilt: tuple[float, float]
    bend_mm: float
    table_mm: float
    blur_px: float
    shake_px: float
    paper_tone: float
    warmth: float
    light_fall: float
    shadow_depth: float
    creases: int
    glare: bool
    moire_depth: float
    noise: float
    jpeg_quality: int | None


def shot_drawn(level: Level, rng: np.random.Generator) -> Shot:
    return Shot(
        turn_deg=_within(level.turn_deg, rng),
        tilt=(_within(level.tilt, rng), _within(level.tilt, rng)),
        bend_mm=_within(level.bend_mm, rng),
        table_mm=_within(level.table_mm, rng) if rng.random() < level.table else 0.0,
        blur_px=_within(level.blur_px, rng),
        shake_px=_within(level.shake_px, rng),
        paper_tone=_within(level.paper_tone, rng),
        warmth=_within(level.warmth, rng),
        light_fall=_within(level.light_fall, rng),
        shadow_depth=_within(level.shadow_depth, rng) if rng.random() < level.shadow else 0.0,
        creases=int(rng.integers(1, 4)) if rng.random() < level.crease else 0,
        glare=bool(rng.random() < level.glare),
        moire_depth=_within(level.moire_depth, rng) if rng.random() < level.moire else 0.0,
        noise=_within(level.noise, rng),
        jpeg_quality=None if level.jpeg_quality is None else round(_within(level.jpeg_quality, rng)),
    )


def _within(bounds: Range, rng: np.random.Generator) -> float:
    return float(rng.uniform(*bounds))


def table_drawn(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """The ground that paper lies on, ``[height, width, 3]``: one colour, unevenly worn; ``size`` is width, height."""
    colour = rng.uniform(40, 190) * rng.uniform(0.8, 1.15, 3)
    return np.clip(colour * (1.0 + 0.12 * _uneven(size, rng)[..., None]), 0, 255).astype(np.float32)


def lit(pixels: np.ndarray, shot: Shot, rng: np.random.Generator) -> np.ndarray:
    """Paper in its light: folds, tone, gradient, shadow and reflection; ``pixels`` run from 0 to 255."""
    size = (pixels.shape[1], pixels.shape[0])
    for _ in range(shot.creases):
        pixels = pixels * _crease(size, rng)[..., None]
    tint = shot.paper_tone * np.array([1.0 + shot.warmth, 1.0, 1.0 - shot.warmth])
    light = _gradient(size, shot.light_fall, rng)
    if shot.shadow_depth:
        light = light * _shadow(size, shot.shadow_depth, rng)
    pixels = pixels * (light[..., None] * tint)
    if shot.glare:
        pixels = pixels + _glare(size, rng)[..., None]
    if shot.moire_depth:
        pixels = pixels * (1.0 + shot.moire_depth * _stripes(size, rng))
    return np.clip(pixels, 0.0, 255.0).astype(np.float32)


def sensed(pixels: np.ndarray, shot: Shot, rng: np.random.Generator) -> np.ndarray:
    """What the sensor makes of it: blur, shake and noise; uint8."""
    if shot.blur_px > 0.2:
        pixels = cv2.GaussianBlur(pixels, (0, 0), shot.blur_px)
    if shot.shake_px >= 1.0:
        pixels = cv2.filter2D(pixels, -1, _shake_kernel(shot.shake_px, rng.uniform(0, np.pi)))
    if shot.noise:
        height, width = pixels.shape[:2]
        # Cameras remove most of the colour noise themselves.
        grain = rng.standard_normal((height, width, 1), np.float32)
        colour = rng.standard_normal((height, width, 3), np.float32)
        pixels = pixels + shot.noise * (grain + 0.3 * colour)
    return np.clip(np.round(pixels), 0, 255).astype(np.uint8)


def sharpened(rgb: np.ndarray, amount: float) -> np.ndarray:
    """What a phone adds to a picture so that it looks sharp: bright and dark rims; ``rgb`` is uint8."""
    return cv2.addWeighted(rgb, 1.0 + amount, cv2.GaussianBlur(rgb, (0, 0), 1.0), -amount, 0.0) if amount else rgb


def encoded(rgb: np.ndarray, jpeg_quality: int | None) -> tuple[bytes, str]:
    """The file's bytes and its format, ``"png"`` or ``"jpeg"``; ``rgb`` is uint8."""
    if jpeg_quality is None:
        done, packed = cv2.imencode(".png", rgb[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 4])
    else:
        done, packed = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality])
    if not done:
        raise RuntimeError("the picture could not be encoded")
    return packed.tobytes(), "png" if jpeg_quality is None else "jpeg"


def _places(size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """x and y from -0.5 to 0.5 of the longer side, around the middle."""
    longer = max(size)
    x = (np.arange(size[0], dtype=np.float32) - size[0] / 2) / longer
    y = (np.arange(size[1], dtype=np.float32) - size[1] / 2) / longer
    return x[None, :], y[:, None]


def _uneven(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    coarse = rng.uniform(-1.0, 1.0, (_COARSE, _COARSE)).astype(np.float32)
    return cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)


def _gradient(size: tuple[int, int], fall: float, rng: np.random.Generator) -> np.ndarray:
    x, y = _places(size)
    angle = rng.uniform(0, 2 * np.pi)
    slope = 0.5 + x * np.cos(angle) + y * np.sin(angle)
    return 1.0 - fall * np.clip(0.8 * slope + 0.2 * _uneven(size, rng), 0.0, 1.0)


def _shadow(size: tuple[int, int], depth: float, rng: np.random.Generator) -> np.ndarray:
    """The shadow of a hand or a phone: one soft, wavy edge across the picture."""
    x, y = _places(size)
    angle = rng.uniform(0, 2 * np.pi)
    edge = x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-0.3, 0.3)
    wave = 0.04 * np.sin(
        2 * np.pi * rng.uniform(0.5, 2.0) * (y * np.cos(angle) - x * np.sin(angle)) + rng.uniform(0, 6)
    )
    softness = rng.uniform(0.005, 0.05)
    return 1.0 - depth / (1.0 + np.exp(-np.clip((edge + wave) / softness, -30, 30)))


def _crease(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """A fold: a thin dark line, lighter paper on one side of it."""
    x, y = _places(size)
    angle = rng.normal(0.0, 0.15) + (0.0 if rng.random() < 0.7 else np.pi / 2)
    away = (x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-0.4, 0.4)) * max(size)
    width_px = rng.uniform(1.0, 2.5)
    line = 0.22 * rng.uniform(0.4, 1.0) * np.exp(-0.5 * (away / width_px) ** 2)
    side = 0.06 * np.exp(-np.abs(away) / (0.03 * max(size))) * np.sign(away)
    return 1.0 - line + side


def _glare(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    x, y = _places(size)
    middle_x, middle_y = rng.uniform(-0.4, 0.4), rng.uniform(-0.5, 0.5) * size[1] / max(size)
    reach = rng.uniform(0.04, 0.12)
    away = ((x - middle_x) / (1.6 * reach)) ** 2 + ((y - middle_y) / reach) ** 2
    return rng.uniform(40, 110) * np.exp(-0.5 * away)


def _stripes(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Moire: fine slanted stripes, a little apart in each colour."""
    x, y = _places(size)
    angle, period_px = rng.uniform(0, np.pi), rng.uniform(3.0, 9.0)
    along = (x * np.cos(angle) + y * np.sin(angle)) * max(size) / period_px
    return np.stack([np.sin(2 * np.pi * along + phase) for phase in (0.0, 0.8, 1.6)], axis=2)


def _shake_kernel(length_px: float, angle: float) -> np.ndarray:
    reach = int(np.ceil(length_px / 2)) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for along in np.linspace(-length_px / 2, length_px / 2, 33):
        x, y = reach + along * np.cos(angle), reach + along * np.sin(angle)
        kernel[round(y), round(x)] += 1.0
    return kernel / kernel.sum()
