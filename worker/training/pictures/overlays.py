"""What was read of a picture, drawn over it, to look at."""

import colorsys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from worker.errors import EcgError
from worker.generator.contact_sheet import tiled
from worker.image.decode import Picture, decode_picture
from worker.image.inspect import inspect_file
from worker.image.read import read_picture
from worker.image.reading import LeadReading, Reading

ENDINGS: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif", ".heic", ".heif", ".pdf"}
)
_COLUMNS: Final = 2
_CELL_PX: Final = 1000
_PAGE, _GRID, _PEAK = (30, 90, 255), (0, 160, 130), (230, 0, 120)
_PALE: Final = 0.45  # how much white is laid over the picture
_STEP: Final = 0.381966  # of the colour circle, so that neighbours differ


def folder_overlays(folder: Path) -> Image.Image:
    """Every picture of a folder with what is read of it.

    Raises
    ------
    FileNotFoundError
        If there is no picture.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    if not paths:
        raise FileNotFoundError(f"No picture in {folder}.")
    return overlays_tiled([_file_overlay(path) for path in paths])


def overlays_tiled(named: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """Overlays on one image, each under its words."""
    return tiled(named, width_px=_COLUMNS * _CELL_PX, columns=_COLUMNS)


def _file_overlay(path: Path) -> tuple[str, Image.Image]:
    try:
        data = path.read_bytes()
        inspect_file(data, filename_suffix=path.suffix)
        picture = decode_picture(data)
    except EcgError as error:
        return f"{path.name}: {error}", Image.new("RGB", (_CELL_PX, _CELL_PX // 10), "white")
    end = read_or_error(picture)
    return f"{path.name}: {said_of(end)}", overlay(picture, end)


def read_or_error(picture: Picture) -> Reading | EcgError:
    """A picture as the worker reads it, or why it does not."""
    try:
        return read_picture(picture)
    except EcgError as error:
        return error


def said_of(end: Reading | EcgError) -> str:
    """A reading in one line, or the reason why there is none."""
    if isinstance(end, EcgError):
        return str(end)
    speed = "no time" if end.speed_mm_s is None else f"{end.speed_mm_s:g} mm/s {end.speed_source}"
    gain = "no voltage" if end.gain_mm_mv is None else f"{end.gain_mm_mv:g} mm/mV {end.gain_source}"
    turned = f", turned by {90 * end.quarter_turns} deg" if end.quarter_turns else ""
    return f"{end.kind} {end.layout}, {speed}, {gain}, quality {end.quality}{turned}"


def overlay(picture: Picture, end: Reading | EcgError) -> Image.Image:
    """The page's outline, its grid, the curves with their names, and the R peaks over a paler picture.

    Parameters
    ----------
    picture : Picture
    end : Reading or EcgError
        The picture alone is shown where there is no reading.
    """
    scale = _CELL_PX / picture.width_px
    image = Image.fromarray(picture.rgb).resize(
        (_CELL_PX, max(1, round(picture.height_px * scale))), Image.Resampling.LANCZOS
    )
    if isinstance(end, EcgError):
        return image
    image = Image.blend(image, Image.new("RGB", image.size, "white"), _PALE)
    pen = ImageDraw.Draw(image)
    for line in end.grid_px:
        pen.line(_points(line, scale), fill=_GRID, width=1)
    pen.polygon(_points(end.page_px, scale), outline=_PAGE, width=3)
    for number, lead in enumerate(end.leads):
        _draw_lead(pen, lead, _colour(number), scale, answers=number in end.answering)
    return image


def _draw_lead(
    pen: ImageDraw.ImageDraw, lead: LeadReading, colour: tuple[int, int, int], scale: float, *, answers: bool
) -> None:
    for part in np.split(np.arange(lead.gap.size), np.flatnonzero(np.diff(lead.gap)) + 1):
        if part.size > 1 and not lead.gap[part[0]]:
            pen.line(_points(lead.at_px[part], scale), fill=colour, width=2)
    for x, y in _points(lead.r_peaks_px, scale):
        pen.ellipse((x - 3, y - 3, x + 3, y + 3), outline=_PEAK, width=2)
    at = lead.at_px[0] * scale
    name = f"{lead.lead or '?'}{'*' if answers else ''} {lead.quality}"
    pen.text((at[0], at[1] - 22), name, fill=colour, font=ImageFont.load_default(15))


def _colour(number: int) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(number * _STEP % 1.0, 1.0, 0.8)
    return round(255 * red), round(255 * green), round(255 * blue)


def _points(xy: np.ndarray, scale: float) -> list[tuple[float, float]]:
    return [(float(x) * scale, float(y) * scale) for x, y in xy]
