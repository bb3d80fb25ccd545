import numpy as np
import pytest

from worker.generator.curl import CurledWarp
from worker.generator.warp import held_warp

SIZE = (900.0, 600.0)
HELD = held_warp(SIZE, (0.0, 0.0, *SIZE), turn_deg=5.0, tilt=(0.15, -0.1), bend_px=9.0)
WARP = CurledWarp(HELD.matrix, HELD.bend_px, HELD.width_px, SIZE[1], 7.0, 5.0, (1.3, 0.8), (1.0, 2.0))


def test_backward_undoes_forward():
    points = np.random.default_rng(0).uniform([0, 0], SIZE, (200, 2))
    assert WARP.backward(WARP.forward(points)) == pytest.approx(points, abs=1e-6)


def test_paper_without_waves_is_as_before():
    flat = CurledWarp(HELD.matrix, HELD.bend_px, HELD.width_px, SIZE[1])
    points = np.random.default_rng(0).uniform([0, 0], SIZE, (20, 2))
    assert flat.forward(points) == pytest.approx(HELD.forward(points), abs=1e-9)


def test_pixels_go_where_points_go():
    page = np.full((600, 900, 3), 255, np.float32)
    places = np.array([[100, 100], [450, 300], [800, 520], [700, 60]])
    for x, y in places:
        page[y - 2 : y + 3, x - 2 : x + 3] = 0
    seen = WARP.applied(page, (901, 603), np.full((603, 901, 3), 128, np.float32))
    for place, expected in zip(places, WARP.forward(places + 0.5), strict=True):
        around = np.floor(expected).astype(int)
        window = 255 - seen[around[1] - 8 : around[1] + 9, around[0] - 8 : around[0] + 9, 0]
        rows, columns = np.nonzero(window > 100)
        middle = [columns.mean() + around[0] - 8 + 0.5, rows.mean() + around[1] - 8 + 0.5]
        assert middle == pytest.approx(expected, abs=0.3), place
