"""What was read of a picture: its leads, each with its curve, its time and its R peaks.  The verb is in ``read.py``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from worker.results import Box

Kind = Literal["beat", "strip", "sheet", "screen"]
Source = Literal["user", "printed", "pulse", "layout", "assumed"]
_LEAST_NAMES: Final = 2
NAMES_TO_TELL: Final = 5  # different ones; a few are read into any picture
STANDARD_SPEED_MM_S: Final = 25.0
STANDARD_GAIN_MM_MV: Final = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class LeadReading:
    """One stretch of one lead.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Evenly sampled along time, positive up, without NaN: gaps are bridged by straight lines.
    per_mv : float or None
        What of ``values`` is a millivolt; None where the picture carries no voltage.
    fs : float or None
        Samples per second; None where the picture carries no time.
    r_peaks : ndarray of int, shape (n_beats,)
        Sample indices, ascending.
    at_px : ndarray, shape (n, 2)
        Where each sample lies in the upright picture.
    boxes : tuple of Box
        Around each beat, in pixels of the upright picture.
    gap : ndarray of bool, shape (n,)
        Samples that were not seen.
    quality : int
        0 to 100.
    lead : str or None
    lead_source : str or None
        How the lead is known.
    start_s : float
        From the left end of what the picture shows.
    row, column : int
        Its place, from 0.
    covered : ndarray of bool, shape (n,), or None
        Those of ``gap`` over which something else is written; None where that is not told.
    """

    values: np.ndarray
    per_mv: float | None
    fs: float | None
    r_peaks: np.ndarray
    at_px: np.ndarray
    boxes: tuple[Box, ...]
    gap: np.ndarray
    quality: int
    lead: str | None = None
    lead_source: Source | None = None
    start_s: float = 0.0
    row: int = 0
    column: int = 0
    covered: np.ndarray | None = None

    def lacks(self, number: int) -> bool:
        """Whether a beat lies in a gap: other leads, or what is left beside the gap, show that it is there."""
        return bool(self.gap[self.r_peaks[number]])

    @property
    def lacks_a_beat(self) -> bool:
        """Whether any of its beats lies in a gap."""
        return any(self.lacks(number) for number in range(self.r_peaks.size))

    @property
    def gap_fraction(self) -> float:
        return float(self.gap.mean())

    @property
    def covered_s(self) -> float:
        """The longest stretch over which something else is written."""
        if self.covered is None or self.fs is None or not self.covered.any():
            return 0.0
        edges = np.flatnonzero(np.diff(self.covered, prepend=False, append=False))
        return float((edges[1::2] - edges[::2]).max() / self.fs)

    @property
    def seconds(self) -> float | None:
        return None if self.fs is None else self.values.size / self.fs

    @property
    def r_peaks_px(self) -> np.ndarray:
        """x and y of each R peak in the picture, shape (n_beats, 2)."""
        return self.at_px[self.r_peaks]

    @property
    def millivolts(self) -> np.ndarray | None:
        """The curve in mV, 0 at its resting level; NaN where it was not seen."""
        if self.per_mv is None:
            return None
        seen = np.where(self.gap, np.nan, self.values)
        rest = np.nanmedian(seen) if not self.gap.all() else 0.0
        return np.asarray((seen - rest) / self.per_mv)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All that was read of a picture.

    Parameters
    ----------
    kind : {"beat", "strip", "sheet", "screen"}
    leads : tuple of LeadReading
        From above, and from the left.
    answering : tuple of int
        Those of ``leads`` whose beats are classified, in the order of time; beats count through them.
    layout : str
        As machines call it: 3x4, 3x4+1, 6x2, 12x1, or rows-n.
    speed_mm_s, gain_mm_mv : float or None
        None where the picture has no scale.
    speed_source, gain_source : str or None
        How they are known.
    px_per_mm_x, px_per_mm_y : float or None
        In the middle of the picture.
    quality : int
        0 to 100, of what is answered from.
    page_px : ndarray, shape (n, 2)
        Outline of the part that was read, in pixels of the upright picture, clockwise from its upper left corner.
    grid_px : tuple of ndarray, each of shape (m, 2)
        Some of the paper's lines, 5 mm apart, as they were found.
    quarter_turns : int
        Clockwise, that set the picture upright.
    seconds_across : float or None
        As a person said, where time comes from that alone: the picture has no squares, and millimetres are those of
        ``speed_mm_s``.
    """

    kind: Kind
    leads: tuple[LeadReading, ...]
    answering: tuple[int, ...]
    layout: str
    speed_mm_s: float | None
    speed_source: Source | None
    gain_mm_mv: float | None
    gain_source: Source | None
    px_per_mm_x: float | None
    px_per_mm_y: float | None
    quality: int
    page_px: np.ndarray
    grid_px: tuple[np.ndarray, ...] = ()
    quarter_turns: int = 0
    seconds_across: float | None = None

    @property
    def answered(self) -> tuple[LeadReading, ...]:
        return tuple(self.leads[at] for at in self.answering)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Of all beats that are classified."""
        return tuple(box for lead in self.answered for box in lead.boxes)

    @property
    def is_named(self) -> bool:
        """Whether so many names of leads are printed, or one beside each curve, that it is an ECG for that alone.

        The end of a column that a picture cut off has none.
        """
        named = {lead.column for lead in self.leads if lead.lead_source == "printed"}
        beside = sum(lead.column in named for lead in self.leads)
        return _names_printed(self.leads) >= min(NAMES_TO_TELL, max(_LEAST_NAMES, beside))

    @property
    def is_named_throughout(self) -> bool:
        return named_throughout(self.leads)

    def lead_of_beat(self, index: int) -> tuple[LeadReading, int]:
        """The lead that a beat is classified from, and the beat's number in it.

        Raises
        ------
        IndexError
            If there is no such beat.
        """
        left = index
        for lead in self.answered:
            if 0 <= left < len(lead.boxes):
                return lead, left
            left -= len(lead.boxes)
        raise IndexError(f"index: expected one of {len(self.boxes)} beats. Received: {index}")


def named_throughout(leads: Sequence[LeadReading]) -> bool:
    """Whether so many names are printed that nothing else can be shown."""
    return _names_printed(leads) >= NAMES_TO_TELL


def _names_printed(leads: Sequence[LeadReading]) -> int:
    return len({lead.lead for lead in leads if lead.lead_source == "printed"})
