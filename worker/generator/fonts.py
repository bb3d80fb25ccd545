"""Typefaces for printed text: Pillow's own, and those that matplotlib brings where it is installed."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont

DEFAULT_FONT: Final = ""
FONTS: Final = (
    DEFAULT_FONT,
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSansMono",
    "DejaVuSansMono-Bold",
    "DejaVuSerif",
    "STIXGeneral",
    "DejaVuSans-Oblique",
    "DejaVuSerif-Bold",
    "STIXGeneralBol",
    "cmss10",
    "cmtt10",
)
_SMALLEST_PX: Final = 6.0


def font_of(name: str, size_px: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font by its name of ``FONTS``; Pillow's own where the file is not installed."""
    return _loaded(name, max(_SMALLEST_PX, size_px))


@cache
def _folder() -> Path | None:
    # Looked for, not imported: a worker has no matplotlib, and needs none for its own pictures.
    spec = find_spec("matplotlib")
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _file(name: str) -> Path | None:
    folder = _folder()
    file = None if folder is None or not name else folder / f"{name}.ttf"
    return file if file is not None and file.is_file() else None


def _loaded(name: str, size_px: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    file = _file(name)
    return ImageFont.load_default(size_px) if file is None else ImageFont.truetype(str(file), size_px)
