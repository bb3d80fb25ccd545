"""Pictures of several levels, one above the other, to look at."""

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from worker.generator.picture import DrawnPicture

_GAP_PX: Final = 8
_NAME_PX: Final = 15
_COLOURS: Final = 64  # enough to look at, and a small file


def contact_sheet(pictures: Sequence[DrawnPicture], *, width_px: int = 800) -> bytes:
    """A PNG of some pictures, each under the name of its level.

    Parameters
    ----------
    pictures : sequence of DrawnPicture
    width_px : int
        Of the sheet, and of each picture on it.
    """
    shown = [_shrunk(picture, width_px) for picture in pictures]
    height = sum(image.height + _NAME_PX + _GAP_PX for image in shown)
    sheet = Image.new("RGB", (width_px, height), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(_NAME_PX - 3)
    top = 0
    for picture, image in zip(pictures, shown, strict=True):
        pen.text((2, top), picture.level, fill=(40, 40, 40), font=font)
        sheet.paste(image, (0, top + _NAME_PX))
        top += image.height + _NAME_PX + _GAP_PX
    file = io.BytesIO()
    sheet.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _shrunk(picture: DrawnPicture, width_px: int) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data)).convert("RGB")
    height = max(1, round(image.height * width_px / image.width))
    return image.resize((width_px, height), Image.Resampling.LANCZOS)
