"""A picture to the leads it shows, or a named reason why not."""

from dataclasses import replace
from typing import Final

from worker.errors import EcgError
from worker.image.along_squares import along_squares
from worker.image.decode import Picture
from worker.image.faults import explained
from worker.image.gate import ground_is_dark, rows_beat_alike
from worker.image.guessed import guessed_reading
from worker.image.page import page_corners
from worker.image.reading import NAMES_TO_TELL, Reading
from worker.image.seconds import bare_length_mm, squares_agree
from worker.image.several import Kind, Sight, bare_sight, read_several, sight_of
from worker.image.single import read_single
from worker.image.speed import check_assumed_speed
from worker.image.told import NOTHING_TOLD, Told
from worker.image.traced import tracing_of
from worker.image.view import View, view_of

_NO_ECG: Final = ("blank_picture", "not_an_ecg")
_DECIDED: Final = (*_NO_ECG, "speed_unclear", "written_over")
_PERHAPS_BY_ROWS: Final = ("several_leads", "trace_unclear")
_MANY_ROWS: Final = 6
_WANT_SECONDS: Final = ("several_leads", "dark_background", "not_an_ecg")


def read_picture(picture: Picture, told: Told = NOTHING_TOLD) -> Reading:
    """Read a picture.

    Parameters
    ----------
    picture : Picture
    told : Told
        What a person says of it.

    Raises
    ------
    EcgError
        For a reason of ``worker.errors`` that is about pictures: where the picture plainly shows what went wrong when
        it was taken, for that.
    """
    view = view_of(picture, told.corners)
    copy = view.work
    kind: Kind = "screen" if ground_is_dark(copy) else "sheet"
    sight = sight_of(view, kind)
    if told.corners is None and (sight is None or kind == "screen"):
        sight = _sight_of_page(view) or sight
    try:
        return _read(view, kind, sight, told)
    except EcgError as error:
        raise explained(error, copy, has_squares=sight is not None) from error


def _sight_of_page(view: View) -> Sight | None:
    """Squares of a sheet that is seen far askew, or small on a dark table: of the sheet by itself."""
    corners = page_corners(view.work)
    if corners is None:
        return None
    page = view_of(view.picture, corners)
    return None if ground_is_dark(page.work) else sight_of(page)


def _read(view: View, kind: Kind, sight: Sight | None, told: Told) -> Reading:
    if told.seconds_across is None:
        return _by_sight(sight, told) if sight is not None else _without_time(view, kind, told)
    if sight is None:
        return _by_seconds(view, kind, told)
    try:
        reading = _by_sight(sight, told)
    except EcgError as error:  # squares that are none, perhaps
        return _by_seconds_else(error, view, kind, told)
    return reading if squares_agree(reading, told) else _by_seconds(view, kind, told)


def _by_seconds(view: View, kind: Kind, told: Told) -> Reading:
    """A picture without squares, whose time scale a person gives."""
    sight = bare_sight(view, kind, bare_length_mm(told), may_turn=told.corners is None)
    try:
        return _without_time(view, kind, told) if sight is None else _by_sight(sight, told)
    except EcgError as error:
        if error.code not in _NO_ECG or sight is None:
            raise
        return _without_time(view, kind, told)  # seconds that are far off make rows of what is one trace


def _by_seconds_else(error: EcgError, view: View, kind: Kind, told: Told) -> Reading:
    try:
        return _by_seconds(view, kind, told)
    except EcgError:
        raise error from None


def _without_time(view: View, kind: Kind, told: Told) -> Reading:
    """One trace as it is; several wait for their seconds to be told."""
    try:
        return _dark_trace(view, told) if kind == "screen" else read_single(view, told)
    except EcgError as error:
        raise _wanting_seconds(error, view, kind, told) from error


def _wanting_seconds(error: EcgError, view: View, kind: Kind, told: Told) -> EcgError:
    """The same end with what was found, where it is an ECG that only wants its seconds told."""
    if error.code not in _WANT_SECONDS:
        return error
    guessed = guessed_reading(view, kind, told, must_be_named=error.code == "not_an_ecg")
    if error.code == "not_an_ecg" and guessed is None:
        return error
    code = "dark_background" if kind == "screen" else "no_grid"
    return EcgError(code, error.detail, kind=kind, found=None if guessed is None else tracing_of(guessed))


def _dark_trace(view: View, told: Told) -> Reading:
    """A light trace on dark ground, read as a dark one on light ground where it is an ECG's either way."""
    try:
        return read_single(view, told)
    except EcgError as error:
        if error.code != "dark_background":
            raise
        reading = _inverted_trace(view, told)
        if reading is None or reading.kind == "beat":
            raise
        return replace(reading, kind="screen")


def _inverted_trace(view: View, told: Told) -> Reading | None:
    try:
        return read_single(view.inverted(), told)
    except EcgError:
        return None


def _by_sight(sight: Sight, told: Told) -> Reading:
    if sight.kind == "screen":
        return read_several(sight, told)
    if sight.shows_several:
        return _several_first(sight, told)
    try:
        return _strip(sight, told)
    except EcgError as error:
        if error.code not in _PERHAPS_BY_ROWS:
            raise
        return _by_rows_else(error, sight, told)


def _by_rows_else(error: EcgError, sight: Sight, told: Told) -> Reading:
    """What one trace was too unclear for, along its squares; several leads end for the reason of their rows."""
    try:
        return read_several(sight, told)
    except EcgError:
        if error.code == "several_leads":
            raise
        raise error from None


def _strip(sight: Sight, told: Told) -> Reading:
    """One trace, a strip along the paper's squares."""
    reading = read_single(sight.view, told)
    if reading.kind != "strip":
        return reading
    reading = along_squares(reading, sight, told)
    check_assumed_speed(reading)
    return reading


def _several_first(sight: Sight, told: Told) -> Reading:
    try:
        reading = read_several(sight, told)
    except EcgError as error:
        if error.code == "speed_unclear":
            raise
        return _single_else(error, sight, told)
    if len(reading.leads) == 1:  # what else was found are words
        return _strip(sight, told)
    is_sheet = reading.is_named or _is_told_sheet(reading) or rows_beat_alike(reading)
    return reading if is_sheet else _single_or(reading, sight, told)


def _is_told_sheet(reading: Reading) -> bool:
    """Many rows that beat together, at a rate that a person's seconds make: the picture as a whole is no trace."""
    return reading.seconds_across is not None and len({lead.row for lead in reading.leads}) >= _MANY_ROWS


def _single_or(several: Reading, sight: Sight, told: Told) -> Reading:
    """Curves without names are no ECG where the picture as a whole is none, and one strip where it is one."""
    try:
        return _strip(sight, told)
    except EcgError as error:
        if error.code in _DECIDED:
            raise
        return several


def _single_else(several: EcgError, sight: Sight, told: Told) -> Reading:
    """One trace with something else above or below it; what is no single trace either ends for the first reason."""
    try:
        return _strip(sight, told)
    except EcgError as error:
        raise (error if error.code in _NO_ECG and not _shows_names(several) else several) from error


def _shows_names(error: EcgError) -> bool:
    """Whether so many names of leads were read before it ended that it is an ECG all the same."""
    leads = error.found.leads if error.found else ()
    return len({lead.lead for lead in leads if lead.source == "printed"}) >= NAMES_TO_TELL
