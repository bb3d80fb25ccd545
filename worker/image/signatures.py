"""Which kind of file these bytes are, by their own first bytes, and whether they end where they should.

Names and claimed types are never believed; they are only compared.  Nothing is decoded here.
"""

import struct
from collections import deque
from collections.abc import Iterator
from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
BMP: Final = "image/bmp"
TIFF: Final = "image/tiff"
WEBP: Final = "image/webp"
GIF: Final = "image/gif"
HEIC: Final = "image/heic"
PDF: Final = "application/pdf"

ACCEPTED_TYPES: Final[tuple[str, ...]] = (JPEG, PNG, BMP, TIFF, WEBP, GIF, HEIC, PDF)

TYPE_OF_SUFFIX: Final[dict[str, str]] = {
    ".jpg": JPEG, ".jpeg": JPEG, ".jpe": JPEG, ".jfif": JPEG, ".png": PNG, ".bmp": BMP, ".dib": BMP,
    ".tif": TIFF, ".tiff": TIFF, ".webp": WEBP, ".gif": GIF, ".heic": HEIC, ".heif": HEIC, ".pdf": PDF,
}  # fmt: skip

TYPE_OF_CLAIM: Final[dict[str, str]] = {
    **{accepted: accepted for accepted in ACCEPTED_TYPES},
    "image/jpg": JPEG, "image/pjpeg": JPEG, "image/x-png": PNG, "image/x-ms-bmp": BMP, "image/x-bmp": BMP,
    "image/tif": TIFF, "image/heif": HEIC, "image/heic-sequence": HEIC, "image/heif-sequence": HEIC,
    "application/x-pdf": PDF,
}  # fmt: skip

_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_GIF_FRAME, _GIF_EXTENSION, _GIF_TRAILER = 0x2C, 0x21, 0x3B
_JPEG_MAX_FILL: Final = 4096  # a byte or two is usual; millions would keep every reader of the head busy
_PDF_HEADER_WITHIN: Final = 1024  # readers accept junk before %PDF- up to here


def content_type_of(data: bytes) -> str | None:
    """The accepted type whose signature ``data`` carries, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if data.startswith((b"II*\x00", b"MM\x00*")):
        return TIFF
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    if _is_bmp(data):
        return BMP
    if data[4:8] == b"ftyp" and _heif_brands(data) & _HEIC_BRANDS:
        return HEIC
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return PDF
    return None


def is_cut_short(data: bytes, content_type: str) -> bool:
    """Whether the file visibly ends before its own structure says so."""
    match content_type:
        case "image/jpeg":
            return _jpeg_is_cut_short(data)
        case "image/png":
            return b"IEND" not in data[-1024:] and b"IEND\xae\x42\x60\x82" not in data
        case "image/gif":
            return _gif_is_cut_short(data)
        case "image/webp":
            return int.from_bytes(data[4:8], "little") + 8 > len(data) + 1  # the padding byte may be missing
        case "image/bmp":
            return _bmp_is_cut_short(data)
        case "image/heic":
            return _boxes_are_cut_short(data)
        case "application/pdf":
            return b"startxref" not in data[-4096:] and b"%%EOF" not in data[-4096:]
    return False


def _is_bmp(data: bytes) -> bool:
    # "BM" alone is two letters of text: the header's size field has few legal values.
    return data.startswith(b"BM") and len(data) >= 26 and data[14] in (12, 40, 52, 56, 64, 108, 124) and data[15] == 0


def _heif_brands(data: bytes) -> set[bytes]:
    size = min(int.from_bytes(data[:4], "big"), 256)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, size - 3, 4)}


def _jpeg_is_cut_short(data: bytes) -> bool:
    # An embedded thumbnail has an end marker of its own, so only one behind the start of scan counts.
    at, fill = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF and fill <= _JPEG_MAX_FILL:
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at, fill = at + 1, fill + 1
            continue
        if marker == 0xDA:
            return data.find(b"\xff\xd9", at) < 0
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return True


def gif_frame_count(data: bytes) -> int:
    """By its blocks: Pillow would decode every frame to count them."""
    return sum(mark == _GIF_FRAME for mark, _at in _gif_blocks(data))


def _gif_is_cut_short(data: bytes) -> bool:
    """Walks the blocks, since the trailer's one byte may stand anywhere by chance."""
    last = deque(_gif_blocks(data), maxlen=1)
    mark, at = last.pop() if last else (0, len(data))
    if at >= len(data):
        return True
    return mark != _GIF_TRAILER and at + 10 >= len(data)  # what no GIF has is for the decoder to say


def _gif_blocks(data: bytes) -> Iterator[tuple[int, int]]:
    """Each block's mark and place; the last one is the trailer, what no GIF has, or the end of the file."""
    at = 13 + _colour_table_size(data[10]) if len(data) >= 13 else len(data)
    while at < len(data):
        mark = data[at]
        yield mark, at
        if mark == _GIF_FRAME and at + 10 < len(data):  # its descriptor, colours and code size
            at += 11 + _colour_table_size(data[at + 9])
        elif mark == _GIF_EXTENSION:
            at += 2
        else:
            return
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    yield 0, at


def _colour_table_size(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _bmp_is_cut_short(data: bytes) -> bool:
    offset, header = struct.unpack_from("<II", data, 10)
    if header < 40 or len(data) < 54:
        return len(data) < offset
    width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
    if compression not in (0, 3):
        return len(data) <= offset
    return len(data) < offset + (abs(width) * bits + 31) // 32 * 4 * abs(height)


def _boxes_are_cut_short(data: bytes) -> bool:
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # up to the end of the file
            return False
        if size < 8:
            return True
        at += size
    return at > len(data)
