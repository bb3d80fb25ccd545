"""Darkness maps as other ink, paper and light would give them."""

import numpy as np


def tinted(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paler or darker, noisy, gray or with other colours; float32 ``[n, height, width, 3]`` from 0 to 1, and back."""
    strength = rng.uniform(0.5, 1.5, (len(pixels), 1, 1, 1)).astype(np.float32)
    added = rng.normal(0, 0.02, (len(pixels), 1, 1, 3)).astype(np.float32)
    pixels = np.clip(pixels * strength + added, 0, 1)
    if rng.random() < 0.5:
        pixels = pixels[..., rng.permutation(3)]
    if rng.random() < 0.3:
        pixels = np.repeat(pixels.mean(axis=-1, keepdims=True), 3, axis=-1)
    return pixels
