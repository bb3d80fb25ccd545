"""PDF pages through pdfium, one call at a time: the library is not safe for threads."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium_c
from PIL import Image

from worker.errors import EcgError

RENDER_DPI: Final = 200
_POINTS_PER_INCH: Final = 72
_pdfium = threading.Lock()


def pdf_page_count(data: bytes) -> int:
    with _opened(data) as document:
        return len(document)


def pdf_page_size(data: bytes, page: int, max_pixels: int) -> tuple[int, int]:
    """Width and height in pixels that ``render_pdf_page`` gives for this page.

    The page itself is not loaded: that would unpack all it draws, which can be gigabytes from a small file.
    """
    with _opened(data) as document:
        try:
            width_pt, height_pt = document.get_page_size(page)
        except pypdfium2.PdfiumError as error:
            raise EcgError("undecodable", f"PDF page {page} cannot be found") from error
    scale = _scale(width_pt, height_pt, max_pixels)
    return math.ceil(width_pt * scale), math.ceil(height_pt * scale)  # as pdfium rounds


def render_pdf_page(data: bytes, page: int, max_pixels: int) -> Image.Image:
    """One page on white at 200 dpi, or at fewer where the page is so large that it would exceed ``max_pixels``."""
    with _opened(data) as document:
        opened_page = _page(document, page)
        try:
            width_pt, height_pt = opened_page.get_size()
            bitmap = opened_page.render(scale=_scale(width_pt, height_pt, max_pixels))
            return bitmap.to_pil().convert("RGB")
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise EcgError("undecodable", f"PDF page {page} cannot be drawn") from error


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _open_error(error) from error
        try:
            yield document
        finally:
            document.close()


def _open_error(error: pypdfium2.PdfiumError) -> EcgError:
    if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
        return EcgError("encrypted", "the PDF asks for a password")
    return EcgError("undecodable", "pdfium cannot open the file")


def _page(document: pypdfium2.PdfDocument, page: int) -> pypdfium2.PdfPage:
    if not 0 <= page < len(document):
        raise EcgError("no_such_page", f"expected a page below {len(document)}. Received: {page}")
    try:
        return document[page]
    except pypdfium2.PdfiumError as error:
        raise EcgError("undecodable", f"PDF page {page} cannot be loaded") from error


def _scale(width_pt: float, height_pt: float, max_pixels: int) -> float:
    if width_pt <= 0 or height_pt <= 0:
        raise EcgError("undecodable", "the PDF page has no area")
    at_full = RENDER_DPI / _POINTS_PER_INCH
    return min(at_full, (max_pixels / (width_pt * height_pt)) ** 0.5 * 0.99)
