"""A picture to the leads it shows, or a named reason why not."""

from typing import Final

from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.faults import explained
from worker.image.gate import ground_is_dark
from worker.image.ink import work_copy
from worker.image.reading import NAMES_TO_TELL, Reading
from worker.image.several import Sight, read_several, sight_of
from worker.image.single import read_single
from worker.image.told import NOTHING_TOLD, Told
from worker.image.view import View, view_of

_NO_ECG: Final = ("blank_picture", "not_an_ecg")


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
    copy = work_copy(view.picture)
    sight = sight_of(view, "screen" if ground_is_dark(copy) else "sheet")
    try:
        return _read(view, sight, told)
    except EcgError as error:
        raise explained(error, copy, has_squares=sight is not None) from error


def _read(view: View, sight: Sight | None, told: Told) -> Reading:
    if sight is not None and sight.kind == "screen":
        return read_several(sight, told)
    if sight is not None and sight.shows_several:
        return _several_first(sight, told)
    try:
        return read_single(view, told)
    except EcgError as error:
        if error.code == "several_leads":
            return _several_else(error, sight, told)
        raise


def _several_first(sight: Sight, told: Told) -> Reading:
    try:
        reading = read_several(sight, told)
    except EcgError as error:
        if error.code == "speed_unclear":
            raise
        return _single_else(error, sight, told)
    if len(reading.leads) == 1:  # what else was found are words
        return read_single(sight.view, told)
    return reading if reading.is_named else _single_or(reading, sight, told)


def _single_or(several: Reading, sight: Sight, told: Told) -> Reading:
    """Curves without names are no ECG where the picture as a whole is none, and one strip where it is one."""
    try:
        return read_single(sight.view, told)
    except EcgError as error:
        if error.code in _NO_ECG:
            raise
        return several


def _single_else(several: EcgError, sight: Sight, told: Told) -> Reading:
    """One trace with something else above or below it; what is no single trace either ends for the first reason."""
    try:
        return read_single(sight.view, told)
    except EcgError as error:
        raise (error if error.code in _NO_ECG and not _shows_names(several) else several) from error


def _shows_names(error: EcgError) -> bool:
    """Whether so many names of leads were read before it ended that it is an ECG all the same."""
    leads = error.found.leads if error.found else ()
    return len({lead.lead for lead in leads if lead.source == "printed"}) >= NAMES_TO_TELL


def _several_else(single: EcgError, sight: Sight | None, told: Told) -> Reading:
    if sight is None:
        raise EcgError("no_grid", single.detail, kind="sheet")
    return read_several(sight, told)
