"""What a TIFF's directories say, read without Pillow: it makes an object for each strip that a file claims to have."""

import struct
from collections.abc import Iterator
from typing import Final

MAX_STRIPS: Final = 100_000  # one row a strip is usual; millions are made to fill the memory
_STRIPS_OR_TILES: Final = {273, 279, 324, 325}  # where they begin, how long they are


def tiff_strip_count(data: bytes, *, pages: int) -> int:
    """The most strips or tiles that one of the first ``pages`` directories claims; 0 where there is none to read."""
    order = "<" if data.startswith(b"II") else ">"
    return max((count for count in _counts(data, order, pages)), default=0)


def _counts(data: bytes, order: str, pages: int) -> Iterator[int]:
    try:
        (at,) = struct.unpack_from(f"{order}L", data, 4)
        for _page in range(pages):
            if not at:
                return
            (entries,) = struct.unpack_from(f"{order}H", data, at)
            for entry in range(entries):
                tag, _kind, count = struct.unpack_from(f"{order}HHL", data, at + 2 + 12 * entry)
                if tag in _STRIPS_OR_TILES:
                    yield count
            (at,) = struct.unpack_from(f"{order}L", data, at + 2 + 12 * entries)
    except struct.error:  # it ends in the middle: what was read so far counts
        return
