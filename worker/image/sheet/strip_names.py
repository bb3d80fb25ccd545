"""The lead of a rhythm strip, whatever was read of its name: it repeats the very curve of a column, and goes on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from worker.ecg.leads import STANDARD_LEADS
from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.row_reader import PX_PER_MM

_LAG_MM: Final = 4.0  # columns begin a little earlier or later than was read
_LEAST_MM: Final = 25.0  # that both show
_LEAST_HEIGHT_MM: Final = 2.0  # of a column's curve
_TRIMMED: Final = 0.95  # of the points: letters and gaps may lie on the others
# Of 34 strips of drawn scans and photographs the true lead had 0.01 to 0.12, the next one 0.07 and more, 1.8 times as
# much at least.
_MOST_MISFIT: Final = 0.15
_NEXT_MISFIT: Final = 1.7  # of the second lead, against the first one's


def with_strip_names(curves: Sequence[LeadCurve]) -> tuple[LeadCurve, ...]:
    """The curves of a sheet, with the names of strips that repeat a column's curve at the same place.

    All leads have to be there and seen: among fewer, one that is like the strip's own may look like it.
    """
    of_row = Counter(curve.row for curve in curves)
    columns = [curve for curve in curves if of_row[curve.row] > 1 and _is_seen(curve.height_mm)]
    if len({curve.lead for curve in columns} - {None}) < len(STANDARD_LEADS):
        return tuple(curves)
    return tuple(curve if of_row[curve.row] > 1 else _named(curve, columns) for curve in curves)


def _named(strip: LeadCurve, columns: Sequence[LeadCurve]) -> LeadCurve:
    lead = repeated_lead(misfits(strip, columns))
    return strip if lead in (None, strip.lead) else replace(strip, lead=lead, source="layout")


def repeated_lead(off: Mapping[str, float]) -> str | None:
    """The lead that fits well, and far better than any other."""
    if len(off) < 2:
        return None
    (best, least), (_, following), *_ = sorted(off.items(), key=lambda item: item[1])
    return best if least <= _MOST_MISFIT and following >= _NEXT_MISFIT * least else None


def misfits(strip: LeadCurve, columns: Sequence[LeadCurve]) -> dict[str, float]:
    """How far a strip is off each named lead where both show the same time.

    0 for the same curve, 1 for a flat line.
    """
    found = {curve.lead: _misfit(strip, curve) for curve in columns if curve.lead is not None}
    return {lead: misfit for lead, misfit in found.items() if misfit is not None}


def _is_seen(height_mm: np.ndarray) -> bool:
    return bool(np.isfinite(height_mm).sum() >= _LEAST_MM * PX_PER_MM[0])


def _misfit(strip: LeadCurve, column: LeadCurve) -> float | None:
    wave = column.height_mm
    if np.nanmax(wave) - np.nanmin(wave) < _LEAST_HEIGHT_MM:
        return None
    first = round((column.start_mm - strip.start_mm) * PX_PER_MM[0])
    reach = round(_LAG_MM * PX_PER_MM[0])
    off = [_off(strip.height_mm, wave, first + lag) for lag in range(-reach, reach + 1, 2)]
    return min((one for one in off if one is not None), default=None)


def _off(strip: np.ndarray, wave: np.ndarray, first: int) -> float | None:
    begin, end = max(0, first), min(strip.size, first + wave.size)
    if end <= begin:
        return None
    ours, theirs = strip[begin:end], wave[begin - first : end - first]
    both = np.isfinite(ours) & np.isfinite(theirs)
    if not _is_seen(ours - theirs):
        return None
    apart = ours[both] - theirs[both]
    apart = np.sort((apart - np.median(apart)) ** 2)[: round(_TRIMMED * both.sum())]
    height = theirs[both] - np.median(theirs[both])
    return float(np.sqrt(apart.mean() / max(float((height**2).mean()), 1e-9)))
