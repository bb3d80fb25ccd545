"""The likeliest path through columns that each say how likely every height is: steps cost, in proportion to height."""

from typing import Final

import numpy as np

_NEARBY: Final = 1e-9  # that a step costs more: of equal ways the one that stays


def steady_path(costs: np.ndarray, step_cost: float) -> np.ndarray:
    """Heights, one for each column, whose costs and steps together are least (Viterbi 1967).

    Parameters
    ----------
    costs : ndarray of float, shape (columns, heights)
        Minus the logarithm of how likely each height is.
    step_cost : float
        Of each step up or down, from one column to the next.

    Returns
    -------
    ndarray of int, shape (columns,)
    """
    totals = _least_totals(costs, step_cost)
    heights = np.arange(costs.shape[1])
    steps = (step_cost + _NEARBY) * np.abs(heights[:, None] - heights)
    path = np.zeros(len(costs), int)
    path[-1] = totals[-1].argmin()
    for column in range(len(costs) - 1, 0, -1):
        path[column - 1] = (totals[column - 1] + steps[path[column]]).argmin()
    return path


def _least_totals(costs: np.ndarray, step_cost: float) -> np.ndarray:
    """Least cost of reaching each height of each column, shape (columns, heights).

    A running minimum once the steps' costs are taken off, from above and, mirrored, from below.
    """
    slope = step_cost * np.arange(costs.shape[1])
    totals = np.empty(costs.shape)
    totals[0] = costs[0]
    sides = np.empty((2, costs.shape[1]))
    from_above, from_below = sides[0], sides[1, ::-1]
    for column in range(1, len(costs)):
        from_above[:] = from_below[:] = totals[column - 1]
        np.subtract(sides, slope, out=sides)
        np.minimum.accumulate(sides, axis=1, out=sides)
        np.add(sides, slope, out=sides)
        np.minimum(from_above, from_below, out=totals[column])
        totals[column] += costs[column]
    return totals
