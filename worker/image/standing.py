"""A picture whose rows stand: read from the side that its signs tell, or a person's where none does."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from worker.errors import EcgError
from worker.image.reading import Reading
from worker.image.sheet.upright import side_of_strip
from worker.image.sight import Sight, readers, turned_sight
from worker.image.told import Told
from worker.image.traced import tracing_of

NO_ECG: Final = ("blank_picture", "not_an_ecg")
_SIDES: Final = (1, 3)  # clockwise quarter turns

Reads = Callable[[Sight, Told], Reading]


def read_standing_strip(sight: Sight, told: Told, read: Reads) -> Reading:
    """Read a strip that seems to stand, or as it lies what is no ECG on its side.

    Raises
    ------
    EcgError
        As ``read`` does, or ``side_unclear``.
    """
    side = side_of_strip(sight.coarse[0], readers().signs)
    if side is None:
        check_sides(sight, told, read)
        return read(sight, told)
    try:
        return read_on_side(sight, side, told, read)
    except EcgError as error:
        if error.code not in (*NO_ECG, "no_grid"):
            raise
        return read(sight, told)


def read_on_side(sight: Sight, quarter_turns: int, told: Told, read: Reads) -> Reading:
    """Read a picture once it is turned, clockwise; raises ``no_grid`` where it shows no squares then."""
    turned = turned_sight(sight, quarter_turns)
    if turned is None:
        raise EcgError("no_grid", "no squares were found in the turned picture", kind=sight.kind)
    return read(turned, told)


def check_sides(sight: Sight, told: Told, read: Reads) -> None:
    """Send what can be read on either side to a person: from the wrong one it is upside down and runs backward.

    Raises
    ------
    EcgError
        ``side_unclear``, with what was found, in a picture that nobody has turned.
    """
    for side in _SIDES:
        with suppress(EcgError):
            reading = read_on_side(sight, side, told, read)
            break
    else:
        return
    as_it_lies = replace(reading, page_px=sight.view.outline_px(), quarter_turns=sight.view.quarter_turns)
    detail = "the rows stand, and nothing tells one side from the other"
    raise EcgError("side_unclear", detail, kind=reading.kind, found=tracing_of(as_it_lies))
