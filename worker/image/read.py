"""A picture to the leads it shows, or a named reason why not."""

from typing import Final

from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.reading import Reading
from worker.image.several import Sight, read_several, sight_of
from worker.image.single import read_single
from worker.image.told import NOTHING_TOLD, Told
from worker.image.view import view_of

_NO_ECG: Final = ("blank_picture", "not_an_ecg")
_PERHAPS_SEVERAL: Final = ("several_leads", "dark_background", "trace_unclear", "no_beats_found")


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
        For a reason of ``worker.errors`` that is about pictures.
    """
    view = view_of(picture, told.corners)
    sight = sight_of(view)
    if sight is not None and sight.shows_several:
        return _several_first(sight, told)
    try:
        return _straightened(read_single(view, told), sight, told)
    except EcgError as error:
        if error.code == "dark_background":
            return _several_else(error, sight_of(view, "screen"), told)
        if error.code in _PERHAPS_SEVERAL:
            return _several_else(error, sight, told)
        raise


def _straightened(single: Reading, sight: Sight | None, told: Told) -> Reading:
    """A strip on turned, tilted or bent paper is read along its squares."""
    if single.kind != "strip" or sight is None or not sight.is_askew:
        return single
    try:
        return read_several(sight, told)
    except EcgError:  # read well enough already
        return single


def _several_first(sight: Sight, told: Told) -> Reading:
    try:
        reading = read_several(sight, told)
    except EcgError as error:
        return _single_else(error, sight, told)
    if not reading.is_named:
        _check_no_chart(sight, told)
    return reading


def _check_no_chart(sight: Sight, told: Told) -> None:
    """Curves without names are no ECG where the picture as a whole is none."""
    try:
        read_single(sight.view, told)
    except EcgError as error:
        if error.code in _NO_ECG:
            raise


def _single_else(several: EcgError, sight: Sight, told: Told) -> Reading:
    """One trace with something else above or below it; what is no single trace either ends for the first reason."""
    try:
        return read_single(sight.view, told)
    except EcgError as error:
        raise (error if error.code in _NO_ECG else several) from error


def _several_else(single: EcgError, sight: Sight | None, told: Told) -> Reading:
    if single.code == "several_leads" and sight is None:
        raise EcgError("no_grid", single.detail, kind="sheet")
    if sight is None or (single.code not in ("several_leads", "dark_background") and not sight.is_askew):
        raise single
    try:
        return read_several(sight, told)
    except EcgError as error:
        raise (single if single.kind in ("beat", "strip") else error) from error
