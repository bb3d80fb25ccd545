"""Several leads to a picture of a page that another program plotted, with matplotlib."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

import numpy as np

from worker.generator.layouts import Layout, layout_named
from worker.generator.levels import Level, level_known
from worker.generator.marks import marked, marks_drawn
from worker.generator.page import GAIN_MM_MV, SPEED_MM_S
from worker.generator.plot_page import Plot, plot_page
from worker.generator.plot_style import MM_PER_PT, PlotStyle, plot_layout_drawn, plot_style_drawn
from worker.generator.shown import leads_checked, seconds_shown
from worker.generator.taking import taken, taking_drawn
from worker.generator.truth import DrawnPicture


def plot_picture(
    leads: Mapping[str, np.ndarray],
    fs: float,
    *,
    level: Level | str,
    rng: np.random.Generator,
    layout: Layout | str | None = None,
    style: PlotStyle | None = None,
    speed_mm_s: float = SPEED_MM_S,
    gain_mm_mv: float = GAIN_MM_MV,
    seconds: float | None = None,
) -> DrawnPicture:
    """Twelve leads as a program plots them, on a page that is always shown whole.

    The resolution is that of the plot, at every level; what else happens to the page is the level's.

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
    style : PlotStyle, optional
        How it is plotted; drawn without.
    speed_mm_s, gain_mm_mv : float
    seconds : float, optional
        Shown in all, each column its own part; the whole recording, 10 s at most, without.

    Returns
    -------
    DrawnPicture

    Raises
    ------
    ModuleNotFoundError
        If matplotlib is not installed.
    ValueError
        If the level or layout is unknown, a lead of it is missing, or a signal is too short, not finite or not 1-D.
    """
    plotted = _plotter()
    leads, level = leads_checked(leads), level_known(level)
    seconds = seconds_shown(leads, fs, seconds)
    layout = layout_named(layout) if isinstance(layout, str) else layout or plot_layout_drawn(rng)
    style = style or plot_style_drawn(layout, rng)
    plot = plot_page(leads, fs, layout, style, rng, speed_mm_s=speed_mm_s, gain_mm_mv=gain_mm_mv, seconds=seconds)
    taking = replace(taking_drawn(level, rng, 0), px_per_mm=plot.px_per_mm, line_mm=style.trace_pt * MM_PER_PT)
    marks = marks_drawn(plot.page, level, rng)
    printed = marked(plotted(plot, style), marks, plot.px_per_mm)
    settings = asdict(style) | {"dpi": plot.dpi}
    return taken(
        plot.page, printed, taking, rng, None, marks, kind="plot", layout=layout.name, settings=settings, whole=True
    )


def _plotter() -> Callable[[Plot, PlotStyle], np.ndarray]:
    # A worker has no matplotlib, and needs none for other pictures.
    try:
        from worker.generator.plot_canvas import plotted
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        message = "plot: expected matplotlib, which plots these pages (requirements.txt). Received: none installed"
        raise ModuleNotFoundError(message, name=error.name) from error
    return plotted
