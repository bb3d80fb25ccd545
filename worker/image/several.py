"""A picture of several leads, a sheet or a monitor: its curves in millimetres, its beats, or a named reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from worker.ecg.leads import STANDARD_LEADS
from worker.ecg.merged import merged_r_peaks, r_peaks_in_lead
from worker.ecg.rhythm_strips import strips_in_time
from worker.ecg.voices import TimedLead
from worker.errors import EcgError
from worker.image.answering import answering_of, hides_a_beat, written_over
from worker.image.beats_told import PlacedCurve, beats_told
from worker.image.denser import denser
from worker.image.gate import beats_like_a_heart, check_sheet_beats, columns_beat_alike, one_row_beats, rows_beat_alike
from worker.image.reading import (
    STANDARD_GAIN_MM_MV,
    STANDARD_SPEED_MM_S,
    LeadReading,
    Reading,
    Source,
    named_throughout,
)
from worker.image.seconds import speed_by_seconds, without_squares
from worker.image.sheet.columns import changes_at_columns, columns_by_shape, rows_cut_beside
from worker.image.sheet.curve import LeadCurve
from worker.image.sheet.cut import between, columns_by_lines, with_columns
from worker.image.sheet.lost_waves import without_lost_waves
from worker.image.sheet.quality import curve_quality
from worker.image.sheet.row_reader import PX_PER_MM
from worker.image.sheet.rows import RowTrace
from worker.image.sheet.scales import gain_of_pulses, gain_printed, speed_printed
from worker.image.sheet.sheet import CoarseSheet, Sheet, read_sheet, with_names
from worker.image.sheet.upright import quarter_turns_of, side_of_unread
from worker.image.sheet_place import SheetPlace
from worker.image.sight import MORE_NAMES, Kind, Sight, names_read, readers
from worker.image.speed import check_columns, check_speed, may_be_50
from worker.image.standing import check_sides, read_on_side
from worker.image.time_scale import POSSIBLE_BPM
from worker.image.told import Told
from worker.image.traced import tracing_of

_PERHAPS_ON_ITS_SIDE: Final = ("trace_unclear", "no_beats_found")
_MOST_OF_A_STRIP: Final = 3  # leads
_FAR_MORE_ROWS: Final = 3  # times as many


def read_several(sight: Sight, told: Told) -> Reading:
    """Read all leads of a picture on squared paper, or of one whose time scale is told.

    Raises
    ------
    EcgError
        For a reason of ``worker.errors`` that is about pictures.
    """
    if told.corners is not None:
        return _read_as_it_lies(sight, told)
    turns = quarter_turns_of(sight.coarse[0], readers().signs)
    if turns is None:
        check_sides(sight, told, _read_for_sure)
        return _read_as_it_lies(sight, told)
    if turns:
        return read_on_side(sight, turns, told, _read_as_it_lies)
    try:
        return _read_as_it_lies(sight, told)
    except EcgError as error:
        if error.code not in _PERHAPS_ON_ITS_SIDE:
            raise
        return _read_on_its_side_else(error, sight, told)


def _read_on_its_side_else(error: EcgError, sight: Sight, told: Told) -> Reading:
    """A sheet whose rows nobody could read may stand, with too few letters to tell."""
    turns = side_of_unread(sight.coarse[0], readers().signs)
    if turns is None:
        raise error
    try:
        return read_on_side(sight, turns, told, _read_as_it_lies)
    except EcgError:
        raise error from None


def _read_for_sure(sight: Sight, told: Told) -> Reading:
    """What names or rows that beat alike say is an ECG; raises ``not_an_ecg`` else."""
    reading = _read_as_it_lies(sight, told)
    if not (reading.is_named or rows_beat_alike(reading) or columns_beat_alike(reading) or one_row_beats(reading)):
        raise EcgError("not_an_ecg", "curves without names that do not beat alike", kind=reading.kind)
    return reading


def _read_as_it_lies(sight: Sight, told: Told) -> Reading:
    view = sight.view
    timed = _cut_by_shape(_of_a_heart(sight, told), told)
    timed = replace(timed, sheet=with_names(timed.sheet, told.leads))  # last: told places are those of the cut rows
    reading = _reading(timed, SheetPlace(timed.sheet.flat, view, sight.copy.scale), told, sight.kind)
    if sight.bare_mm is not None:
        reading = without_squares(reading, _speed(timed.sheet, told), told)
    return _checked(reading)


def read_row(sight: Sight, coarse: CoarseSheet, row: RowTrace, ends_px: np.ndarray, told: Told) -> Reading | None:
    """One row between two points of the picture, asked nothing of its beats; None where it is no one curve."""
    sheet = read_sheet(sight.copy.rgb, replace(coarse, rows=(row,), perhaps=()), readers())
    ends = sheet.flat.from_picture(sight.view.from_picture(ends_px) * sight.copy.scale)
    sheet = between(sheet, float(ends[:, 0].min()), float(ends[:, 0].max()))
    if len(sheet.curves) != 1:
        return None
    timed = _timed(sheet, told)
    return _reading(timed, SheetPlace(timed.sheet.flat, sight.view, sight.copy.scale), told, sight.kind)


@dataclass(frozen=True, slots=True, eq=False)
class _Timed:
    """A sheet with its scales, and its curves with the beats that all of them show together."""

    sheet: Sheet
    speed: tuple[float, Source]
    gain: tuple[float, Source]
    leads: tuple[TimedLead, ...]
    beats_s: np.ndarray

    @property
    def rows(self) -> int:
        return len({curve.row for curve in self.sheet.curves})

    @property
    def is_possible(self) -> bool:
        """Whether a heart can have its rate."""
        return self._beats_within(*POSSIBLE_BPM)

    @property
    def is_possible_at_50(self) -> bool:
        """Whether a heart can have twice its rate, and nobody says that it has not."""
        least, most = POSSIBLE_BPM
        return may_be_50(self.speed) and self._beats_within(least / 2, most / 2)

    def _beats_within(self, least_bpm: float, most_bpm: float) -> bool:
        if self.beats_s.size < 2:
            return self.beats_s.size == 1
        return least_bpm <= 60.0 / float(np.median(np.diff(self.beats_s))) <= most_bpm


def _of_a_heart(sight: Sight, told: Told) -> _Timed:
    """The only sheet whose rate a heart can have, or the one whose names, or far more rows, can be read.

    A rate that is too slow for any is a heart's where the paper may have run at 50 mm/s: its speed is asked for then.
    """
    by_names = sorted(sight.coarse, key=lambda one: names_read(one.signs), reverse=True)
    named = [names_read(one.signs) for one in by_names]
    sheets: list[_Timed] = []
    for coarse in by_names:
        sheets.append(_timed(read_sheet(sight.copy.rgb, coarse, readers()), told))
        may_be = sheets[0].is_possible or sheets[0].is_possible_at_50
        if may_be and named[0] - max(named[1:], default=-MORE_NAMES) >= MORE_NAMES:
            return sheets[0]
    possible = [sheet for sheet in sheets if sheet.is_possible] or [one for one in sheets if one.is_possible_at_50]
    possible.sort(key=lambda sheet: -sheet.rows)
    if len(possible) > 1 and possible[0].rows >= _FAR_MORE_ROWS * possible[1].rows:
        return possible[0]
    if len(possible) != 1:
        detail = f"scale: {len(possible)} of {len(sheets)} are a heart's"
        raise EcgError("trace_unclear", detail, kind=sight.kind)
    return possible[0]


def _cut_by_shape(timed: _Timed, told: Told) -> _Timed:
    """Rows cut where lines stand or their beats change: another lead may begin there, whose name was not read."""
    fs, curves = PX_PER_MM[0] * timed.speed[0], timed.sheet.curves
    rows = [(lead.values, r_peaks_in_lead(lead, timed.beats_s)) for lead in timed.leads]
    most = 1 + max((curve.column for curve in curves), default=0)
    if most > 1:
        changing = {
            curve.row
            for curve, row in zip(curves, rows, strict=True)
            if _is_nameless_row(curve, curves) and changes_at_columns(*row, fs=fs, columns=most)
        }
        further = rows_cut_beside({curve.row for curve in curves if curve.column}, changing, most)
        columns = [most if curve.row in further else 1 for curve in curves]
    else:
        by_lines = columns_by_lines(timed.sheet)
        columns = by_lines or columns_by_shape([values for values, _ in rows], fs, [beats for _, beats in rows])
    if max(columns, default=1) == 1 or not _may_begin(curves, columns):
        return timed
    return _timed(with_columns(timed.sheet, columns), told)


def _is_nameless_row(curve: LeadCurve, curves: Sequence[LeadCurve]) -> bool:
    """Whether it is all of its row, beside rows of columns."""
    return curve.lead is None and sum(other.row == curve.row for other in curves) == 1


def _may_begin(curves: Sequence[LeadCurve], columns: Sequence[int]) -> bool:
    """Whether the names of rows that change, as far as they have any, are those of a usual sheet's first column."""
    first = STANDARD_LEADS[: len(STANDARD_LEADS) // max(columns)]
    return all(curve.lead in (None, *first) for curve, count in zip(curves, columns, strict=True) if count > 1)


def _timed(sheet: Sheet, told: Told) -> _Timed:
    speed = speed_by_seconds(sheet, told) or _speed(sheet, told)
    leads = _timed_leads(sheet, speed[0])
    beats_s = merged_r_peaks(leads)
    mended = without_lost_waves(sheet, leads, beats_s)
    if mended is not sheet:
        leads = _timed_leads(mended, speed[0])
    return _Timed(mended, speed, _gain(mended, told), leads, beats_s)


def _timed_leads(sheet: Sheet, speed_mm_s: float) -> tuple[TimedLead, ...]:
    fs = PX_PER_MM[0] * speed_mm_s
    leads = [
        TimedLead(
            curve.start_mm / speed_mm_s, _bridged(curve.height_mm), fs, _trust(sheet, curve), np.isnan(curve.height_mm)
        )
        for curve in sheet.curves
    ]
    return strips_in_time(leads)


def _trust(sheet: Sheet, curve: LeadCurve) -> float:
    return (curve_quality(sheet.darkness, curve) / 100) ** 2


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


def _reading(timed: _Timed, place: SheetPlace, told: Told, kind: Kind) -> Reading:
    curves = [place.curve_px(_bridged_px(curve)) for curve in timed.sheet.curves]
    placed = [PlacedCurve(at, lead.start_s, lead.fs) for at, lead in zip(curves, timed.leads, strict=True)]
    beats_s = beats_told(timed.beats_s, placed, told)
    leads = tuple(_lead(timed, at, curves[at], beats_s, place) for at in range(len(curves)))
    is_named = named_throughout(leads)
    answering = answering_of(leads, lambda lead: beats_like_a_heart(lead, is_named))
    px_per_mm_x, px_per_mm_y = place.px_per_mm
    return Reading(
        kind="strip" if kind == "sheet" and _is_strip(leads) else kind,
        leads=leads,
        answering=answering,
        layout=timed.sheet.layout,
        speed_mm_s=timed.speed[0],
        speed_source=timed.speed[1],
        gain_mm_mv=timed.gain[0],
        gain_source=timed.gain[1],
        px_per_mm_x=px_per_mm_x,
        px_per_mm_y=px_per_mm_y,
        quality=min((leads[at].quality for at in answering), default=0),
        page_px=place.view.outline_px(),
        grid_px=tuple(place.grid_px()),
        quarter_turns=place.view.quarter_turns,
    )


def _is_strip(leads: Sequence[LeadReading]) -> bool:
    return len(leads) <= _MOST_OF_A_STRIP and all(lead.column == 0 for lead in leads)


def _lead(timed: _Timed, number: int, at_px: np.ndarray, beats_s: np.ndarray, place: SheetPlace) -> LeadReading:
    curve, lead = timed.sheet.curves[number], timed.leads[number]
    r_peaks = r_peaks_in_lead(lead, beats_s)
    read = LeadReading(
        values=lead.values,
        per_mv=timed.gain[0],
        fs=lead.fs,
        r_peaks=r_peaks,
        at_px=at_px,
        boxes=tuple(place.boxes(_bridged_px(curve), r_peaks)),
        gap=np.isnan(curve.height_mm),
        quality=curve_quality(timed.sheet.darkness, curve),
        lead=curve.lead,
        lead_source=curve.source,
        start_s=lead.start_s,
        row=curve.row,
        column=curve.column,
        covered=curve.covered,
    )
    return denser(read)


def _bridged_px(curve: LeadCurve) -> np.ndarray:
    x, y = curve.flat_px.T
    return np.stack([x, _bridged(np.where(np.isnan(curve.height_mm), np.nan, y))], axis=1)


def _checked(reading: Reading) -> Reading:
    """The reading, unless it is none to answer from.

    Raises
    ------
    EcgError
        With what was found.
    """
    if not reading.answering:
        if any(hides_a_beat(lead) for lead in reading.leads):
            raise written_over(reading)
        detail = f"of {len(reading.leads)} curves none, or not one in each column, was read well and without gaps"
        raise EcgError("trace_unclear", detail, kind=reading.kind, found=tracing_of(reading))
    check_columns(reading)
    check_sheet_beats(reading)
    check_speed(reading)
    return reading
