"""Charts as an office or a laboratory makes them."""

from collections.abc import Callable
from typing import Any, Final

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

Rng = np.random.Generator


def figure_drawn(draw: Callable[[Any], object], *, inches: tuple[float, float] = (6.0, 4.0), axes: bool = True) -> Any:
    """The pixels of a figure, red-green-blue, on whose one plot ``draw`` drew."""
    figure = Figure(figsize=inches, dpi=90)
    canvas = FigureCanvasAgg(figure)
    plot = figure.add_subplot() if axes else figure.add_axes((0, 0, 1, 1))
    draw(plot)
    if not axes:
        plot.axis("off")
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def bar_chart(rng: Rng) -> np.ndarray:
    count = int(rng.integers(4, 30))
    return figure_drawn(lambda plot: plot.bar(range(count), rng.random(count), width=rng.uniform(0.2, 0.9)))


def stacked_areas(rng: Rng) -> np.ndarray:
    return figure_drawn(lambda plot: plot.stackplot(range(40), np.abs(np.cumsum(rng.normal(0, 1, (3, 40)), axis=1))))


def filled_area(rng: Rng) -> np.ndarray:
    heights = np.cumsum(rng.normal(0, 1, 200))
    return figure_drawn(lambda plot: plot.fill_between(range(200), heights - heights.min(), color="black"))


def scatter_plot(rng: Rng) -> np.ndarray:
    return figure_drawn(lambda plot: plot.scatter(rng.normal(size=150), rng.normal(size=150), s=12))


def pie_chart(rng: Rng) -> np.ndarray:
    return figure_drawn(lambda plot: plot.pie(rng.random(5) + 0.1, labels=list("ABCDE")))


def histogram(rng: Rng) -> np.ndarray:
    kind = str(rng.choice(["bar", "step", "stepfilled"]))
    return figure_drawn(lambda plot: plot.hist(rng.normal(size=600), bins=30, histtype=kind, color="black"))


def box_plot(rng: Rng) -> np.ndarray:
    return figure_drawn(lambda plot: plot.boxplot(rng.normal(size=(40, 7))))


def error_bars(rng: Rng) -> np.ndarray:
    return figure_drawn(lambda plot: plot.errorbar(range(20), rng.random(20), yerr=0.1 * rng.random(20), color="black"))


def heat_map(rng: Rng) -> np.ndarray:
    return figure_drawn(lambda plot: plot.imshow(rng.random((12, 18)), aspect="auto"))


def contours(rng: Rng) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(-3, 3, 80), np.linspace(-3, 3, 80))
    heights = np.sin(x * rng.uniform(0.5, 2)) + np.cos(y * rng.uniform(0.5, 2)) + 0.1 * x * y
    return figure_drawn(lambda plot: plot.contour(x, y, heights, colors="black"))


def several_lines(rng: Rng) -> np.ndarray:
    def draw(plot: Any) -> None:
        for name in ("north", "south", "west"):
            plot.plot(np.cumsum(rng.normal(size=60)), label=name)
        plot.legend()

    return figure_drawn(draw)


def learning_curve(rng: Rng) -> np.ndarray:
    x = np.arange(1, 80)
    values = np.exp(-x * rng.uniform(0.02, 0.1)) + rng.normal(0, 0.02, len(x))
    return figure_drawn(lambda plot: plot.plot(x, values, color="black"))


def bell_curve(rng: Rng) -> np.ndarray:
    x = np.linspace(-4, 4, 300)
    width = rng.uniform(0.1, 1.2)
    return figure_drawn(
        lambda plot: plot.plot(x, np.exp(-0.5 * (x / width) ** 2), color="black"), axes=rng.random() < 0.5
    )


def stem_plot(rng: Rng) -> np.ndarray:
    count = int(rng.integers(8, 40))
    return figure_drawn(lambda plot: plot.vlines(range(count), 0, rng.random(count), color="black") or plot.axhline(0))


def candlesticks(rng: Rng) -> np.ndarray:
    closing = np.cumsum(rng.normal(0, 1, 50)) + 100
    opening, spread = closing + rng.normal(0, 0.8, 50), np.abs(rng.normal(0, 1, 50))

    def draw(plot: Any) -> None:
        low, high = np.minimum(closing, opening), np.maximum(closing, opening)
        plot.vlines(range(50), low - spread, high + spread, color="black", linewidth=0.8)
        plot.bar(
            range(50), high - low, bottom=low, color=np.where(closing > opening, "white", "black"), edgecolor="black"
        )

    return figure_drawn(draw, inches=(9, 3.5))


def share_price(rng: Rng) -> np.ndarray:
    """A real one: daily prices of a share, as matplotlib ships them."""
    prices = _sample("goog.npz")["price_data"]["close"]
    length = int(rng.integers(150, 900))
    start = int(rng.integers(0, len(prices) - length))
    axes = bool(rng.random() < 0.6)
    return figure_drawn(
        lambda plot: plot.plot(prices[start : start + length], color="black", linewidth=1), inches=(8, 3), axes=axes
    )


def share_volume(rng: Rng) -> np.ndarray:
    """Traded volume: spikes of real shares over a busy ground."""
    volumes = _sample("goog.npz")["price_data"]["volume"]
    length = int(rng.integers(80, 500))
    start = int(rng.integers(0, len(volumes) - length))
    axes = bool(rng.random() < 0.6)
    return figure_drawn(
        lambda plot: plot.plot(volumes[start : start + length], color="black", linewidth=1), inches=(8, 3), axes=axes
    )


def brain_waves_shipped(rng: Rng) -> np.ndarray:
    """A real electroencephalogram, one lead or four, as matplotlib ships it."""
    values = np.fromfile(_sample_path("eeg.dat"), dtype=float).reshape(800, 4)
    start = int(rng.integers(0, 300))
    leads = [0] if rng.random() < 0.6 else [0, 1, 2, 3]

    def draw(plot: Any) -> None:
        for row, lead in enumerate(leads):
            plot.plot(values[start : start + 500, lead] / np.ptp(values[:, lead]) - row, color="black", linewidth=1)

    return figure_drawn(draw, inches=(8, 3), axes=bool(rng.random() < 0.5))


def _sample_path(name: str) -> str:
    return f"{matplotlib.get_data_path()}/sample_data/{name}"


def _sample(name: str) -> Any:
    return np.load(_sample_path(name))


CHARTS: Final = (
    bar_chart, stacked_areas, filled_area, scatter_plot, pie_chart, histogram, box_plot, error_bars, heat_map, contours,
    several_lines, learning_curve, bell_curve, stem_plot, candlesticks, share_price, share_volume, brain_waves_shipped,
)  # fmt: skip
