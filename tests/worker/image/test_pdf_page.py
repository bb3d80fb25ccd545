"""Drawing a page apart: what it takes away, and what it gives back."""

import io
import sys

import pytest
from PIL import Image

from tests.worker.image.test_inspect import encrypted_pdf, pdf_that_unpacks_to
from worker.errors import EcgError
from worker.image.inspect import MAX_PIXELS
from worker.image.pdf import render_pdf_page
from worker.image.pdf_page import draw_pdf_page


def two_pages() -> bytes:
    pages = [Image.new("RGB", (120, 80), colour) for colour in ("white", "red")]
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return buffer.getvalue()


def test_a_page_is_the_same_as_when_it_is_drawn_here():
    apart = draw_pdf_page(two_pages(), 1, MAX_PIXELS)
    here = render_pdf_page(two_pages(), 1, MAX_PIXELS)
    assert apart.size == here.size
    assert apart.tobytes() == here.tobytes()


@pytest.mark.parametrize(
    ("data", "page", "code"),
    [(encrypted_pdf(), 0, "encrypted"), (two_pages(), 2, "undecodable"), (b"%PDF-1.4 %%EOF", 0, "undecodable")],
)
def test_why_a_page_cannot_be_drawn_comes_back(data, page, code):
    with pytest.raises(EcgError) as caught:
        draw_pdf_page(data, page, MAX_PIXELS)
    assert caught.value.code == code


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no limit of memory")
def test_a_page_that_needs_too_much_memory_ends_alone():
    with pytest.raises(EcgError) as caught:
        draw_pdf_page(pdf_that_unpacks_to(200 * 1024 * 1024), 0, MAX_PIXELS)
    assert caught.value.code == "undecodable"


def test_a_page_that_takes_too_long_ends_alone(monkeypatch):
    monkeypatch.setattr("worker.image.pdf_page.PATIENCE_S", 0.01)
    with pytest.raises(EcgError) as caught:
        draw_pdf_page(two_pages(), 0, MAX_PIXELS)
    assert caught.value.code == "timeout"
