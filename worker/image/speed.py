"""Whether 25 mm/s may be assumed where nobody and nothing says the speed, or believed where it seems to be printed.

Read at half its speed, a heart beats at half its rate with complexes of twice their width.  Of the taught half of LUDB
nobody's rate is under 45/min; at 50 mm/s taken for 25 nine of ten would be, and the median width of nine of ten would
be over 0.085 s.  A true rate as slow with such wide complexes is asked about, too: one of 704 ten-second pieces of DS1,
while three of four would be if they were drawn at 50 mm/s.
(Counted once on the drawn signals, by a script that was not kept.)

Columns of a sheet show 1.2 s and more, also at 50 mm/s; where they show less other lines were counted than the paper's.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from worker.ecg.evidence import steep_width
from worker.errors import EcgError
from worker.image.reading import STANDARD_SPEED_MM_S, LeadReading, Reading, Source
from worker.image.time_scale import POSSIBLE_BPM
from worker.image.traced import tracing_of

SLOW_RR_S: Final = 1.35
LONGEST_RR_S: Final = 60.0 / POSSIBLE_BPM[0]
WIDE_S: Final = 0.085
WIDEST_MM: Final = 300.0  # that 10 s at 25 mm/s, pulse and margins take
BRIEFEST_COLUMN_S: Final = 1.0


def check_speed(reading: Reading) -> None:
    """Ask a person for the speed where it may well be another than 25 mm/s.

    Raises
    ------
    EcgError
        ``speed_unclear``.
    """
    if not may_be_50((reading.speed_mm_s, reading.speed_source)) or reading.seconds_across is not None:
        return
    ends_mm = [STANDARD_SPEED_MM_S * (lead.start_s + (lead.seconds or 0.0)) for lead in reading.leads]
    rr_s, width_s = _rr_s(reading), _width_s(reading)
    is_long = len(reading.leads) > 1 and max(ends_mm) > WIDEST_MM  # a single trace may be of any length
    is_slow, is_wide = rr_s > SLOW_RR_S, width_s > WIDE_S
    is_unclear = is_long or (is_slow and is_wide)
    if reading.speed_source == "printed":  # in small letters 50 was read as 25
        is_unclear = is_long and (is_slow or is_wide)
    if is_unclear or rr_s > LONGEST_RR_S:
        detail = f"rows of {max(ends_mm):.0f} mm, RR {rr_s:.2f} s, steep for {width_s:.3f} s"
        raise EcgError("speed_unclear", detail, kind=reading.kind, found=tracing_of(reading))


def check_columns(reading: Reading) -> None:
    """Send a sheet to a person whose columns are briefer than any machine's, unless somebody told its time.

    Raises
    ------
    EcgError
        ``squares_unclear``.
    """
    if reading.speed_source == "user" or reading.seconds_across is not None:
        return
    columns_s = [lead.seconds for lead in reading.leads if lead.seconds and _has_neighbour(lead, reading.leads)]
    if columns_s and np.median(columns_s) < BRIEFEST_COLUMN_S:
        detail = f"columns of {np.median(columns_s):.2f} s"
        raise EcgError("squares_unclear", detail, kind=reading.kind, found=tracing_of(reading))


def _has_neighbour(lead: LeadReading, leads: Sequence[LeadReading]) -> bool:
    return sum(other.row == lead.row for other in leads) > 1


def may_be_50(speed: tuple[float | None, Source | None]) -> bool:
    """Whether paper that is taken to have run at 25 mm/s may as well have run at 50: no person says so."""
    return speed[0] == STANDARD_SPEED_MM_S and speed[1] in ("assumed", "printed")


def _rr_s(reading: Reading) -> float:
    """Median over the leads that answer; 0 where there are too few beats."""
    intervals = [np.diff(lead.r_peaks) / lead.fs for lead in reading.answered if lead.fs]
    together = np.concatenate(intervals) if intervals else np.empty(0)
    return float(np.median(together)) if together.size else 0.0


def _width_s(reading: Reading) -> float:
    """Median over all leads."""
    widths = [steep_width(lead.values, lead.r_peaks, lead.fs) for lead in reading.leads if lead.fs]
    known = [width for width in widths if np.isfinite(width)]
    return float(np.median(known)) if known else 0.0
