import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from worker.errors import EcgError
from worker.image.decode import Picture, decode_picture, display_jpeg, display_png, thumbnail_png


def two_halves() -> Image.Image:
    """Black above, white below."""
    image = Image.new("RGB", (100, 60), "white")
    image.paste((0, 0, 0), (0, 0, 100, 30))
    return image


def saved(image: Image.Image, image_format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "BMP", "TIFF", "WEBP", "GIF"])
def test_every_raster_becomes_the_same_upright_rgb(image_format):
    picture = decode_picture(saved(two_halves(), image_format))
    assert picture.rgb.shape == (60, 100, 3)
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb[10].mean() < 20
    assert picture.rgb[50].mean() > 235


def test_a_heic_becomes_the_same_upright_rgb():
    """The fixture is 96 by 64 px, black above and white below."""
    picture = decode_picture((Path(__file__).parent / "fixtures" / "tiny.heic").read_bytes())
    assert picture.rgb.shape == (64, 96, 3)
    assert picture.rgb[10].mean() < 20
    assert picture.rgb[50].mean() > 235


def test_a_pdf_page_is_drawn():
    first, second = two_halves(), Image.new("RGB", (100, 60), (0, 0, 255))
    data = saved(first, "PDF", save_all=True, append_images=[second], resolution=100)
    assert decode_picture(data).rgb[20, 100].max() < 20
    assert decode_picture(data, page=1).rgb[20, 100, 2] > 230


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize(("tag", "dark_side"), [(1, "top"), (3, "bottom"), (6, "right"), (8, "left"), (4, "bottom")])
def test_the_exif_orientation_is_applied(tag, dark_side, image_format):
    exif = Image.Exif()
    exif[0x0112] = tag
    rgb = decode_picture(saved(two_halves(), image_format, exif=exif)).rgb
    sides = {"top": rgb[:8], "bottom": rgb[-8:], "left": rgb[:, :8], "right": rgb[:, -8:]}
    assert min(sides, key=lambda side: sides[side].mean()) == dark_side


def test_transparency_is_laid_over_white():
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (20, 20, 30, 30))
    rgb = decode_picture(saved(image, "PNG")).rgb
    assert rgb[0, 0].tolist() == [255, 255, 255]
    assert rgb[25, 25].tolist() == [0, 0, 0]


def test_sixteen_bit_gray_keeps_its_range():
    deep = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    rgb = decode_picture(saved(Image.fromarray(deep), "PNG")).rgb
    assert rgb[0, 0, 0] == 0
    assert 120 < rgb[32, 0, 0] < 136
    assert rgb[-1, -1, 0] == 255


def test_pages_of_a_tiff_are_told_apart():
    frames = [Image.new("L", (64, 64), shade) for shade in (10, 200)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert decode_picture(data, page=1).rgb[0, 0, 0] == 200
    with pytest.raises(EcgError, match="no_such_page"):
        decode_picture(data, page=2)


def test_a_jpeg_with_its_middle_missing_is_refused_with_a_reason():
    data = saved(Image.effect_noise((400, 300), 60), "PNG")
    damaged = data[: len(data) // 3] + data[len(data) // 2 :]
    with pytest.raises(EcgError) as caught:
        decode_picture(damaged)
    assert caught.value.code in ("undecodable", "truncated")


def test_what_is_shown_carries_no_metadata():
    exif = Image.Exif()
    exif[0x010E] = "Doe, Jane"
    picture = decode_picture(saved(two_halves(), "JPEG", exif=exif, comment=b"Doe, Jane"))
    for data in (display_jpeg(picture), display_png(picture), thumbnail_png(picture)):
        assert b"Doe" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


def test_a_thumbnail_fits_its_box_and_small_pictures_stay_as_they_are():
    assert Image.open(io.BytesIO(thumbnail_png(Picture(np.zeros((900, 1600, 3), np.uint8))))).size == (320, 180)
    assert Image.open(io.BytesIO(thumbnail_png(Picture(np.zeros((40, 50, 3), np.uint8))))).size == (50, 40)
