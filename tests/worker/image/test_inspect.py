import io
import re
import struct
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from worker.errors import EcgError
from worker.image.inspect import MAX_BYTES, MAX_PAGES, inspect_file

RASTERS = {"JPEG": ".jpg", "PNG": ".png", "BMP": ".bmp", "TIFF": ".tif", "WEBP": ".webp", "GIF": ".gif"}


def encoded(image_format: str, size=(120, 80), **options) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, image_format, **options)
    return buffer.getvalue()


def code_of(data: bytes, **options) -> str:
    with pytest.raises(EcgError) as caught:
        inspect_file(data, **options)
    return caught.value.code


def png_header(width: int, height: int) -> bytes:
    """A PNG that only claims its size: a bomb's head."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def encrypted_pdf() -> bytes:
    """One page behind a password: the standard handler with keys that no empty password opens."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"11" * 32 + b"> /U <" + b"22" * 32 + b"> >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    identity = b"[<" + b"00" * 16 + b"> <" + b"00" * 16 + b">]"
    body += b"trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID " + identity + b" >>\n"
    return body + b"startxref\n%d\n%%%%EOF\n" % table


@pytest.mark.parametrize(("image_format", "suffix"), RASTERS.items())
def test_every_accepted_raster_is_known_by_its_own_bytes(image_format, suffix):
    facts = inspect_file(encoded(image_format), filename_suffix=suffix)
    assert (facts.width_px, facts.height_px, facts.pages) == (120, 80, 1)
    assert facts.content_type.startswith("image/")


def test_a_pdf_counts_its_pages_and_says_the_size_at_which_it_is_drawn():
    pages = [Image.new("RGB", (200, 100), "white") for _ in range(3)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=100)
    facts = inspect_file(buffer.getvalue(), claimed_type="application/pdf", filename_suffix=".PDF")
    assert (facts.pages, facts.width_px, facts.height_px) == (3, 400, 200)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_sideways_photograph_has_its_upright_size(image_format):
    exif = Image.Exif()
    exif[0x0112] = 6
    facts = inspect_file(encoded(image_format, exif=exif))
    assert (facts.width_px, facts.height_px) == (80, 120)


def test_pages_of_a_tiff_are_counted():
    frames = [Image.new("L", (64, 64), shade) for shade in (10, 90, 200)]
    assert inspect_file(saved(frames, "TIFF")).pages == 3


def saved(frames: list[Image.Image], image_format: str) -> bytes:
    buffer = io.BytesIO()
    frames[0].save(buffer, image_format, save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def test_too_many_pages_are_refused():
    frames = [Image.new("L", (40, 40), shade * 5) for shade in range(MAX_PAGES + 1)]
    assert code_of(saved(frames, "TIFF")) == "too_many_pages"
    assert code_of(saved(frames, "PDF")) == "too_many_pages"


def test_an_empty_file_is_refused():
    assert code_of(b"") == "empty_file"


@pytest.mark.parametrize("image_format", RASTERS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_cut_short_is_called_truncated(image_format, share):
    whole = encoded(image_format)
    assert code_of(whole[: int(len(whole) * share)]) == "truncated"


def test_a_cut_photograph_is_truncated_although_its_thumbnail_is_whole():
    thumbnail = encoded("JPEG", (40, 30))
    whole = encoded("JPEG", exif=b"Exif\0\0" + thumbnail)
    assert code_of(whole[: int(len(whole) * 0.8)]) == "truncated"


def test_a_cut_pdf_is_truncated():
    whole = encoded("PDF", (900, 600))
    assert code_of(whole[: len(whole) // 2]) == "truncated"


def test_text_is_no_accepted_type_and_a_disguise_is_named():
    assert code_of(b"Dear colleague, please find enclosed") == "unsupported_type"
    assert code_of(b"Dear colleague, please find enclosed", filename_suffix=".png") == "type_mismatch"
    assert code_of(b"MZ\x90\0" + b"\0" * 400, claimed_type="image/jpeg") == "type_mismatch"
    assert code_of(encoded("PNG"), filename_suffix=".pdf") == "type_mismatch"


def test_a_picture_named_as_another_kind_of_picture_is_taken_for_what_it_is():
    assert inspect_file(encoded("PNG"), claimed_type="image/jpeg", filename_suffix=".jpg").content_type == "image/png"
    assert code_of(b"<svg xmlns='http://www.w3.org/2000/svg'/>", claimed_type="image/svg+xml") == "unsupported_type"


def test_a_type_that_claims_nothing_is_not_held_against_a_file():
    assert inspect_file(encoded("PNG"), claimed_type="application/octet-stream", filename_suffix="").pages == 1


def test_a_file_above_25_mb_is_refused_before_anything_is_read():
    assert code_of(b"\xff\xd8\xff" + b"\0" * MAX_BYTES) == "too_large"


@pytest.mark.parametrize("size", [(8000, 5001), (60_000, 60_000), (2_000_000, 30)])
def test_more_than_forty_megapixels_by_the_header_are_refused(size):
    assert code_of(png_header(*size)) == "too_many_pixels"


@pytest.mark.parametrize("size", [(4, 4), (31, 400), (400, 31)])
def test_a_picture_below_32_px_a_side_is_refused(size):
    assert code_of(encoded("PNG", size)) == "too_small"


def test_an_encrypted_pdf_is_named():
    assert code_of(encrypted_pdf(), filename_suffix=".pdf") == "encrypted"


def test_bytes_that_only_begin_like_a_picture_are_undecodable():
    assert code_of(b"\x89PNG\r\n\x1a\n" + b"rubbish" * 30 + b"IEND\xae\x42\x60\x82") == "undecodable"
    assert code_of(b"%PDF-1.4\n" + b"rubbish" * 30 + b"\nstartxref\n9\n%%EOF") == "undecodable"


def peak_kib_of(action) -> int:
    """How much more memory the process takes at its peak, as the system sees it; what C allocates counts too."""
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_kib()
    action()
    return peak_kib() - before


def peak_kib() -> int:
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])


def pdf_that_unpacks_to(size: int) -> bytes:
    part = b"0 0 m 9 9 l S\n" * 1000
    content = zlib.compress(part * (size // len(part)), 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
    ]
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj\n%b\nendobj\n" % row for row in enumerate(objects, 1))
        + (b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n")
    )


def tiff_that_claims(strips: int, order: str = "<") -> bytes:
    tags = [(256, 3, 1, 64), (257, 3, 1, 64), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    tags += [(273, 4, strips, 8), (277, 3, 1, 1), (278, 3, 1, 1), (279, 4, 1, 64)]
    strip_places = struct.pack(f"{order}L", 8) * strips
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}L", 8 + len(strip_places))
    rows = (
        struct.pack(f"{order}HHL", tag, kind, count) + struct.pack(f"{order}H2x" if kind == 3 else f"{order}L", value)
        for tag, kind, count, value in tags
    )
    return head + strip_places + struct.pack(f"{order}H", len(tags)) + b"".join(rows) + b"\0\0\0\0"


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_a_pdf_that_unpacks_to_gigabytes_is_looked_at_without_unpacking_it():
    bomb = pdf_that_unpacks_to(64 * 1024 * 1024)
    assert peak_kib_of(lambda: inspect_file(bomb)) < 32 * 1024


def test_a_jpeg_that_is_padded_without_end_is_not_read_to_its_end():
    whole = encoded("JPEG")
    assert inspect_file(whole[:2] + b"\xff\xff" + whole[2:]).width_px == 120
    assert code_of(whole[:2] + b"\xff" * 100_000 + whole[2:]) == "truncated"


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_that_claims_millions_of_strips_is_refused(order):
    assert code_of(tiff_that_claims(200_000, order)) == "undecodable"


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_the_frames_of_a_gif_are_counted_without_decoding_them():
    frames = [Image.new("P", (4000, 4000), shade) for shade in (1, 2, 3, 4)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=100)
    assert peak_kib_of(lambda: inspect_file(buffer.getvalue())) < 32 * 1024
    assert inspect_file(buffer.getvalue()).pages == 4
