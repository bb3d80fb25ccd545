"""A picture to the leads it shows, or a named reason why not."""

from typing import Final, Literal

from worker.errors import EcgError
from worker.image.decode import Picture
from worker.image.reading import Reading
from worker.image.several import read_several
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
    try:
        return read_single(view, told)
    except EcgError as error:
        if error.code not in _PERHAPS_SEVERAL:
            raise
        return _several_or(error, view, told)


def _several_or(single: EcgError, view: View, told: Told) -> Reading:
    """The picture read as one of several leads, or else the reason why it is not one trace, where that is the truth."""
    kind: Literal["sheet", "screen"] = "screen" if single.code == "dark_background" else "sheet"
    try:
        return read_several(view, told, kind)
    except EcgError as error:
        if error.code == "no_grid" and single.code != "several_leads":
            raise single from error
        raise
