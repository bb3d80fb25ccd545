"""A signal to a picture of ECG paper, with everything that is true about it."""

from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np

from worker.generator.camera import Shot, encoded, lit, sensed, shot_drawn, table_drawn
from worker.generator.ink import INKS
from worker.generator.levels import Level, level_known
from worker.generator.page import GAIN_MM_MV, SPEED_MM_S, Page, StripStyle, beat_page, page_drawn, strip_page
from worker.generator.paper import LINES, Lines, Paper
from worker.generator.truth import DrawnPicture, DrawnRow, Kind, Scene, picture_of
from worker.generator.warp import Warp, held_warp

__all__ = ["DrawnPicture", "DrawnRow", "beat_picture", "strip_picture"]

LEADS: Final = ("II", "MLII", "V1", "V5", "I", "III")
HEADERS: Final = (
    "25 mm/s   10 mm/mV",
    "25mm/s 10mm/mV 0.05-40Hz",
    "RHYTHM STRIP   25 mm/s   10 mm/mV   F 50~ 0.5-35 Hz",
    "Speed 25 mm/sec    Gain 10 mm/mV    HR ---",
)
_BEAT_MARGIN_MM: Final = (0.5, 2.0)
_HIGHEST_MM: Final = 50.0  # a row of 5 mV


@dataclass(frozen=True, slots=True)
class _Look:
    """What is printed on what, and how finely."""

    paper: Paper
    ink: str
    line_mm: float
    px_per_mm: float


def strip_picture(
    signal_mv: np.ndarray,
    fs: float,
    *,
    level: Level | str,
    rng: np.random.Generator,
    lead: str | None = None,
    speed_mm_s: float = SPEED_MM_S,
    gain_mm_mv: float = GAIN_MM_MV,
) -> DrawnPicture:
    """One lead drawn as a strip of ECG paper.

    Parameters
    ----------
    signal_mv : ndarray, shape (n,)
        At least two finite samples.
    fs : float
        Hz.
    level : Level or str
        How hard it is to read, or the name of one in ``levels.toml``.
    rng : numpy.random.Generator
        The same state gives the same picture.
    lead : str, optional
        Name to print, where the level prints one; any without.
    speed_mm_s, gain_mm_mv : float

    Returns
    -------
    DrawnPicture

    Raises
    ------
    ValueError
        If the level is unknown or the signal is not finite and one-dimensional.
    """
    signal_mv, level = _checked(signal_mv), level_known(level)
    look, shot = _look_drawn(level, rng), shot_drawn(level, rng)
    length_mm = signal_mv.size / fs * speed_mm_s
    sway_mm = _sway_mm(shot, length_mm)
    style = StripStyle(
        lead=(lead or str(rng.choice(LEADS))) if rng.random() < level.label else "",
        header=str(rng.choice(HEADERS)) if rng.random() < level.header else "",
        pulse=bool(rng.random() < level.pulse),
        margin_mm=float(rng.uniform(*level.margin_mm)) + _spread_mm(shot, length_mm),
        sway_mm=sway_mm,
        edge_mm=0.0 if shot.table_mm else _edge_mm(shot, length_mm),
    )
    page = strip_page(signal_mv, fs, style, speed_mm_s=speed_mm_s, gain_mm_mv=gain_mm_mv)
    return _taken(page, look, shot, level, rng, kind="strip")


def beat_picture(signal_mv: np.ndarray, fs: float, *, level: Level | str, rng: np.random.Generator) -> DrawnPicture:
    """One beat as a cut-out of ECG paper, without text; parameters and errors as of ``strip_picture``."""
    signal_mv, level = _checked(signal_mv), level_known(level)
    look, shot = _look_drawn(level, rng), shot_drawn(level, rng)
    length_mm = signal_mv.size / fs * SPEED_MM_S
    # The table is cut off with the rest.
    shot = replace(shot, table_mm=0.0)
    margin_mm = float(rng.uniform(*_BEAT_MARGIN_MM)) + _sway_mm(shot, length_mm)
    page = beat_page(signal_mv, fs, margin_mm=margin_mm, edge_mm=_edge_mm(shot, length_mm))
    return _taken(page, look, shot, level, rng, kind="beat")


def _checked(signal_mv: np.ndarray) -> np.ndarray:
    signal_mv = np.asarray(signal_mv, np.float64)
    if signal_mv.ndim != 1 or signal_mv.size < 2 or not np.isfinite(signal_mv).all():
        raise ValueError(f"signal_mv: expected a finite 1-D array of >= 2 samples. Received: shape {signal_mv.shape}")
    return signal_mv


def _look_drawn(level: Level, rng: np.random.Generator) -> _Look:
    lines: Lines = LINES[LINES.index(rng.choice(level.lines))]
    return _Look(
        paper=Paper(str(rng.choice(level.colours)), lines),
        ink=str(rng.choice(level.inks)),
        line_mm=float(rng.uniform(*level.line_mm)),
        px_per_mm=float(rng.uniform(*level.px_per_mm)),
    )


def _sway_mm(shot: Shot, length_mm: float) -> float:
    """How far from level the ends of a row come to lie, so that none is cut off."""
    askew = 0.5 * length_mm * abs(np.sin(np.deg2rad(shot.turn_deg)))
    return float(askew + shot.bend_mm + 0.05 * length_mm * abs(shot.tilt[0]))


def _spread_mm(shot: Shot, length_mm: float) -> float:
    """How much farther out the nearer end of a row comes to lie."""
    return float(0.25 * length_mm * abs(shot.tilt[0]))


def _edge_mm(shot: Shot, length_mm: float) -> float:
    """How much paper lies beyond a picture that shows nothing else."""
    drawn_in = 0.3 * length_mm * max(map(abs, shot.tilt)) + _HIGHEST_MM * abs(np.sin(np.deg2rad(shot.turn_deg)))
    return float(_sway_mm(shot, length_mm) + drawn_in)


def _taken(page: Page, look: _Look, shot: Shot, level: Level, rng: np.random.Generator, *, kind: Kind) -> DrawnPicture:
    px_per_mm = look.px_per_mm
    printed = page_drawn(page, look.paper, INKS[look.ink], line_mm=look.line_mm, px_per_mm=px_per_mm)
    warp, size = _aimed(page, shot, px_per_mm)
    rgb = sensed(lit(warp.applied(printed, size, table_drawn(size, rng)), shot, rng), shot, rng)
    scene = Scene(page, warp, size, px_per_mm, look.line_mm, look.paper)
    settings = {**asdict(look), **asdict(shot)}
    file = encoded(rgb, shot.jpeg_quality)
    return picture_of(scene, file, kind=kind, layout="1x1", level=level.name, settings=settings)


def _aimed(page: Page, shot: Shot, px_per_mm: float) -> tuple[Warp, tuple[int, int]]:
    """The camera's warp, and the picture's width and height in pixels."""
    inset_mm = page.edge_mm - shot.table_mm
    left = inset_mm * px_per_mm
    width, height = ((side - 2 * inset_mm) * px_per_mm for side in (page.width_mm, page.height_mm))
    warp = held_warp(
        (page.width_mm * px_per_mm, page.height_mm * px_per_mm),
        (left, left, width, height),
        turn_deg=shot.turn_deg,
        tilt=shot.tilt,
        bend_px=shot.bend_mm * px_per_mm,
    )
    return warp, (max(1, round(width)), max(1, round(height)))
