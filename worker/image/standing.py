"""A picture whose rows stand: read from the side that its signs tell, or a person's where none does."""

from collections.abc import Callable
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
    """Read a strip that seems to stand, as it lies where neither side can be read.

    Raises
    ------
    EcgError
        As ``read`` does, or ``side_unclear``.
    """
    side = side_of_strip(sight.coarse[0], readers().signs)
    if side is None:
        error = why_on_no_side(sight, told, read)
    else:
        try:
            return read_on_side(sight, side, told, read)
        except EcgError as on_side:
            error = on_side
    try:
        return read(sight, told)
    except EcgError as as_it_lies:
        raise (error if as_it_lies.code in NO_ECG else as_it_lies) from None


def read_on_side(sight: Sight, quarter_turns: int, told: Told, read: Reads) -> Reading:
    """Read a picture once it is turned, clockwise; raises ``no_grid`` where it shows no squares then."""
    turned = turned_sight(sight, quarter_turns)
    if turned is None:
        raise EcgError("no_grid", "no squares were found in the turned picture", kind=sight.kind)
    return read(turned, told)


def why_on_no_side(sight: Sight, told: Told, read: Reads) -> EcgError:
    """Why what stands cannot be read on either side.

    Raises
    ------
    EcgError
        ``side_unclear`` where it can: from the wrong side it is upside down and runs backward.
    """
    errors = []
    for side in _SIDES:
        try:
            reading = read_on_side(sight, side, told, read)
        except EcgError as error:
            errors.append(error)
            continue
        detail = "the rows stand, and nothing tells one side from the other"
        raise EcgError("side_unclear", detail, kind=reading.kind, found=tracing_of(reading))
    return errors[0]
