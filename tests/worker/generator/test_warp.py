import numpy as np
import pytest

from worker.generator.warp import held_warp

SIZE = (2000.0, 400.0)
WINDOW = (0.0, 0.0, *SIZE)


def test_a_camera_held_straight_changes_nothing():
    warp = held_warp(SIZE, WINDOW, turn_deg=0.0, tilt=(0.0, 0.0), bend_px=0.0)
    points = np.array([[0.0, 0.0], [700.0, 300.0], [2000.0, 400.0]])
    assert warp.forward(points) == pytest.approx(points, abs=1e-3)
    assert warp.px_per_px(points[1]) == pytest.approx((1.0, 1.0), abs=1e-5)


def test_backward_undoes_forward():
    warp = held_warp(SIZE, (30.0, -20.0, 1900.0, 500.0), turn_deg=3.0, tilt=(0.05, -0.04), bend_px=15.0)
    points = np.random.default_rng(0).uniform([0, 0], SIZE, (200, 2))
    assert warp.backward(warp.forward(points)) == pytest.approx(points, abs=1e-6)


def test_the_page_turns_clockwise_about_the_middle():
    warp = held_warp(SIZE, WINDOW, turn_deg=2.0, tilt=(0.0, 0.0), bend_px=0.0)
    left, middle, right = warp.forward(np.array([[0.0, 200.0], [1000.0, 200.0], [2000.0, 200.0]]))
    assert middle == pytest.approx([1000.0, 200.0], abs=1e-2)
    assert right[1] - left[1] == pytest.approx(2000 * np.sin(np.deg2rad(2.0)), abs=0.1)


def test_the_nearer_side_is_larger():
    warp = held_warp(SIZE, WINDOW, turn_deg=0.0, tilt=(0.05, 0.0), bend_px=0.0)
    assert warp.px_per_px(np.array([1900.0, 200.0]))[0] > 1.02 > 0.98 > warp.px_per_px(np.array([100.0, 200.0]))[0]


def test_pixels_go_where_points_go():
    page = np.full((400, 2000, 3), 255, np.float32)
    page[99:102, 1499:1502] = 0
    warp = held_warp(SIZE, (0.0, -50.0, 2000.0, 500.0), turn_deg=-1.0, tilt=(0.02, 0.01), bend_px=10.0)
    seen = warp.applied(page, (2000, 500), np.full((500, 2000, 3), 128, np.float32))
    rows, columns = np.nonzero(seen[..., 0] < 60)
    expected = warp.forward(np.array([[1500.5, 100.5]]))[0]
    assert [columns.mean() + 0.5, rows.mean() + 0.5] == pytest.approx(expected, abs=0.5)
    assert (seen[0, 0] == 128).all()
