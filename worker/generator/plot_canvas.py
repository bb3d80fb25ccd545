"""A plotted page as matplotlib draws it; the only module of the generator that needs it."""

from typing import Final

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from worker.generator.fonts import font_of
from worker.generator.page import Text
from worker.generator.paper import MAJOR_EVERY_MM
from worker.generator.plot_page import Plot
from worker.generator.plot_print import BOLD
from worker.generator.plot_style import MM_PER_PT, PLOT_COLOURS, PLOT_INKS, PlotStyle

_MARGIN_PX: Final = 0.01  # else a side of a whole number of pixels may be cut to one less
_LAST_MM: Final = 1e-6  # else a line along the edge may be left out


def plotted(plot: Plot, style: PlotStyle) -> np.ndarray:
    """The page's pixels.

    Parameters
    ----------
    plot : Plot
    style : PlotStyle

    Returns
    -------
    ndarray of float32, shape (height, width, 3)
        From 0 to 255.
    """
    page = plot.page
    size = [(round(side * plot.px_per_mm) + _MARGIN_PX) / plot.dpi for side in (page.width_mm, page.height_mm)]
    with matplotlib.style.context("default"):  # whatever a user has set
        figure = Figure(figsize=(size[0], size[1]), dpi=plot.dpi, facecolor="white")
        canvas = FigureCanvasAgg(figure)
        axes = _axes(figure, plot)
        _ruled(axes, plot, style)
        ink = PLOT_INKS[style.ink]
        for curve in [*(page.curve_mm(row) for row in page.rows), *page.pulses_mm()]:
            axes.plot(*curve.T, color=ink, linewidth=style.trace_pt)
        for stroke in page.strokes:
            axes.plot(*stroke.T, color=ink, linewidth=style.separator_pt)
        for text in page.texts:
            _written(axes, text, plot.px_per_mm)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., :3].astype(np.float32)


def _axes(figure: Figure, plot: Plot) -> Axes:
    """Axes over the part that has lines, in millimetres of the page."""
    (left, top, right, bottom), page = plot.lined_mm, plot.page
    axes = figure.add_axes(
        (
            left / page.width_mm,
            1 - bottom / page.height_mm,
            (right - left) / page.width_mm,
            (bottom - top) / page.height_mm,
        )
    )
    axes.set(xlim=(left, right), ylim=(bottom, top))
    return axes


def _ruled(axes: Axes, plot: Plot, style: PlotStyle) -> None:
    """Lines from the left and the lower edge on, below all else."""
    left, top, right, bottom = plot.lined_mm
    major, minor = (_paler(colour, style.strength) for colour in PLOT_COLOURS[style.colour])
    axes.set(
        xticks=np.arange(left, right + _LAST_MM, MAJOR_EVERY_MM),
        yticks=np.arange(bottom, top - _LAST_MM, -MAJOR_EVERY_MM),
    )
    axes.grid(which="major", color=major, linewidth=style.major_pt)
    if style.minors:
        axes.set_xticks(np.arange(left, right + _LAST_MM), minor=True)
        axes.set_yticks(np.arange(bottom, top - _LAST_MM, -1.0), minor=True)
        axes.grid(which="minor", color=minor, linewidth=style.minor_pt)
    axes.tick_params(which="both", length=0, labelleft=False, labelbottom=False)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(style.framed)


def _paler(colour: str, strength: float) -> tuple[float, ...]:
    return tuple(1.0 - strength * (1.0 - part) for part in to_rgb(colour))


def _written(axes: Axes, text: Text, px_per_mm: float) -> None:
    """Words on the baseline that ``Text`` has."""
    baseline_px = font_of(text.font, text.size_mm * px_per_mm).getbbox("H")[3]
    axes.text(
        text.left_mm,
        text.top_mm + baseline_px / px_per_mm,
        text.words,
        color="black",
        fontsize=text.size_mm / MM_PER_PT,
        fontweight="bold" if text.font == BOLD else "normal",
        fontfamily="DejaVu Sans",
        va="baseline",
        parse_math=False,
    )
