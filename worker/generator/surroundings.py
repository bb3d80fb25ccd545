"""What else a photograph of a page shows: the table under it, its edge's shadow, the shadow of a hand or a phone."""

from typing import Final

import cv2
import numpy as np

from worker.generator.camera import table_drawn

_SMALL_PX: Final = 160  # shadows are soft: they are drawn so large and stretched


def ground_drawn(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """A table, ``[height, width, 3]``: plain, wooden, woven or speckled; sometimes other paper lies on it."""
    ground = table_drawn(size, rng)
    texture = (_nothing, _wood, _weave, _speckles)[rng.integers(4)]
    ground = ground * (1.0 + texture(size, rng)[..., None])
    if rng.random() < 0.3:
        ground = _with_other_paper(ground, rng)
    return np.clip(ground, 0.0, 255.0).astype(np.float32)


def frame_drawn(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """The dark, plain frame around a screen."""
    return table_drawn(size, rng) * np.float32(rng.uniform(0.15, 0.5))


def under_page(ground: np.ndarray, outline: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A table with the soft shadow of a page's edge on it; ``outline`` is x and y in pixels, shape (n, 2)."""
    height, width = ground.shape[:2]
    scale = _SMALL_PX / max(width, height)
    small = np.zeros((max(2, round(height * scale)), max(2, round(width * scale))), np.float32)
    moved = outline * scale + rng.normal(0.0, 1.2, 2)
    cv2.fillPoly(small, [np.round(moved).astype(np.int32).reshape(-1, 1, 2)], 1.0)
    soft = cv2.GaussianBlur(small, (0, 0), rng.uniform(1.0, 3.0))
    shade = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return ground * (1.0 - rng.uniform(0.15, 0.5) * shade[..., None])


def hand_shadow(size: tuple[int, int], depth: float, rng: np.random.Generator) -> np.ndarray:
    """How much light is left, ``[height, width]``, where fingers or a phone keep some off."""
    scale = _SMALL_PX / max(size)
    small = np.zeros((max(8, round(size[1] * scale)), max(8, round(size[0] * scale))), np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    middle = np.array(small.shape[::-1]) / 2
    towards = np.array([np.cos(angle), np.sin(angle)])
    tip = middle + towards * rng.uniform(0.0, 0.35) * _SMALL_PX
    if rng.random() < 0.5:
        _shade_fingers(small, tip, towards, rng)
    else:
        box = (tuple(map(float, tip)), (rng.uniform(40, 80), rng.uniform(70, 130)), float(rng.uniform(0, 180)))
        cv2.fillPoly(small, [np.round(cv2.boxPoints(box)).astype(np.int32)], 1.0)
    soft = cv2.GaussianBlur(small, (0, 0), rng.uniform(2.0, 9.0))
    return 1.0 - depth * cv2.resize(soft, size, interpolation=cv2.INTER_CUBIC)


def patches(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Places where something is stronger than elsewhere, ``[height, width]`` from 0 to 1."""
    coarse = rng.random((4, 6)).astype(np.float32)
    return np.clip(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), 0.0, 1.0)


def screen_stripes(size: tuple[int, int], depth: float, rng: np.random.Generator) -> np.ndarray:
    """Moire of a photographed screen, ``[height, width, 3]``: bent bands, a little apart in each colour."""
    longer = max(size)
    x, y = ((np.arange(length, dtype=np.float32) - length / 2) / longer for length in size)
    angle, bent = rng.uniform(0, 2 * np.pi), rng.uniform(-0.6, 0.6, 2)
    along = x[None, :] * np.cos(angle) + y[:, None] * np.sin(angle)
    bands = longer / rng.uniform(6.0, 60.0) * (along + bent[0] * x[None, :] ** 2 + bent[1] * y[:, None] ** 2)
    waves = [np.sin(2 * np.pi * bands + phase) for phase in (0.0, rng.uniform(0.3, 2.0), rng.uniform(1.0, 3.0))]
    return (1.0 + depth * np.stack(waves, axis=2)).astype(np.float32)


def _shade_fingers(small: np.ndarray, tip: np.ndarray, towards: np.ndarray, rng: np.random.Generator) -> None:
    across = np.array([-towards[1], towards[0]])
    for finger in range(int(rng.integers(1, 5))):
        start = tip + across * (finger - 1.5) * rng.uniform(11, 15) + towards * rng.uniform(0, 14)
        end = start + towards * 200 + across * rng.normal(0, 20)
        from_px, to_px = (np.round(point).astype(int).tolist() for point in (start, end))
        cv2.line(small, from_px, to_px, 1.0, int(rng.integers(8, 15)), cv2.LINE_AA)


def _nothing(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    return np.zeros(size[::-1], np.float32)


def _wood(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Grain: noise that is stretched along one direction, in rings."""
    width, height = size
    along, across = (3, max(12, height // 6)) if rng.random() < 0.5 else (max(12, width // 6), 3)
    coarse = rng.standard_normal((across, along)).astype(np.float32)
    grain = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    rings = np.sin(3.0 * cv2.resize(cv2.GaussianBlur(coarse, (0, 0), 2.0), size, interpolation=cv2.INTER_CUBIC) * 4.0)
    return 0.07 * grain + 0.06 * rings


def _weave(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    period = rng.uniform(4.0, 12.0)
    x, y = (np.sin(2 * np.pi * np.arange(length, dtype=np.float32) / period) for length in size)
    return 0.09 * (x[None, :] * y[:, None]) + 0.04 * rng.standard_normal(size[::-1], np.float32)


def _speckles(size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    small = rng.standard_normal((max(2, size[1] // 3), max(2, size[0] // 3))).astype(np.float32)
    return 0.12 * cv2.resize(np.where(np.abs(small) > 1.4, small, 0.0), size, interpolation=cv2.INTER_LINEAR)


def _with_other_paper(ground: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The ground with a bright sheet, or a folder, that lies across it."""
    height, width = ground.shape[:2]
    angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.45) * max(width, height)
    x, y = np.arange(width) - width / 2, np.arange(height) - height / 2
    beyond = x[None, :] * np.cos(angle) + y[:, None] * np.sin(angle) > reach
    colour = rng.uniform(150, 250) * rng.uniform(0.9, 1.05, 3)
    return np.where(beyond[..., None], colour, ground)
