import numpy as np
import pytest

from worker.image.sheet.steady_path import steady_path


def total_cost(costs, path, slopes):
    """Of paths, shape (..., columns)."""
    columns = np.arange(costs.shape[0])
    steps = np.abs(slopes[columns[1:], path[..., 1:]] - slopes[columns[1:], path[..., :-1]])
    return costs[columns, path].sum(axis=-1) + steps.sum(axis=-1)


@pytest.mark.parametrize("most", [0.0, 0.1, 0.4, 3.0])
def test_no_path_is_cheaper(most):
    rng = np.random.default_rng(1)
    costs, step_costs = rng.random((5, 6)), most * rng.random((5, 6))
    slopes = np.cumsum(step_costs, axis=1)
    every_path = np.stack(np.meshgrid(*[np.arange(6)] * 5, indexing="ij"), axis=-1).reshape(-1, 5)
    path = steady_path(costs, step_costs)
    assert total_cost(costs, path, slopes) == pytest.approx(total_cost(costs, every_path, slopes).min())


def test_a_letter_on_the_curve_is_passed_and_a_sure_peak_is_followed():
    likely = np.full((60, 40), 1e-5)
    likely[:, 20] = 1.0
    likely[10:14, 20], likely[10:14, 5] = 0.35, 0.65  # a letter
    likely[40:44, 20], likely[40:44, 5] = 1e-5, 1.0  # a peak
    path = steady_path(-np.log(likely), np.full(likely.shape, 0.15))
    assert (path[:40] == 20).all()
    assert (path[40:44] == 5).all()


def test_a_narrow_peak_is_followed_along_what_leads_there():
    likely = np.full((60, 120), 1e-5)
    likely[:, 100] = 1.0
    likely[[20, 40], 100], likely[[20, 40], 30] = 0.01, 0.9
    step_costs = np.full(likely.shape, 0.15)
    step_costs[20:22, 30:101] = 0.015
    path = steady_path(-np.log(likely), step_costs)
    assert path[20] == 30
    assert (np.delete(path, 20) == 100).all()


def test_of_equal_ways_the_one_that_stays_is_taken():
    costs = np.full((40, 12), 2.0, np.float32)
    costs[0], costs[-1] = 9.0, 9.0
    costs[0, 4] = costs[-1, 4] = 0.0
    assert (steady_path(costs, np.zeros(costs.shape, np.float32)) == 4).all()
