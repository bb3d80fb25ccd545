"""A picture to the leads it shows, or a named reason why not."""

from worker.errors import EcgError
from worker.image.by_squares import read_by_squares
from worker.image.decode import Picture
from worker.image.faults import explained
from worker.image.gate import ground_is_dark
from worker.image.ink import WorkCopy
from worker.image.page import page_corners
from worker.image.reading import Reading
from worker.image.runs_on import runs_on_beyond
from worker.image.seconds import squares_agree
from worker.image.sight import Kind, Sight, sight_of
from worker.image.told import NOTHING_TOLD, Told
from worker.image.traced import tracing_of
from worker.image.view import View, view_of
from worker.image.without_squares import read_by_seconds, read_by_seconds_else, read_without_time, wanting_seconds


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
        reading = _read(view, kind, sight, told)
        if sight is not None and sight.view is not view:
            _check_edges(reading, copy)
        return reading
    except EcgError as error:
        raise explained(error, copy, has_squares=sight is not None) from None


def _check_edges(reading: Reading, whole: WorkCopy) -> None:
    """Send a sheet to a person of which a part was taken for all: whoever marks its corners has all of it read."""
    if runs_on_beyond(reading, whole):
        detail = "the curves run on beyond what was taken for the sheet"
        raise EcgError("part_of_sheet", detail, kind=reading.kind, found=tracing_of(reading))


def _sight_of_page(view: View) -> Sight | None:
    """Squares of a sheet that is seen far askew, or small on a dark table: of the sheet by itself."""
    corners = page_corners(view.work)
    if corners is None:
        return None
    page = view_of(view.picture, corners)
    return None if ground_is_dark(page.work) else sight_of(page)


def _read(view: View, kind: Kind, sight: Sight | None, told: Told) -> Reading:
    if sight is None:
        read_bare = read_without_time if told.seconds_across is None else read_by_seconds
        return read_bare(view, kind, told)
    try:
        reading = read_by_squares(sight, told)
    except EcgError as error:  # squares that are none, perhaps: beats and rows repeat, too
        if told.seconds_across is not None:
            return read_by_seconds_else(error, view, kind, told)
        if error.code != "not_an_ecg":
            raise
        raise wanting_seconds(error, view, kind, told) from None
    if told.seconds_across is None or squares_agree(reading, told):
        return reading
    return read_by_seconds(view, kind, told)
