"""A picture to the leads it shows, or a named reason why not."""

from typing import Final

from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.reading import Reading
from worker.image.several import Sight, read_several, shows_names, sight_of
from worker.image.single import read_single
from worker.image.told import NOTHING_TOLD, Told
from worker.image.view import View, view_of

_PERHAPS_SEVERAL: Final = ("several_leads", "dark_background", "trace_unclear", "no_beats_found", "not_an_ecg")


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
    if sight is not None and sight.rows > 1:
        return _several_first(sight, told)
    try:
        return _straightened(read_single(view, told), sight, told)
    except EcgError as error:
        if error.code == "dark_background":
            return _several_else(error, sight_of(view, "screen"), told, view)
        if error.code in _PERHAPS_SEVERAL:
            return _several_else(error, sight, told, view)
        raise


def _straightened(single: Reading, sight: Sight | None, told: Told) -> Reading:
    """A strip on squares that were found is read along them: turned, tilted or bent paper changes no height."""
    if single.kind != "strip" or sight is None:
        return single
    try:
        return read_several(sight, told)
    except EcgError:  # read well enough already
        return single


def _several_first(sight: Sight, told: Told) -> Reading:
    try:
        return read_several(sight, told)
    except EcgError as error:
        return _single_else(error, sight, told)


def _single_else(several: EcgError, sight: Sight, told: Told) -> Reading:
    """One trace with something else above or below it; what is no single trace either ends for the first reason."""
    try:
        return read_single(sight.view, told)
    except EcgError as error:
        raise (error if error.code == "blank_picture" else several) from error


def _several_else(single: EcgError, sight: Sight | None, told: Told, view: View) -> Reading:
    if sight is not None:
        try:
            return read_several(sight, told)
        except EcgError as error:
            raise (single if single.code == "not_an_ecg" else error) from error
    if single.code == "several_leads" or (single.code == "not_an_ecg" and shows_names(view)):
        raise EcgError("no_grid", single.detail, kind="sheet")
    raise single
