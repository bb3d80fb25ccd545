"""The likeliest path through columns that each say how likely every height is: steps cost, in proportion to height."""

import numpy as np


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
    slope = step_cost * np.arange(costs.shape[1])
    path = np.zeros(len(costs), int)
    path[-1] = totals[-1].argmin()
    for column in range(len(costs) - 1, 0, -1):
        path[column - 1] = _came_from(totals[column - 1], int(path[column]), slope)
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


def _came_from(total: np.ndarray, height: int, slope: np.ndarray) -> int:
    """From which height of the column before one is reached at least cost: from above, and from nearby, if equal."""
    above, up = _nearest_least(total[: height + 1], slope)
    below, down = _nearest_least(total[::-1][: len(total) - height], slope)
    return up if above <= below else len(total) - 1 - down


def _nearest_least(total: np.ndarray, slope: np.ndarray) -> tuple[float, int]:
    """Least cost of stepping to the last height from those before it, and from which."""
    without = total - slope[: len(total)]
    at = len(total) - 1 - int(without[::-1].argmin())
    return float(without[at] + slope[len(total) - 1]), at
