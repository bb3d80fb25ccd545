"""What a file is and how large it would become, without decoding it: cheap enough for the web process.

Only the standard library, Pillow, pi_heif and pypdfium2 are imported here.
"""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import Final

import pi_heif
from PIL import Image

from worker.errors import EcgError
from worker.image.pdf_apart import pdf_look
from worker.image.signatures import (
    ACCEPTED_TYPES,
    BMP,
    GIF,
    HEIC,
    JPEG,
    PDF,
    PNG,
    TIFF,
    TYPE_OF_CLAIM,
    TYPE_OF_SUFFIX,
    WEBP,
    content_type_of,
    gif_frame_count,
    is_cut_short,
)
from worker.image.tiff import MAX_STRIPS, tiff_strip_count

__all__ = ["ACCEPTED_TYPES", "MAX_BYTES", "MAX_PAGES", "MAX_PIXELS", "MIN_SIDE_PX", "FileFacts", "inspect_file"]

MAX_BYTES: Final = 25 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
MAX_PAGES: Final = 20
MIN_SIDE_PX: Final = 32

# A file is opened by the one decoder of its signature; Pillow is never left to guess.
PILLOW_FORMATS: Final[dict[str, tuple[str, ...]]] = {
    JPEG: ("JPEG", "MPO"),
    PNG: ("PNG",),
    BMP: ("BMP",),
    TIFF: ("TIFF",),
    WEBP: ("WEBP",),
    GIF: ("GIF",),
}
# Nearly anything, on hostile bytes; not Exception itself: a time limit that stops the worker is one, too.
DECODER_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
_EXIF_ORIENTATION: Final = 0x0112
_TIFF_OFFSETS_AND_COUNTS: Final = ((273, 279), (324, 325))  # strips, tiles


@dataclass(frozen=True, slots=True)
class FileFacts:
    """``width_px`` and ``height_px`` are of page 1, upright; a PDF's are those at which it is drawn."""

    content_type: str
    pages: int
    width_px: int
    height_px: int


def inspect_file(data: bytes, *, claimed_type: str | None = None, filename_suffix: str | None = None) -> FileFacts:
    """Check a file's own signature, structure and dimensions.

    Parameters
    ----------
    data : bytes
        The whole file.
    claimed_type : str, optional
        The content type that came with the file; compared, never believed.
    filename_suffix : str, optional
        Such as ``".jpg"``; compared, never believed.

    Raises
    ------
    EcgError
        ``empty_file``, ``too_large``, ``unsupported_type``, ``type_mismatch``, ``truncated``, ``encrypted``,
        ``too_many_pages``, ``too_many_pixels``, ``too_small`` or ``undecodable``.
    """
    content_type = checked_type(data, claimed_type=claimed_type, filename_suffix=filename_suffix)
    if content_type == PDF:
        pages, width, height = pdf_look(data, MAX_PIXELS)
        _check_page_count(pages)
    elif content_type == HEIC:
        pages = 1
        width, height = opened_heif(data).size
    else:
        pages, width, height = _raster_facts(data, content_type)
    check_size(width, height)
    return FileFacts(content_type=content_type, pages=pages, width_px=width, height_px=height)


def checked_type(data: bytes, *, claimed_type: str | None = None, filename_suffix: str | None = None) -> str:
    """The content type by signature, where it is accepted, agrees with what was claimed and the file is whole."""
    if not data:
        raise EcgError("empty_file", "expected at least one byte")
    if len(data) > MAX_BYTES:
        raise EcgError("too_large", f"expected at most {MAX_BYTES} bytes. Received: {len(data)}")
    content_type = content_type_of(data)
    claims = _claims(claimed_type, filename_suffix)
    if any(not _agree(claim, content_type) for claim in claims):
        raise EcgError("type_mismatch", f"expected {sorted(claims)}. Received: {content_type or 'another type'}")
    if content_type is None:
        raise EcgError("unsupported_type", f"expected one of {', '.join(ACCEPTED_TYPES)}")
    if is_cut_short(data, content_type):
        raise EcgError("truncated", f"the {content_type} ends before its end mark")
    return content_type


def check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise EcgError("too_many_pixels", f"expected at most {MAX_PIXELS} pixels. Received: {width} x {height}")
    if min(width, height) < MIN_SIDE_PX:
        raise EcgError("too_small", f"expected at least {MIN_SIDE_PX} px a side. Received: {width} x {height}")


def opened_raster(data: bytes, content_type: str) -> Image.Image:
    """A Pillow image of which only the header was read."""
    if content_type == TIFF and (strips := tiff_strip_count(data, pages=MAX_PAGES + 1)) > MAX_STRIPS:
        raise EcgError("undecodable", f"expected at most {MAX_STRIPS} strips. Received: {strips}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's bomb warning starts above our own limit
            return Image.open(io.BytesIO(data), formats=PILLOW_FORMATS[content_type])
    except Image.DecompressionBombError as error:
        raise EcgError("too_many_pixels", f"expected at most {MAX_PIXELS} pixels") from error
    except DECODER_FAULTS as error:
        raise EcgError("undecodable", f"the {content_type} header cannot be read") from error


def opened_heif(data: bytes) -> pi_heif.HeifFile:
    try:
        return pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)
    except DECODER_FAULTS as error:
        raise EcgError("undecodable", "the HEIC header cannot be read") from error


def orientation(image: Image.Image) -> int:
    """The EXIF orientation that is still to be applied, 1 to 8.

    A PNG's is taken only from before its pixels, since reading on would decode it; Pillow turns a TIFF itself.
    """
    if image.format == "TIFF":
        return 1
    try:
        exif = Image.Exif()
        if image.format == "PNG":
            exif.load(image.info.get("exif", b""))
        else:
            exif = image.getexif()
        found = exif.get(_EXIF_ORIENTATION, 1)
    except DECODER_FAULTS:  # broken EXIF is common, and no reason to refuse a picture
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _agree(claim: str, content_type: str | None) -> bool:
    """Whether the file is what it says. Phones and mail programs name one kind of picture as another: no disguise."""
    return claim == content_type or (content_type is not None and PDF not in (claim, content_type))


def _claims(claimed_type: str | None, filename_suffix: str | None) -> set[str]:
    by_type = TYPE_OF_CLAIM.get((claimed_type or "").split(";")[0].strip().lower())
    by_suffix = TYPE_OF_SUFFIX.get((filename_suffix or "").strip().lower())
    return {claim for claim in (by_type, by_suffix) if claim}


def _raster_facts(data: bytes, content_type: str) -> tuple[int, int, int]:
    image = opened_raster(data, content_type)
    width, height = image.size
    check_size(width, height)
    if content_type == TIFF and _tiff_is_cut_short(image, len(data)):
        raise EcgError("truncated", "the TIFF's pixels lie behind the end of the file")
    if orientation(image) >= 5:
        width, height = height, width
    pages = 1
    if content_type == TIFF:
        pages = _frame_count(image)
    elif content_type == GIF:
        pages = gif_frame_count(data)
    _check_page_count(pages)
    return pages, width, height


def _check_page_count(pages: int) -> None:
    if pages > MAX_PAGES:
        raise EcgError("too_many_pages", f"expected at most {MAX_PAGES} pages. Received: {pages}")
    if pages < 1:
        raise EcgError("undecodable", "the document has no page")


def _frame_count(image: Image.Image) -> int:
    # Counted by seeking, so that a file of a million frames is not walked to its end.
    for page in range(MAX_PAGES + 1):
        try:
            image.seek(page)
        except EOFError:
            image.seek(0)
            return page
        except DECODER_FAULTS as error:
            raise EcgError("undecodable", f"page {page} cannot be found") from error
    return MAX_PAGES + 1


def _tiff_is_cut_short(image: Image.Image, length: int) -> bool:
    tags = getattr(image, "tag_v2", {})
    for offsets_tag, counts_tag in _TIFF_OFFSETS_AND_COUNTS:
        offsets, counts = tags.get(offsets_tag), tags.get(counts_tag)
        if offsets and counts and any(at + count > length for at, count in zip(offsets, counts, strict=False)):
            return True
    return False
