"""PDFs in a process of their own: what comes back, and what does not get out."""

import io
import struct
import sys
import zlib

import pytest
from PIL import Image

from tests.worker.image.test_inspect import code_of, encrypted_pdf, pdf_that_unpacks_to, peak_kib
from worker.errors import EcgError
from worker.image.inspect import MAX_PIXELS
from worker.image.pdf import render_pdf_page
from worker.image.pdf_apart import draw_pdf_page, pdf_look


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
    [(encrypted_pdf(), 0, "encrypted"), (two_pages(), 2, "no_such_page"), (b"%PDF-1.4 %%EOF", 0, "undecodable")],
)
def test_why_a_page_cannot_be_drawn_comes_back(data, page, code):
    with pytest.raises(EcgError) as caught:
        draw_pdf_page(data, page, MAX_PIXELS)
    assert caught.value.code == code


def packed_pdf(unpacked: int) -> bytes:
    """Its objects lie in a compressed stream, behind which millions of spaces follow."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
    ]
    places = [sum(len(part) + 1 for part in parts[:n]) for n in range(3)]
    index = b"".join(b"%d %d " % (n + 1, place) for n, place in enumerate(places))
    packer = zlib.compressobj(9)
    packed = packer.compress(index + b" ".join(parts))
    packed += b"".join(packer.compress(b" " * 1024**2) for _ in range(unpacked // 1024**2)) + packer.flush()
    head = b"/Type /ObjStm /N 3 /First %d /Filter /FlateDecode /Length %d" % (len(index), len(packed))
    body = b"%PDF-1.5\n4 0 obj\n<< " + head + b" >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    rows = [(0, 0, 255), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, 9, 0), (1, len(body), 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    head = b"/Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length %d" % len(table)
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"5 0 obj\n<< " + head + b" >>\nstream\n" + table + end


def test_a_look_says_the_pages_and_the_size_of_the_first():
    assert pdf_look(packed_pdf(0), MAX_PIXELS) == (1, 556, 278)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no limit of memory")
def test_a_document_that_unpacks_to_gigabytes_is_refused_and_harms_nobody():
    bomb = packed_pdf(900 * 1024**2)
    before = peak_kib()
    assert code_of(bomb) == "undecodable"
    assert peak_kib() - before < 32 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no limit of memory")
def test_a_page_that_needs_too_much_memory_ends_alone():
    with pytest.raises(EcgError) as caught:
        draw_pdf_page(pdf_that_unpacks_to(200 * 1024 * 1024), 0, MAX_PIXELS)
    assert caught.value.code == "undecodable"


def test_a_page_that_takes_too_long_ends_alone(monkeypatch):
    monkeypatch.setattr("worker.image.pdf_apart.PATIENCE_S", 0.01)
    with pytest.raises(EcgError) as caught:
        draw_pdf_page(two_pages(), 0, MAX_PIXELS)
    assert caught.value.code == "timeout"
