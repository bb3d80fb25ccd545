import numpy as np
import pytest

from worker.image.sheet.steady_path import steady_path


def least_by_trying_all(costs, step_cost):
    """Every path of a small problem."""
    columns, heights = costs.shape
    paths = np.stack(np.meshgrid(*[np.arange(heights)] * columns, indexing="ij"), axis=-1).reshape(-1, columns)
    totals = costs[np.arange(columns), paths].sum(axis=1) + step_cost * np.abs(np.diff(paths, axis=1)).sum(axis=1)
    return float(totals.min())


@pytest.mark.parametrize("step_cost", [0.0, 0.1, 0.4, 3.0])
def test_no_path_is_cheaper(step_cost):
    costs = np.random.default_rng(1).random((5, 6))
    path = steady_path(costs, step_cost)
    total = costs[np.arange(5), path].sum() + step_cost * np.abs(np.diff(path)).sum()
    assert total == pytest.approx(least_by_trying_all(costs, step_cost))


def test_a_letter_on_the_curve_is_passed_and_a_sure_peak_is_followed():
    likely = np.full((60, 40), 1e-5)
    likely[:, 20] = 1.0
    likely[10:14, 20], likely[10:14, 5] = 0.35, 0.65  # a letter
    likely[40:44, 20], likely[40:44, 5] = 1e-5, 1.0  # a peak
    path = steady_path(-np.log(likely), 0.15)
    assert (path[:40] == 20).all()
    assert (path[40:44] == 5).all()
