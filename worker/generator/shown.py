"""What of a recording of several leads a picture shows."""

from collections.abc import Mapping
from typing import Final

import numpy as np

MOST_SECONDS: Final = 10.0


def leads_checked(leads: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The leads as float64.

    Raises
    ------
    ValueError
        If there are none, or a signal is not finite, not 1-D or not as long as the others.
    """
    checked = {name: np.asarray(signal, np.float64) for name, signal in leads.items()}
    sizes = {signal.shape for signal in checked.values()}
    if len(sizes) != 1 or len(next(iter(sizes))) != 1 or not all(np.isfinite(s).all() for s in checked.values()):
        raise ValueError(f"leads: expected finite 1-D arrays of one length. Received: shapes {sorted(sizes)}")
    return checked


def seconds_shown(leads: Mapping[str, np.ndarray], fs: float, wanted: float | None) -> float:
    """As many seconds as are wanted, or as fit a page, of those that there are.

    Raises
    ------
    ValueError
        If these are too few samples to draw.
    """
    available = next(iter(leads.values())).size / fs
    seconds = min(MOST_SECONDS, available) if wanted is None else min(wanted, available)
    if seconds * fs < 2 * len(leads):
        raise ValueError(f"seconds: expected enough for two samples of each lead. Received: {seconds:g}")
    return seconds
