"""A strip read once more along its paper's squares: bent or seen askew, its time and its millivolts stay true.

Squares may be wrong, and letters may be taken for a curve: the second reading counts only where it shows the same trace
as the first one, which knows nothing of squares but their mean size, or surely a heart's: the first may follow lines of
the paper.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from worker.image.answering import hides_a_beat, written_over
from worker.image.gate import one_row_beats
from worker.image.reading import LeadReading, Reading
from worker.image.several import read_row
from worker.image.sheet.sheet import CoarseSheet
from worker.image.sight import Sight
from worker.image.told import Told

_SAME_SCALE: Final = 0.1  # log; the first reading's is a mean over paper that may be seen askew
_SURE_SQUARES: Final = 0.8  # agreement of the lines, where the first reading found none
_SAME_BEAT_MM: Final = 2.5
_AS_HIGH_MM: Final = 4.0
_ONE_UNLIKE_OF: Final = 8  # beats
_LEAST_QUALITY: Final = 75  # where both readings agree
_NEAR_END_MM: Final = 10.0  # beats that are cut there are counted or not


def along_squares(strip: Reading, sight: Sight, told: Told) -> Reading:
    """The strip read along its squares where that shows the same trace, or beats surely, else the reading as it is.

    Raises
    ------
    EcgError
        ``written_over``.
    """
    for coarse in _likely(strip, sight):
        row = max(coarse.rows, key=lambda row: row.trace.width)
        again = read_row(sight, coarse, row, strip.leads[0].at_px[[0, -1]], told)
        if again is not None and (_is_same(again, strip) or one_row_beats(again)):
            if hides_a_beat(again.leads[0]):
                raise written_over(again)
            return _as_strip(again, strip)
    return strip


def _likely(strip: Reading, sight: Sight) -> Iterator[CoarseSheet]:
    """The sheets whose squares are as wide as those of the first reading, or beyond doubt where it has none."""
    for coarse in sight.coarse if sight.bare_mm is None else ():
        paper = coarse.flat.paper
        if not coarse.rows or paper.line_mm is None:
            continue
        px_per_mm = paper.line_px[0] / paper.line_mm / sight.copy.scale
        if strip.px_per_mm_x is None:
            if len(sight.coarse) == 1 and paper.strength >= _SURE_SQUARES:
                yield coarse
        elif abs(np.log(px_per_mm / strip.px_per_mm_x)) < _SAME_SCALE:
            yield coarse


def _is_same(again: Reading, strip: Reading) -> bool:
    (lead,), (first,) = again.leads, strip.leads
    if lead.quality < _LEAST_QUALITY or again.px_per_mm_x is None or lead.r_peaks.size == 0:
        return False
    return _shows_beats_of(lead, first, again.px_per_mm_x) and _shows_beats_of(first, lead, again.px_per_mm_x)


def _shows_beats_of(lead: LeadReading, other: LeadReading, px_per_mm: float) -> bool:
    """Whether nearly each of the other's beats is one of this lead's, too, and as high; without any, nothing tells."""
    ends = other.at_px[[0, -1]]
    along = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    whole = [beat for beat in other.r_peaks_px if np.abs((ends - beat) @ along).min() >= _NEAR_END_MM * px_per_mm]
    shown = 0
    for beat in whole:
        nearest = lead.r_peaks_px[np.abs((lead.r_peaks_px - beat) @ along).argmin()] - beat
        shown += abs(nearest @ along) < _SAME_BEAT_MM * px_per_mm and np.hypot(*nearest) < _AS_HIGH_MM * px_per_mm
    return bool(whole) and len(whole) - shown <= len(whole) // _ONE_UNLIKE_OF


def _as_strip(again: Reading, strip: Reading) -> Reading:
    """With the lead as it was told: a single printed name may be a letter of anything."""
    (lead,), (first,) = again.leads, strip.leads
    lead = replace(lead, lead=first.lead, lead_source=first.lead_source)
    return replace(again, leads=(lead,), answering=(0,), kind=strip.kind, quality=lead.quality)
