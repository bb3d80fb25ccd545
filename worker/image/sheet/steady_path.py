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
    columns, heights = costs.shape
    came_from = np.zeros((columns, heights), np.int16)
    total = costs[0].astype(float)
    for column in range(1, columns):
        total, came_from[column] = _stepped(total, step_cost)
        total = total + costs[column]
    path = np.zeros(columns, int)
    path[-1] = total.argmin()
    for column in range(columns - 1, 0, -1):
        path[column - 1] = came_from[column, path[column]]
    return path


def _stepped(total: np.ndarray, step_cost: float) -> tuple[np.ndarray, np.ndarray]:
    """Least cost of reaching each height from any, and from which."""
    from_above, above = _from_one_side(total, step_cost)
    from_below, below = (side[::-1] for side in _from_one_side(total[::-1], step_cost))
    is_above = from_above <= from_below
    return np.where(is_above, from_above, from_below), np.where(is_above, above, len(total) - 1 - below)


def _from_one_side(total: np.ndarray, step_cost: float) -> tuple[np.ndarray, np.ndarray]:
    """From heights of lower or equal index: a running minimum, once the steps' costs are taken off."""
    steps = np.arange(len(total))
    without = total - step_cost * steps
    least = np.minimum.accumulate(without)
    return least + step_cost * steps, np.maximum.accumulate(np.where(without == least, steps, 0))
