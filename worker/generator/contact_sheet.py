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
    sheet = tiled([(_name(picture), _opened(picture)) for picture in pictures], width_px=width_px, columns=columns)
    file = io.BytesIO()
    sheet.quantize(min(256, _COLOURS * columns), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def tiled(named: Sequence[tuple[str, Image.Image]], *, width_px: int, columns: int) -> Image.Image:
    """Images on one, each under its name and as wide as its column.

    Parameters
    ----------
    named : sequence of (str, Image)
        From the upper left.
    width_px : int
        Of the whole.
    columns : int
    """
    cell_px = (width_px - (columns - 1) * _GAP_PX) // columns
    shown = [_shrunk(image, cell_px) for _, image in named]
    lines = [range(first, min(first + columns, len(shown))) for first in range(0, len(shown), columns)]
    heights = [max(shown[number].height for number in line) + _NAME_PX + _GAP_PX for line in lines]
    sheet = Image.new("RGB", (width_px, max(1, sum(heights))), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(_NAME_PX - 3)
    top = 0
    for line, height in zip(lines, heights, strict=True):
        for column, number in enumerate(line):
            left = column * (cell_px + _GAP_PX)
            pen.text((left + 2, top), named[number][0], fill=(40, 40, 40), font=font)
            sheet.paste(shown[number], (left, top + _NAME_PX))
        top += height
    return sheet


def _name(picture: DrawnPicture) -> str:
    if picture.kind in ("beat", "strip"):
        return picture.level
    return f"{picture.level}, {'screen' if picture.kind == 'screen' else picture.layout}"


def _opened(picture: DrawnPicture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data)).convert("RGB")


def _shrunk(image: Image.Image, width_px: int) -> Image.Image:
    height = max(1, round(image.height * width_px / image.width))
    return image.resize((width_px, height), Image.Resampling.LANCZOS)
