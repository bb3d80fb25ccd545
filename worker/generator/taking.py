"""How a picture of a printed page, or of a monitor, is taken: from the page's pixels to the file and its truth."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from worker.generator.aim import aimed, outline_px
from worker.generator.camera import Shot, encoded, lit, sensed, sharpened, shot_drawn
from worker.generator.levels import Level
from worker.generator.marks import Marks
from worker.generator.page import Page
from worker.generator.paper import Paper
from worker.generator.surroundings import frame_drawn, ground_drawn, hand_shadow, under_page
from worker.generator.truth import DrawnPicture, Kind, Scene, picture_of, turned_pixels


@dataclass(frozen=True, slots=True)
class Taking:
    """What a picture of a page depends on besides the page."""

    shot: Shot
    level: Level
    px_per_mm: float
    line_mm: float
    quarter_turns: int


def taking_drawn(level: Level, rng: np.random.Generator, quarter_turns: int) -> Taking:
    """One drawing from a level's ranges for sheets."""
    level = replace(
        level,
        turn_deg=level.sheet_turn_deg,
        tilt=level.sheet_tilt,
        table=1.0,
        table_mm=level.sheet_table_mm,
        paper_tone=level.sheet_paper_tone,
        blur_px=level.sheet_blur_px,
        noise=level.sheet_noise,
    )
    px_per_mm, line_mm = float(rng.uniform(*level.sheet_px_per_mm)), float(rng.uniform(*level.sheet_line_mm))
    return Taking(shot_drawn(level, rng), level, px_per_mm, line_mm, quarter_turns)


def taken(
    page: Page,
    printed: np.ndarray,
    taking: Taking,
    rng: np.random.Generator,
    paper: Paper | None,
    marks: Marks,
    *,
    kind: Kind,
    layout: str,
    settings: dict[str, Any],
    whole: bool | None = None,
) -> DrawnPicture:
    """The picture of a page.

    Parameters
    ----------
    page : Page
    printed : ndarray of float32, shape (height, width, 3)
        Its pixels, from 0 to 255.
    taking : Taking
    rng : numpy.random.Generator
    paper : Paper or None
    marks : Marks
        That are in the pixels already.
    kind : str
    layout : str
    settings : dict
        Are added to.
    whole : bool, optional
        Whether the picture shows the page to its edges; as often as the level has it without.
    """
    level, shot, px_per_mm = taking.level, taking.shot, taking.px_per_mm
    if whole is None:
        whole = bool(rng.random() < level.sheet_table)
    warp, size = aimed(page, shot, level, px_per_mm, rng, whole=whole)
    if kind == "screen":
        ground = frame_drawn(size, rng)
    else:
        ground = under_page(ground_drawn(size, rng), warp.forward(outline_px(page, px_per_mm)), rng)
    pixels = warp.applied(printed, size, ground)
    if rng.random() < level.hand:
        pixels = pixels * hand_shadow(size, float(rng.uniform(*level.shadow_depth)) or 0.2, rng)[..., None]
    rgb = sharpened(sensed(lit(pixels, shot, rng), shot, rng), float(rng.uniform(*level.sharpen)))
    scene = Scene(page, warp, size, px_per_mm, taking.line_mm, paper, marks, taking.quarter_turns % 4)
    file = encoded(turned_pixels(rgb, scene.quarter_turns), shot.jpeg_quality)
    settings |= {"px_per_mm": px_per_mm, "line_mm": taking.line_mm, "whole": whole, **asdict(shot)}
    return picture_of(scene, file, kind=kind, layout=layout, level=level.name, settings=settings)
