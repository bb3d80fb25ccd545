"""Named levels of difficulty: what may happen to a picture, and how much of it."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

LEVELS_FILE: Final = Path(__file__).with_name("levels.toml")

Range = tuple[float, float]
_NONE: Final[Range] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Level:
    """One level: ranges are drawn from evenly, shares are of pictures, words are drawn from with equal chances.

    Parameters
    ----------
    colours, lines, inks : tuple of str
        Keys of ``paper.COLOURS``, kinds of ``paper.LINES``, keys of ``ink.INKS``.
    px_per_mm, line_mm, margin_mm : range
        Resolution, width of the curve's line, room around the curve.
    label, header, pulse : float
        Shares of pictures with the lead's name, a line of text on top, a calibration pulse before the curve.
    turn_deg : range
        Rotation, clockwise.
    tilt : range
        Perspective, across and down each: by how much larger paper is seen a longer side farther on.
    bend_mm : range
        How far bent paper lifts the middle of the curve.
    table, table_mm : float, range
        Share of pictures that show the ground beside the paper, and how much of it.
    blur_px, shake_px : range
        Sigma of a lens out of focus; length of a movement while the shutter is open.
    paper_tone, warmth, light_fall : range
        How light the paper is; how much red it gains and blue it loses; how much light is lost across the picture.
    shadow, shadow_depth : float, range
        Share of pictures with a shadow's edge across, and the share of light that it takes.
    crease, glare : float
        Shares of pictures with one to three folds, with a bright reflection.
    moire, moire_depth : float, range
        Share of pictures with stripes, as of a screen, and their strength.
    noise : range
        Sigma, of 255.
    jpeg_quality : range or None
        None writes a PNG.
    sheet_colours : tuple of str
        Instead of ``colours`` on sheets.
    sheet_px_per_mm, sheet_line_mm, sheet_turn_deg, sheet_tilt, sheet_table_mm : range
    sheet_paper_tone, sheet_blur_px, sheet_noise : range
    sheet_table : float
        Instead of the parameters without ``sheet_``, on sheets and screens.  A share of ``sheet_table`` shows the whole
        page; the others are cut around the curves.
    cut, cut_mm : float, range
        Share of sheets and screens, among those cut around the curves, that lose the ends of curves, and how much of
        them.
    curl_mm : range
        On sheets: how far paper that does not lie flat shifts a point, up and down or aside.
    sharpen : range
        On sheets and screens: how much of what a slight blur would take the camera adds.
    fade : range
        On sheets: how much of the ink is gone where it is palest.
    pen, stamp, punch, staple : float
        Shares of sheets with strokes of a pen, a stamp, two punched holes, a staple.
    hand : float
        Share of sheets and screens with the blurred shadow of fingers or of a phone; ``shadow_depth`` deep.
    screen_moire : float
        Share of screens with stripes; ``screen_moire_depth`` strong.
    screen_moire_depth : range
    """

    name: str
    colours: tuple[str, ...]
    lines: tuple[str, ...]
    inks: tuple[str, ...]
    px_per_mm: Range
    line_mm: Range
    margin_mm: Range
    label: float = 0.0
    header: float = 0.0
    pulse: float = 0.0
    turn_deg: Range = _NONE
    tilt: Range = _NONE
    bend_mm: Range = _NONE
    table: float = 0.0
    table_mm: Range = _NONE
    blur_px: Range = _NONE
    shake_px: Range = _NONE
    paper_tone: Range = (1.0, 1.0)
    warmth: Range = _NONE
    light_fall: Range = _NONE
    shadow: float = 0.0
    shadow_depth: Range = _NONE
    crease: float = 0.0
    glare: float = 0.0
    moire: float = 0.0
    moire_depth: Range = _NONE
    noise: Range = _NONE
    jpeg_quality: Range | None = None
    sheet_colours: tuple[str, ...] = ("pink",)
    sheet_px_per_mm: Range = (4.0, 8.0)
    sheet_line_mm: Range = (0.15, 0.40)
    sheet_turn_deg: Range = _NONE
    sheet_tilt: Range = _NONE
    sheet_table: float = 0.0
    sheet_table_mm: Range = _NONE
    sheet_paper_tone: Range = (1.0, 1.0)
    sheet_blur_px: Range = _NONE
    sheet_noise: Range = _NONE
    sharpen: Range = _NONE
    cut: float = 0.0
    cut_mm: Range = _NONE
    curl_mm: Range = _NONE
    fade: Range = _NONE
    pen: float = 0.0
    stamp: float = 0.0
    punch: float = 0.0
    staple: float = 0.0
    hand: float = 0.0
    screen_moire: float = 0.0
    screen_moire_depth: Range = _NONE


@cache
def levels() -> dict[str, Level]:
    """All levels by name, the easiest first.

    Raises
    ------
    ValueError
        If the file names a parameter that there is not, or a share or range is none.
    """
    tables = tomllib.loads(LEVELS_FILE.read_text())
    return {name: level_of(name, table) for name, table in tables.items()}


def level_named(name: str) -> Level:
    known = levels()
    if name not in known:
        raise ValueError(f"level: expected one of {', '.join(known)}. Received: {name!r}")
    return known[name]


def level_known(level: Level | str) -> Level:
    """A level, or the one of that name."""
    return level_named(level) if isinstance(level, str) else level


def level_of(name: str, table: dict[str, Any]) -> Level:
    """A level from its table; see ``levels``."""
    known = {field.name for field in fields(Level)} - {"name"}
    if unknown := set(table) - known:
        raise ValueError(f"{name}: expected parameters of a level. Received: {', '.join(sorted(unknown))}")
    return Level(name=name, **{key: _value(f"{name}.{key}", given) for key, given in table.items()})


def _value(name: str, given: Any) -> Any:
    if isinstance(given, int | float):
        if not 0 <= given <= 1:
            raise ValueError(f"{name}: expected a share from 0 to 1. Received: {given}")
        return float(given)
    if all(isinstance(word, str) for word in given) and given:
        return tuple(given)
    if len(given) == 2 and given[0] <= given[1]:
        return (float(given[0]), float(given[1]))
    raise ValueError(f"{name}: expected [low, high] or words. Received: {given!r}")
