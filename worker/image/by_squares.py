"""A picture on squared paper, or with a time scale that is told, to its leads: several of them, or one strip."""

from typing import Final

from worker.errors import EcgError
from worker.image.along_squares import along_squares
from worker.image.gate import columns_beat_alike, one_row_beats, rows_beat_alike
from worker.image.reading import NAMES_TO_TELL, Reading
from worker.image.several import read_several
from worker.image.sheet.upright import is_standing_strip
from worker.image.sight import Sight
from worker.image.single import read_single
from worker.image.speed import check_speed
from worker.image.standing import NO_ECG, read_standing_strip
from worker.image.told import Told

_OF_AN_ECG: Final = ("speed_unclear", "written_over")
_DECIDED: Final = (*NO_ECG, *_OF_AN_ECG)
_PERHAPS_BY_ROWS: Final = ("several_leads", "trace_unclear")
_MANY_ROWS: Final = 6


def read_by_squares(sight: Sight, told: Told) -> Reading:
    """Read what was sighted.

    Raises
    ------
    EcgError
        For a reason of ``worker.errors`` that is about pictures.
    """
    if sight.kind == "screen":
        return read_several(sight, told)
    if told.corners is None and is_standing_strip(sight.coarse[0]):
        return read_standing_strip(sight, told, _read_as_it_lies)
    return _read_as_it_lies(sight, told)


def _read_as_it_lies(sight: Sight, told: Told) -> Reading:
    if sight.shows_several:
        return _several_first(sight, told)
    try:
        return _strip(sight, told)
    except EcgError as error:
        if error.code in NO_ECG:
            return _one_row_else(error, sight, told)
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


def _one_row_else(error: EcgError, sight: Sight, told: Told) -> Reading:
    """One trace that is no heart's as it lies, since its paper is tilted or curled, and one along its squares."""
    try:
        reading = read_several(sight, told)
    except EcgError:
        raise error from None
    if not one_row_beats(reading):
        raise error
    return reading


def _strip(sight: Sight, told: Told) -> Reading:
    """One trace, a strip along the paper's squares."""
    reading = read_single(sight.view, told)
    if reading.kind != "strip":
        return reading
    reading = along_squares(reading, sight, told)
    check_speed(reading)
    return reading


def _several_first(sight: Sight, told: Told) -> Reading:
    try:
        reading = read_several(sight, told)
    except EcgError as error:
        if error.code == "side_unclear" or (error.code == "speed_unclear" and _shows_names(error)):
            raise
        return _single_else(error, sight, told)
    if len(reading.leads) == 1:  # what else was found are words
        return _single_or(reading, sight, told)
    beats_alike = rows_beat_alike(reading) or columns_beat_alike(reading)
    return reading if reading.is_named or _is_told_sheet(reading) or beats_alike else _single_or(reading, sight, told)


def _is_told_sheet(reading: Reading) -> bool:
    """Many rows that beat together, at a rate that a person's seconds make: the picture as a whole is no trace."""
    return reading.seconds_across is not None and len({lead.row for lead in reading.leads}) >= _MANY_ROWS


def _single_or(several: Reading, sight: Sight, told: Told) -> Reading:
    """Curves without names are no ECG where the picture as a whole is none, and one strip where it is one.

    One curve that beats is one, though the words beside it make no trace of the picture as a whole.
    """
    try:
        return _strip(sight, told)
    except EcgError as error:
        if error.code in _DECIDED and not (error.code in NO_ECG and one_row_beats(several)):
            raise
        return several


def _single_else(several: EcgError, sight: Sight, told: Told) -> Reading:
    """One trace with something else above or below it; what is no single trace either ends for the first reason."""
    try:
        return _strip(sight, told)
    except EcgError as error:
        is_none = error.code in NO_ECG and several.code not in _OF_AN_ECG and not _shows_names(several)
        raise (error if is_none else several) from None


def _shows_names(error: EcgError) -> bool:
    """Whether so many names of leads were read before it ended that it is an ECG all the same."""
    leads = error.found.leads if error.found else ()
    return len({lead.lead for lead in leads if lead.source == "printed"}) >= NAMES_TO_TELL
