"""The likeliest path through columns that each say how likely every height is: steps cost what lies between."""

from typing import Final

import numpy as np

_NEARBY: Final = 1e-9  # that a step costs more: of equal ways the one that stays


def steady_path(costs: np.ndarray, step_costs: np.ndarray) -> np.ndarray:
    """Heights, one for each column, whose costs and steps together are least (Viterbi 1967).

    Parameters
    ----------
    costs : ndarray of float, shape (columns, heights)
        Minus the logarithm of how likely each height is.
    step_costs : ndarray of float, shape (columns, heights)
        Of a step between each height and the one before it, up or down, on the way from the column before.

    Returns
    -------
    ndarray of int, shape (columns,)
    """
    slopes = np.cumsum(step_costs.astype(float) + _NEARBY, axis=1)
    totals = _least_totals(costs, slopes)
    path = np.zeros(len(costs), int)
    path[-1] = totals[-1].argmin()
    for column in range(len(costs) - 1, 0, -1):
        steps = np.abs(slopes[column] - slopes[column, path[column]])
        path[column - 1] = (totals[column - 1] + steps).argmin()
    return path


def _least_totals(costs: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Least cost of reaching each height of each column, shape (columns, heights).

    A running minimum once the steps' costs are taken off, from above and, mirrored, from below.
    """
    totals = np.empty(costs.shape)
    totals[0] = costs[0]
    sides = np.empty((2, costs.shape[1]))
    from_above, from_below = sides[0], sides[1, ::-1]
    for column in range(1, len(costs)):
        from_above[:] = from_below[:] = totals[column - 1]
        np.subtract(from_above, slopes[column], out=from_above)
        np.add(from_below, slopes[column], out=from_below)
        np.minimum.accumulate(sides, axis=1, out=sides)
        np.add(from_above, slopes[column], out=from_above)
        np.subtract(from_below, slopes[column], out=from_below)
        np.minimum(from_above, from_below, out=totals[column])
        totals[column] += costs[column]
    return totals
