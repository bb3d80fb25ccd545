"""A picture of several leads, a sheet or a monitor: its curves in millimetres, its beats, or a named reason why not."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np

from worker.ecg.merged import TimedLead, merged_r_peaks, r_peaks_in_lead
from worker.errors import EcgError
from worker.image.answering import answering_of
from worker.image.boxes import beat_spans, box_around
from worker.image.gate import check_sheet_beats
from worker.image.ink import grid_map, inverted, work_copy
from worker.image.reading import STANDARD_GAIN_MM_MV, STANDARD_SPEED_MM_S, LeadReading, Reading, Source
from worker.image.sheet.paper_map import MAJOR_MM, MINOR_MM, PaperMap, paper_map
from worker.image.sheet.quality import curve_quality
from worker.image.sheet.row_reader import PX_PER_MM, RowNetwork, RowReader
from worker.image.sheet.scales import gain_of_pulses, gain_printed, speed_printed
from worker.image.sheet.sheet import LeadCurve, Readers, Sheet, coarse_flat, read_sheet
from worker.image.sheet.sign_reader import SignNetwork, SignReader
from worker.image.sheet.upright import quarter_turns_of
from worker.image.told import Told
from worker.image.view import View

POSSIBLE_BPM: Final = (25.0, 250.0)
_SPANS_MM: Final = (25.0, 700.0)  # of what a picture shows
_GRID_EVERY_MM: Final = 5.0
_GRID_POINTS: Final = 12
_BOX_ROOM_MM: Final = 1.0


@cache
def readers() -> Readers:
    """The shipped networks, loaded once in a process."""
    return Readers(RowReader(RowNetwork()), SignReader(SignNetwork()))


def read_several(view: View, told: Told, kind: Literal["sheet", "screen"] = "sheet") -> Reading:
    """Read all leads of a picture on squared paper.

    Raises
    ------
    EcgError
        ``no_grid``, ``several_leads``, ``trace_unclear`` or ``no_beats_found``.
    """
    copy = work_copy(view.picture)
    copy = inverted(copy) if kind == "screen" else copy
    paper = paper_map(grid_map(copy))
    if paper is None:
        raise EcgError("no_grid", "no squares were found", kind=kind)
    papers = list(_possible(paper))
    if told.corners is None and view.quarter_turns == 0:
        turns = quarter_turns_of(coarse_flat(copy.rgb, papers[0]), readers().signs)
        if turns:
            return read_several(view.turned(turns), told, kind)
    sheets = [_timed(read_sheet(copy.rgb, paper, readers(), told.leads), told) for paper in papers]
    possible = [sheet for sheet in sheets if sheet.is_possible]
    if len(possible) != 1:
        raise EcgError("trace_unclear", f"scale: {len(possible)} of {len(sheets)} are a heart's", kind=kind)
    return _reading(possible[0], view, copy.scale, told, kind)


def _possible(paper: PaperMap) -> Iterator[PaperMap]:
    """The map with the millimetres of its lines, or both answers where nothing tells them apart."""
    if paper.line_mm is not None:
        yield paper
        return
    span_lines = max(paper.width_px, paper.height_px) / min(paper.line_px)
    fit = [mm for mm in (MAJOR_MM, MINOR_MM) if _SPANS_MM[0] <= span_lines * mm <= _SPANS_MM[1]]
    for line_mm in fit or [MINOR_MM]:
        yield paper.told(line_mm)


@dataclass(frozen=True, slots=True, eq=False)
class _Timed:
    """A sheet with its scales, and its curves with the beats that all of them show together."""

    sheet: Sheet
    speed: tuple[float, Source]
    gain: tuple[float, Source]
    leads: tuple[TimedLead, ...]
    beats_s: np.ndarray

    @property
    def is_possible(self) -> bool:
        if self.beats_s.size < 2:
            return self.beats_s.size == 1
        return POSSIBLE_BPM[0] <= 60.0 / float(np.median(np.diff(self.beats_s))) <= POSSIBLE_BPM[1]


def _timed(sheet: Sheet, told: Told) -> _Timed:
    speed = _speed(sheet, told)
    fs = PX_PER_MM[0] * speed[0]
    leads = tuple(TimedLead(curve.start_mm / speed[0], _bridged(curve.height_mm), fs) for curve in sheet.curves)
    return _Timed(sheet, speed, _gain(sheet, told), leads, merged_r_peaks(leads))


def _speed(sheet: Sheet, told: Told) -> tuple[float, Source]:
    if told.speed_mm_s is not None:
        return told.speed_mm_s, "user"
    printed = speed_printed(sheet.signs)
    return (STANDARD_SPEED_MM_S, "assumed") if printed is None else (printed, "printed")


def _gain(sheet: Sheet, told: Told) -> tuple[float, Source]:
    if told.gain_mm_mv is not None:
        return told.gain_mm_mv, "user"
    pulses, printed = gain_of_pulses(sheet.signs, sheet.rests_mm), gain_printed(sheet.signs)
    if pulses is not None:
        return pulses, "pulse"
    return (STANDARD_GAIN_MM_MV, "assumed") if printed is None else (printed, "printed")


def _bridged(height_mm: np.ndarray) -> np.ndarray:
    """Gaps as straight lines."""
    seen = np.flatnonzero(np.isfinite(height_mm))
    if seen.size == 0:
        return np.zeros(height_mm.size)
    return np.interp(np.arange(height_mm.size), seen, height_mm[seen])


def _reading(timed: _Timed, view: View, scale: float, told: Told, kind: Literal["sheet", "screen"]) -> Reading:
    sheet = timed.sheet
    leads = tuple(_lead(timed, curve, lead, view, scale) for curve, lead in zip(sheet.curves, timed.leads, strict=True))
    if not leads:
        raise EcgError("trace_unclear", "no row of curves was found", kind=kind)
    answering = answering_of(leads)
    if not answering:
        raise EcgError("trace_unclear", "no lead was read without gaps", kind=kind)
    check_sheet_beats([leads[at] for at in answering], kind)
    paper = sheet.flat.paper
    assert paper.line_mm is not None
    px_per_mm_x, px_per_mm_y = (px / paper.line_mm / scale for px in paper.line_px)
    return Reading(
        kind=kind,
        leads=leads,
        answering=answering,
        layout=sheet.layout,
        speed_mm_s=timed.speed[0],
        speed_source=timed.speed[1],
        gain_mm_mv=timed.gain[0],
        gain_source=timed.gain[1],
        px_per_mm_x=round(px_per_mm_x, 3),
        px_per_mm_y=round(px_per_mm_y, 3),
        quality=min(leads[at].quality for at in answering),
        page_px=view.outline_px(),
        grid_px=tuple(_grid(sheet, view, scale)),
        quarter_turns=view.quarter_turns,
    )


def _lead(timed: _Timed, curve: LeadCurve, lead: TimedLead, view: View, scale: float) -> LeadReading:
    bridged_px = np.stack([curve.flat_px[:, 0], _bridged(curve.flat_px[:, 1])], axis=1)
    at_px = _in_picture(timed.sheet, bridged_px, view, scale)
    r_peaks = r_peaks_in_lead(lead, timed.beats_s)
    return LeadReading(
        values=lead.values,
        per_mv=timed.gain[0],
        fs=lead.fs,
        r_peaks=r_peaks,
        at_px=at_px,
        boxes=tuple(_boxes(timed.sheet, bridged_px, r_peaks, view, scale)),
        gap=np.isnan(curve.height_mm),
        quality=curve_quality(timed.sheet, curve),
        lead=curve.lead,
        lead_source=curve.source,
        start_s=lead.start_s,
        row=curve.row,
        column=curve.column,
    )


def _in_picture(sheet: Sheet, flat_px: np.ndarray, view: View, scale: float) -> np.ndarray:
    return view.in_picture(sheet.in_picture(flat_px) / scale)


def _boxes(
    sheet: Sheet, flat_px: np.ndarray, r_peaks: np.ndarray, view: View, scale: float
) -> Iterator[tuple[int, int, int, int]]:
    room = _BOX_ROOM_MM * PX_PER_MM[1]
    for start, end in beat_spans(r_peaks, len(flat_px)):
        part = flat_px[int(start) : max(int(start) + 1, int(np.ceil(end)))]
        (left, top), (right, bottom) = part.min(axis=0), part.max(axis=0)
        corners = [[left, top - room], [right, top - room], [right, bottom + room], [left, bottom + room]]
        yield box_around(_in_picture(sheet, np.array(corners), view, scale))


def _grid(sheet: Sheet, view: View, scale: float) -> Iterator[np.ndarray]:
    """The paper's lines, 5 mm apart, within the picture."""
    flat, paper = sheet.flat, sheet.flat.paper
    assert paper.line_mm is not None
    step = _GRID_EVERY_MM / paper.line_mm * flat.px_per_line
    first = (
        np.ceil(flat.origin * paper.line_mm / _GRID_EVERY_MM) * _GRID_EVERY_MM / paper.line_mm - flat.origin
    ) * flat.px_per_line
    height, width = flat.seen.shape
    for axis, (length, other) in enumerate(((width, height), (height, width))):
        for at in np.arange(first[axis], length, step[axis]):
            along = np.linspace(0, other - 1, _GRID_POINTS)
            points = np.stack(
                [np.full(_GRID_POINTS, at), along] if axis == 0 else [along, np.full(_GRID_POINTS, at)], axis=1
            )
            seen = flat.seen[
                np.clip(points[:, 1], 0, height - 1).astype(int), np.clip(points[:, 0], 0, width - 1).astype(int)
            ]
            if seen.sum() >= 2:
                yield _in_picture(sheet, points[seen], view, scale)
