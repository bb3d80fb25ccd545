"""Pictures of several levels, one above the other, to look at."""

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from worker.generator.picture import DrawnPicture

_GAP_PX: Final = 8
_NAME_PX: Final = 15
_COLOURS: Final = 64  # enough to look at, and a small file


def contact_sheet(pictures: Sequence[DrawnPicture], *, width_px: int = 800, columns: int = 1) -> bytes:
    """A PNG of some pictures, each under the name of its level, and of its layout if it has several leads.

    Parameters
    ----------
    pictures : sequence of DrawnPicture
    width_px : int
        Of the sheet; pictures share it.
    columns : int
        How many pictures stand beside each other.
    """
    cell_px = (width_px - (columns - 1) * _GAP_PX) // columns
    shown = [_shrunk(picture, cell_px) for picture in pictures]
    lines = [range(first, min(first + columns, len(shown))) for first in range(0, len(shown), columns)]
    heights = [max(shown[number].height for number in line) + _NAME_PX + _GAP_PX for line in lines]
    sheet = Image.new("RGB", (width_px, sum(heights)), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(_NAME_PX - 3)
    top = 0
    for line, height in zip(lines, heights, strict=True):
        for column, number in enumerate(line):
            left = column * (cell_px + _GAP_PX)
            pen.text((left + 2, top), _name(pictures[number]), fill=(40, 40, 40), font=font)
            sheet.paste(shown[number], (left, top + _NAME_PX))
        top += height
    file = io.BytesIO()
    sheet.quantize(min(256, _COLOURS * columns), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _name(picture: DrawnPicture) -> str:
    if picture.kind in ("beat", "strip"):
        return picture.level
    return f"{picture.level}, {'screen' if picture.kind == 'screen' else picture.layout}"


def _shrunk(picture: DrawnPicture, width_px: int) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data)).convert("RGB")
    height = max(1, round(image.height * width_px / image.width))
    return image.resize((width_px, height), Image.Resampling.LANCZOS)
