"""What stands out on dark ground, whatever its colour."""

import numpy as np
import pytest

from worker.image.gate import ground_is_dark
from worker.image.ink import WorkCopy, dark_for_light

TRACES = {"white": (235, 235, 235), "green": (40, 230, 70), "orange": (240, 150, 40), "cyan": (60, 220, 235)}


def monitor(colour, ground=25, noise=4.0):
    """A trace on dark, noisy ground."""
    rng = np.random.default_rng(2)
    rgb = np.clip(rng.normal(ground, noise, (300, 900, 3)), 0, 255)
    x = np.arange(900)
    y = (150 - 80 * np.exp(-((((x % 120) - 60) / 5) ** 2))).astype(int)
    for thick in range(3):
        rgb[y + thick, x] = colour
    return WorkCopy(rgb.astype(np.uint8), 1.0)


@pytest.mark.parametrize("colour", TRACES.values(), ids=TRACES)
def test_a_trace_of_any_colour_is_dark_on_light_once_inverted(colour):
    copy = monitor(colour)
    rgb = dark_for_light(copy.rgb)
    assert (rgb[..., 0] == rgb[..., 2]).all()
    assert np.median(rgb) > 200
    assert rgb.min() < 30


@pytest.mark.parametrize("colour", TRACES.values(), ids=TRACES)
@pytest.mark.parametrize("noise", [0.0, 4.0, 10.0])
def test_a_bright_trace_on_noisy_dark_ground_is_a_monitor(colour, noise):
    assert ground_is_dark(monitor(colour, noise=noise))


def test_paper_that_is_hardly_lit_is_no_monitor():
    rng = np.random.default_rng(2)
    shade = 45 + 15 * np.sin(np.arange(900) / 140)
    rgb = np.clip(rng.normal(0, 4, (300, 900, 3)) + shade[None, :, None], 0, 255)
    rgb[145:148] = 8
    assert not ground_is_dark(WorkCopy(rgb.astype(np.uint8), 1.0))
