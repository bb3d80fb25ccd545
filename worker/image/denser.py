"""Samples between those that were read: straight lines between columns would cut the tips of a QRS complex."""

from dataclasses import replace
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator

from worker.image.reading import LeadReading

_ENOUGH_HZ: Final = 400.0  # at 50 mm/s eight columns a millimetre are as many


def denser(lead: LeadReading) -> LeadReading:
    """The lead with a sample more between every two, on a curve that does not overshoot (Fritsch & Carlson 1980).

    What lies beside a gap is one.
    """
    if lead.fs is None or lead.fs >= _ENOUGH_HZ or lead.values.size < 2:
        return lead
    read = np.arange(lead.values.size)
    wanted = np.arange(0, read[-1] + 0.25, 0.5)
    return replace(
        lead,
        values=PchipInterpolator(read, lead.values)(wanted),
        fs=2 * lead.fs,
        r_peaks=2 * lead.r_peaks,
        at_px=PchipInterpolator(read, lead.at_px)(wanted),
        gap=_any_beside(lead.gap),
        covered=None if lead.covered is None else _any_beside(lead.covered),
    )


def _any_beside(marked: np.ndarray) -> np.ndarray:
    """Of samples and what lies between them, which are marked or lie beside one that is."""
    beside = np.empty(2 * marked.size - 1, bool)
    beside[::2], beside[1::2] = marked, marked[:-1] | marked[1:]
    return beside
