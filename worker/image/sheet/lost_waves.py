"""Complexes that one lead alone shows far lower or taller: it was lost for a line of the paper, or for another row."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from worker.ecg.voices import TimedLead
from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.sheet import Sheet

_REACH_S: Final = 0.06
_GAP_S: Final = 0.1  # to both sides: no R peak is looked for as far
_LEAST_BEATS: Final = 4
_LEAST_LEADS: Final = 3  # that show the moment
_LEAST_HEIGHT: Final = 3.0  # of a lead's usual complex, in the units of its values, millimetres: noise is no less
_LOST: Final = (0.5, 2.0)  # of the usual height: a wave is left out, or another row's is followed
_AS_USUAL: Final = (0.7, 1.4)  # in all the other leads
_UNLIKE_STEADY: Final = (0.65, 1.4)  # where all the others are steady
_STEADY: Final = (0.88, 1.12)

Range = tuple[float, float]


def without_lost_waves(sheet: Sheet, leads: Sequence[TimedLead], beats_s: np.ndarray) -> Sheet:
    """The sheet with a gap wherever a curve lost a wave, or itself where none did; ``leads`` are its curves in time."""
    lost = lost_waves(leads, beats_s)
    if not np.any(lost):
        return sheet
    curves = (
        _without(curve, lead, beats_s[of_lead]) for curve, lead, of_lead in zip(sheet.curves, leads, lost, strict=True)
    )
    return replace(sheet, curves=tuple(curves))


def _without(curve: LeadCurve, lead: TimedLead, lost_s: np.ndarray) -> LeadCurve:
    own_s = lead.start_s + np.arange(curve.height_mm.size) / lead.fs
    near = (np.abs(own_s[:, None] - lost_s) <= _GAP_S).any(axis=1)
    return replace(curve, height_mm=np.where(near, np.nan, curve.height_mm))


def lost_waves(leads: Sequence[TimedLead], beats_s: np.ndarray) -> list[np.ndarray]:
    """Which beats each lead shows less than half or more than twice as high as usual, though all others do not.

    Parameters
    ----------
    leads : sequence of TimedLead
        Of one recording, in millimetres.
    beats_s : ndarray, shape (n_beats,)
        Times of the beats that they show together.

    Returns
    -------
    list of ndarray of bool, each of shape (n_beats,)
    """
    heights = np.array([_heights(lead, beats_s) for lead in leads]).reshape(len(leads), len(beats_s))
    usual = np.array([_usual(of_lead) for of_lead in heights])[:, None]
    share = np.where(usual >= _LEAST_HEIGHT, heights / usual, np.nan)
    clearly = _alone(share, off=_LOST, as_usual=_AS_USUAL, least_leads=_LEAST_LEADS)
    beside_steady = _alone(share, off=_UNLIKE_STEADY, as_usual=_STEADY, least_leads=_LEAST_LEADS + 1)
    return list(clearly | beside_steady)


def _alone(share: np.ndarray, *, off: Range, as_usual: Range, least_leads: int) -> np.ndarray:
    """Where one lead alone is outside a range and all others that show the beat inside another; as ``share``."""
    outside = (share < off[0]) | (share > off[1])
    inside = (share >= as_usual[0]) & (share <= as_usual[1])
    shown = np.isfinite(share).sum(axis=0)
    alone = (outside.sum(axis=0) == 1) & ((outside | inside).sum(axis=0) == shown) & (shown >= least_leads)
    return outside & alone


def _heights(lead: TimedLead, beats_s: np.ndarray) -> np.ndarray:
    """From the lowest to the highest point of each complex, NaN where the lead does not show all of it."""
    reach = round(_REACH_S * lead.fs)
    at = np.round((beats_s - lead.start_s) * lead.fs).astype(int)
    inside = (at >= reach) & (at < lead.values.size - reach)
    return np.array(
        [np.ptp(lead.values[i - reach : i + reach + 1]) if ok else np.nan for i, ok in zip(at, inside, strict=True)]
    )


def _usual(heights: np.ndarray) -> float:
    known = heights[np.isfinite(heights)]
    return float(np.median(known)) if known.size >= _LEAST_BEATS else np.nan
