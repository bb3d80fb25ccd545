"""Several leads to a picture: sheets of paper, and monitors."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Final

import numpy as np

from worker.generator.ink import INKS
from worker.generator.layouts import Layout, layout_drawn, layout_named
from worker.generator.levels import Level, level_known
from worker.generator.marks import Marks, marked, marks_drawn
from worker.generator.page import GAIN_MM_MV, SPEED_MM_S, Page, page_drawn
from worker.generator.paper import LINES, Paper, paper_drawn
from worker.generator.screen import screen_drawn, screen_look_drawn, screen_page
from worker.generator.sheet import sheet_page
from worker.generator.sheet_style import SheetStyle, sheet_style_drawn
from worker.generator.shown import MOST_SECONDS, leads_checked, seconds_shown
from worker.generator.surroundings import patches, screen_stripes
from worker.generator.taking import taken, taking_drawn
from worker.generator.truth import DrawnPicture

_SCREEN_SECONDS: Final = (4.0, MOST_SECONDS)
_MOST_ON_A_SCREEN: Final = 3
_LINE_STRENGTHS: Final = (0.55, 1.4)
_HAZE: Final = 60.0  # room light on a dark screen, for a full fall of light


def sheet_picture(
    leads: Mapping[str, np.ndarray],
    fs: float,
    *,
    level: Level | str,
    rng: np.random.Generator,
    layout: Layout | str | None = None,
    style: SheetStyle | None = None,
    speed_mm_s: float = SPEED_MM_S,
    gain_mm_mv: float = GAIN_MM_MV,
    seconds: float | None = None,
    quarter_turns: int = 0,
) -> DrawnPicture:
    """Several leads drawn as a sheet of ECG paper.

    Parameters
    ----------
    leads : mapping of str to ndarray of shape (n,)
        mV, by lead name; all of one recording.
    fs : float
        Hz.
    level : Level or str
        How hard it is to read, or the name of one in ``levels.toml``.
    rng : numpy.random.Generator
        The same state gives the same picture.
    layout : Layout or str, optional
        Which lead stands where, or a key of ``LAYOUTS``; drawn without.
    style : SheetStyle, optional
        How it is printed; drawn without.
    speed_mm_s, gain_mm_mv : float
    seconds : float, optional
        Shown in all, each column its own part; the whole recording, 10 s at most, without.
    quarter_turns : int
        Clockwise, of the whole picture.

    Returns
    -------
    DrawnPicture

    Raises
    ------
    ValueError
        If the level or layout is unknown, a lead of it is missing, or a signal is too short, not finite or not 1-D.
    """
    leads, level = leads_checked(leads), level_known(level)
    seconds = seconds_shown(leads, fs, seconds)
    if layout is None:
        layout = layout_drawn(leads, rng)
    layout = layout_named(layout) if isinstance(layout, str) else layout
    style = style or sheet_style_drawn(layout, rng)
    paper, ink = _paper_drawn(level, rng)
    taking = taking_drawn(level, rng, quarter_turns)
    page = sheet_page(leads, fs, layout, style, rng, speed_mm_s=speed_mm_s, gain_mm_mv=gain_mm_mv, seconds=seconds)
    marks = marks_drawn(page, level, rng)
    printed = page_drawn(page, paper, INKS[ink], line_mm=taking.line_mm, px_per_mm=taking.px_per_mm)
    printed = _faded(printed, page, paper, float(rng.uniform(*level.fade)), taking.px_per_mm, rng)
    printed = marked(printed, marks, taking.px_per_mm)
    settings = {"paper": asdict(paper), "ink": ink, **asdict(style)}
    return taken(page, printed, taking, rng, paper, marks, kind="sheet", layout=layout.name, settings=settings)


def screen_picture(
    leads: Mapping[str, np.ndarray],
    fs: float,
    *,
    level: Level | str,
    rng: np.random.Generator,
    shown: Sequence[str] | None = None,
    speed_mm_s: float = SPEED_MM_S,
    gain_mm_mv: float = GAIN_MM_MV,
    seconds: float | None = None,
    quarter_turns: int = 0,
) -> DrawnPicture:
    """One to three leads drawn as a monitor shows them; parameters and errors as of ``sheet_picture``.

    ``shown`` names the leads from above; they are drawn without.  ``seconds`` are drawn, too, where none are given.
    """
    leads, level = leads_checked(leads), level_known(level)
    seconds = seconds_shown(leads, fs, float(rng.uniform(*_SCREEN_SECONDS)) if seconds is None else seconds)
    if shown is None:
        count = min(len(leads), int(rng.integers(1, _MOST_ON_A_SCREEN + 1)))
        shown = [str(lead) for lead in rng.choice(sorted(leads), count, replace=False)]
    if not shown or not set(shown) <= set(leads):
        raise ValueError(f"shown: expected some of {', '.join(leads)}. Received: {', '.join(shown) or 'none'}")
    taking = taking_drawn(_screen_level(level), rng, quarter_turns)
    taking = replace(taking, shot=replace(taking.shot, creases=0, bend_mm=0.0))
    page = screen_page(leads, fs, shown, rng, speed_mm_s=speed_mm_s, gain_mm_mv=gain_mm_mv, seconds=seconds)
    look = screen_look_drawn(page, rng)
    shining = screen_drawn(page, look, line_mm=taking.line_mm, px_per_mm=taking.px_per_mm)
    shining = shining + _HAZE * taking.shot.light_fall * float(rng.random())
    if rng.random() < taking.level.screen_moire:
        depth = float(rng.uniform(*taking.level.screen_moire_depth))
        shining = shining * screen_stripes((shining.shape[1], shining.shape[0]), depth, rng)
    settings = asdict(look)
    layout = f"rows-{len(shown)}"
    return taken(page, shining, taking, rng, look.grid, Marks(), kind="screen", layout=layout, settings=settings)


def _faded(
    printed: np.ndarray, page: Page, paper: Paper, most: float, px_per_mm: float, rng: np.random.Generator
) -> np.ndarray:
    """A page whose ink is up to ``most`` paler in some places."""
    bare = paper_drawn(paper, page.width_mm, page.height_mm, px_per_mm)
    return printed + most * patches((printed.shape[1], printed.shape[0]), rng)[..., None] * (bare - printed)


def _screen_level(level: Level) -> Level:
    """A screen shines, and lies flat; its stripes are others than those of paper."""
    return replace(level, sheet_paper_tone=(0.85, 1.1), curl_mm=(0.0, 0.0), moire=0.0)


def _paper_drawn(level: Level, rng: np.random.Generator) -> tuple[Paper, str]:
    lines = LINES[LINES.index(rng.choice(level.lines))]
    colour = str(rng.choice(level.sheet_colours))
    paper = Paper(colour, lines, strength=float(rng.uniform(*_LINE_STRENGTHS)), heavy=bool(rng.random() < 0.25))
    return paper, str(rng.choice(level.inks))
