"""A file's bytes to an upright RGB picture, and back to clean files for the eye."""

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from worker.errors import EcgError
from worker.image.inspect import (
    DECODER_FAULTS,
    MAX_PIXELS,
    check_size,
    checked_type,
    opened_heif,
    opened_raster,
    orientation,
)
from worker.image.pdf_apart import draw_pdf_page
from worker.image.signatures import HEIC, PDF

_BAND_PX: Final = 256
_TRANSPOSE: Final[dict[int, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """``rgb`` is uint8 ``[height, width, 3]``, upright, with any transparency laid over white."""

    rgb: np.ndarray

    @property
    def width_px(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height_px(self) -> int:
        return int(self.rgb.shape[0])


def decode_picture(data: bytes, *, page: int = 0) -> Picture:
    """Decode one page of a picture file.

    Parameters
    ----------
    data : bytes
        A JPEG, PNG, BMP, TIFF, WebP, GIF, HEIC or PDF.
    page : int
        Which page of a PDF, TIFF or GIF, from 0.

    Returns
    -------
    Picture
        With its EXIF orientation applied.  A PDF page is drawn at 200 dpi, within ``MAX_PIXELS``.

    Raises
    ------
    EcgError
        As ``inspect_file``, and ``truncated``, ``undecodable`` or ``no_such_page`` where only decoding could tell.
    """
    content_type = checked_type(data)
    if content_type == PDF:
        image = draw_pdf_page(data, page, MAX_PIXELS)
        check_size(*image.size)
    elif content_type == HEIC:
        image = _decoded_heif(data)
    else:
        image = _decoded_raster(data, content_type, page)
    return Picture(_pixels(image))


def display_jpeg(picture: Picture, quality: int = 90) -> bytes:
    """The upright picture as a JPEG without any metadata."""
    return _encoded(Image.fromarray(picture.rgb), "JPEG", quality=quality)


def display_png(picture: Picture) -> bytes:
    """The upright picture as a PNG without any metadata."""
    return _encoded(Image.fromarray(picture.rgb), "PNG")


def thumbnail_png(picture: Picture, width: int = 320) -> bytes:
    """A small PNG of at most ``width`` × ``width`` px, without any metadata; small pictures are not enlarged."""
    image = Image.fromarray(picture.rgb)
    image.thumbnail((width, width), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _encoded(image, "PNG", optimize=True)


def _decoded_heif(data: bytes) -> Image.Image:
    heif = opened_heif(data)
    check_size(*heif.size)
    try:
        # libheif has turned the picture already; the EXIF tag, where there is one, repeats that.
        return heif.to_pillow()
    except DECODER_FAULTS as error:
        raise EcgError("undecodable", "the HEIC pixels cannot be decoded") from error


def _decoded_raster(data: bytes, content_type: str, page: int) -> Image.Image:
    image = opened_raster(data, content_type)
    try:
        if page:
            image.seek(page)
    except EOFError as error:
        raise EcgError("no_such_page", f"there is no page {page}") from error
    except (ValueError, OSError) as error:
        raise EcgError("undecodable", f"page {page} cannot be found") from error
    check_size(*image.size)
    turn = orientation(image)
    try:
        image.load()
    except DECODER_FAULTS as error:
        cut_short = "truncated" in str(error) or "incomplete" in str(error)
        raise EcgError("truncated" if cut_short else "undecodable", f"the {content_type} pixels end early") from error
    return image.transpose(_TRANSPOSE[turn]) if turn in _TRANSPOSE else image


def _pixels(image: Image.Image) -> np.ndarray:
    """In bands, since Pillow makes several copies of what it hands over."""
    image = _deep_gray(image) if image.mode.startswith("I") or image.mode == "F" else image
    width, height = image.size
    rgb = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _BAND_PX):
        bottom = min(top + _BAND_PX, height)
        rgb[top:bottom] = np.asarray(_over_white(image.crop((0, top, width, bottom))))
    return rgb


def _over_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def _deep_gray(image: Image.Image) -> Image.Image:
    # Pillow clips 16-bit and float gray to 255; scanners mean the whole range.
    values = np.asarray(image, dtype=np.float32)
    values = np.nan_to_num(values, nan=0.0, posinf=65535.0, neginf=0.0)
    top = 65535.0 if image.mode.startswith("I;16") or values.max(initial=0.0) > 255 else 255.0
    if image.mode == "F" and values.max(initial=0.0) <= 1.0:
        top = 1.0
    return Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8))


def _encoded(image: Image.Image, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()
