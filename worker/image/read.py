"""A picture to the leads it shows, or a named reason why not."""

from worker.image.decode import Picture
from worker.image.reading import Reading
from worker.image.single import read_single
from worker.image.told import NOTHING_TOLD, Told
from worker.image.view import view_of


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
    return read_single(view_of(picture, told.corners), told)
