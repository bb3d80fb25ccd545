"""A tracing drawn anew on ECG paper: one unit is 1 mm, 25 mm are a second, 10 mm a millivolt."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from classify.models import Beat
from classify.tracings.marks import PeakMark, marks_of
from classify.tracings.thinning import Point, thinned
from worker.tracing import TracedLead, Tracing

SPEED_MM_S: Final = 25.0
GAIN_MM_MV: Final = 10.0
LINE_S: Final = 10.0  # a longer row goes on in a line below
LAST_S: Final = 0.6  # unless so little is left that it still fits on a sheet
PULSE_MM: Final = 10.0  # room for the pulse of 1 mV and 0.2 s, left of the curves
EDGE_MM: Final = 2.0
WITHIN_MM: Final = 0.06
SQUARE_MM: Final = 5.0
PHONE_MM: Final = 90.0
LEAST_MM: Final = 10.0  # above and below the resting level
MOST_MM: Final = 60.0
NAME_MM, MARK_MM = 5.0, 5.0  # rooms for a lead's name above, and for the classes below
BARE_HEIGHT_MM = 20.0  # of a curve without voltage
BARE_BEAT_MM, BARE_WIDTH_MM = 20.0, (60.0, 250.0)  # of a curve without time: for each beat, and in all


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    beat: Beat | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A stretch of one lead; ``lines`` are points, one string for each piece between gaps."""

    name: str | None
    x: float
    lines: list[str]
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Line:
    """Curves side by side on one resting level ``y``; names stand at ``name_y``, classes at ``mark_y``."""

    y: float
    name_y: float
    mark_y: float
    curves: list[Curve]


@dataclass(frozen=True, slots=True)
class Paper:
    width: float
    height: float
    has_time: bool
    has_voltage: bool
    has_gaps: bool
    has_several: bool  # leads, so that one without a name has to be told from the one before it
    lines: list[Line]

    @property
    def is_wide(self) -> bool:
        """Whether a phone, on which a millimetre is one, too, shows only a part."""
        return self.width > PHONE_MM


@dataclass(frozen=True, slots=True)
class _Piece:
    """What of a lead stands on one line, in mm: ``x`` from its left end, heights up from the resting level."""

    lead: TracedLead
    line: int
    x: float
    points: list[list[Point]]
    marks: list[Mark]


def paper_of(tracing: Tracing, beats: Sequence[Beat]) -> Paper:
    """The whole of a picture, each row of it a line or, where it is long, several."""
    pieces = [
        piece
        for lead, marks in zip(tracing.leads, marks_of(tracing, beats), strict=True)
        for piece in _pieces(lead, marks, _line_s(tracing), _bare_width(tracing))
    ]
    lines, y = [], 0.0
    for _, side_by_side in groupby(sorted(pieces, key=_order), key=_order):
        line, height = _line(list(side_by_side), y)
        lines.append(line)
        y += height
    right = max((x for piece in pieces for points in piece.points for x, _ in points), default=0.0)
    return Paper(
        width=math.ceil(right + EDGE_MM),
        height=y,
        has_time=all(lead.fs is not None for lead in tracing.leads),
        has_voltage=all(lead.microvolts is not None for lead in tracing.leads),
        has_gaps=any(len(piece.points) > 1 for piece in pieces),
        has_several=len(tracing.leads) > 1,
        lines=lines,
    )


def _order(piece: _Piece) -> tuple[int, int]:
    return piece.line, piece.lead.row


def _line_s(tracing: Tracing) -> float:
    """How many seconds stand on a line."""
    last = max((lead.start_s + len(_heights_mm(lead)) / lead.fs for lead in tracing.leads if lead.fs), default=0.0)
    return last if last <= LINE_S + LAST_S else LINE_S


def _bare_width(tracing: Tracing) -> float:
    """Of each curve without time, so that the classes of its beats stand apart."""
    beats = max((len(lead.peaks) for lead in tracing.leads), default=0)
    least, most = BARE_WIDTH_MM
    return min(max(beats * BARE_BEAT_MM, least), most)


def _pieces(lead: TracedLead, marks: Sequence[PeakMark], line_s: float, bare_width: float) -> Iterator[_Piece]:
    if lead.fs is None:
        yield _bare(lead, marks, bare_width)
        return
    end_s = lead.start_s + len(_heights_mm(lead)) / lead.fs
    for number in range(int(lead.start_s // line_s), math.ceil(end_s / line_s - 1e-6)):
        yield _timed(lead, marks, number, line_s, lead.fs)


def _timed(lead: TracedLead, marks: Sequence[PeakMark], number: int, line_s: float, fs: float) -> _Piece:
    """What of a lead stands on the line ``number``, from 0."""
    first = max(math.ceil((number * line_s - lead.start_s) * fs), 0)
    end = math.ceil(((number + 1) * line_s - lead.start_s) * fs)

    def x(sample: float) -> float:
        return PULSE_MM + (lead.start_s + sample / fs - number * line_s) * SPEED_MM_S

    places = [(mark.peak.at_s * fs, mark.beat) for mark in marks if mark.peak.at_s is not None]
    return _Piece(
        lead=lead,
        line=number,
        x=x(first),
        points=_between_gaps(_heights_mm(lead)[first:end], x(first), SPEED_MM_S / fs),
        marks=[Mark(x(at), beat) for at, beat in places if first <= at < end],
    )


def _bare(lead: TracedLead, marks: Sequence[PeakMark], width: float) -> _Piece:
    heights = _heights_mm(lead)
    x = PULSE_MM + lead.column * (width + EDGE_MM)
    step = width / max(len(heights) - 1, 1)
    return _Piece(lead, 0, x, _between_gaps(heights, x, step), _bare_marks(lead, marks, x, width))


def _heights_mm(lead: TracedLead) -> list[float | None]:
    if lead.microvolts is not None:
        return [None if value is None else value / 1000 * GAIN_MM_MV for value in lead.microvolts]
    return [None if share is None else share * BARE_HEIGHT_MM for share in lead.heights]


def _bare_marks(lead: TracedLead, marks: Sequence[PeakMark], x: float, width: float) -> list[Mark]:
    """Without time a peak stands where it stands in the picture, between the ends of the curve."""
    if not lead.line:
        return []
    (left, top), (right, bottom) = lead.line[0], lead.line[-1]
    across, down = right - left, bottom - top
    length = max(across**2 + down**2, 1e-9)

    def share(point: Point) -> float:
        return ((point[0] - left) * across + (point[1] - top) * down) / length

    return [Mark(x + share(mark.peak.point) * width, mark.beat) for mark in marks]


def _between_gaps(heights: Sequence[float | None], x: float, step: float) -> list[list[Point]]:
    """Pieces of curve; nothing is drawn where nothing was seen."""
    places = [(x + at * step, height) for at, height in enumerate(heights)]
    pieces = (list(piece) for seen, piece in groupby(places, key=lambda place: place[1] is not None) if seen)
    return [thinned(piece, WITHIN_MM) for piece in pieces]  # type: ignore[arg-type]


def _line(pieces: list[_Piece], top: float) -> tuple[Line, float]:
    """The line and its height; its resting level stands on a line of the paper."""
    heights = [height for piece in pieces for points in piece.points for _, height in points]
    above = _squares(max(heights, default=0.0) + NAME_MM)
    below = _squares(-min(heights, default=0.0) + MARK_MM)
    y = top + above
    curves = [_curve(piece, y, top, top + above + below) for piece in pieces]
    return Line(y=y, name_y=top + NAME_MM - 1, mark_y=y + below - MARK_MM + 0.6, curves=curves), above + below


def _squares(height: float) -> float:
    return math.ceil(min(max(height, LEAST_MM), MOST_MM) / SQUARE_MM) * SQUARE_MM


def _curve(piece: _Piece, y: float, top: float, bottom: float) -> Curve:
    lines = [" ".join(f"{x:.2f},{min(max(y - up, top), bottom):.2f}" for x, up in points) for points in piece.points]
    return Curve(name=piece.lead.lead, x=piece.x, lines=lines, marks=piece.marks)
