"""Plots of a run and of an artifact's figures, as small SVG files that are the same for the same figures."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from worker.ecg.annotations import AAMI_CLASSES
from worker.model.manifest_rows import PEAKS_TITLES

PLOTS_NAME: Final = "plots"
INK: Final = "#1d2733"
BLUE: Final = "#1f6fb2"
ORANGE: Final = "#c8641b"
# Without these, matplotlib writes the date and random names into the file.
_STEADY: Final[dict[Any, Any]] = {"svg.hashsalt": "beatline", "svg.fonttype": "none", "font.size": 9}

_READINGS: Final = {"crop": "single beats", "strip10": "strips of 10 s", "whole": "whole recordings"}


@contextmanager
def _plot(path: Path, size: tuple[float, float], columns: int = 1) -> Iterator[Any]:
    """The axes of a figure that is written when they are drawn."""
    with matplotlib.rc_context(_STEADY):
        figure = Figure(figsize=size, layout="constrained")
        yield figure.subplots(1, columns)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None, "Creator": None})


def figures_plotted(metrics: dict[str, Any], folder: Path) -> None:
    """Every plot of a manifest's figures: the readings' confusions and records, and what confidence is worth."""
    for reading, words in _READINGS.items():
        for peaks, figures in metrics.get("ds2", {}).get(reading, {}).items():
            name, named = f"{reading}-{peaks}.svg", f"DS2, {words}, {PEAKS_TITLES[peaks]}"
            confusion_plot(figures["confusion"], folder / f"confusion-{name}", named)
            records_plot(figures["per_record"], folder / f"records-{name}", named)
    for name, found in (("ds2", metrics), ("held-out", metrics.get("held_out", {}))):
        trust = found.get("calibration", {})
        if "reliability" in trust:
            reliability_plot(trust["reliability"], folder / f"reliability-{name}.svg", f"Reliability, {name}")
            curve = trust["risk_coverage"]
            risk_coverage_plot(curve, folder / f"risk-coverage-{name}.svg", f"Risk, {name}", trust["sure_share"])


def epochs_plot(log: Path, path: Path) -> None:
    """Every figure of a run's ``epochs.csv`` over the epochs."""
    with log.open() as file:
        rows = list(csv.DictReader(file))
    # Keras's logger keeps columns for validation figures, and fills them with NA where there are none.
    names = [name for name, value in rows[0].items() if name != "epoch" and value != "NA"] if rows else []
    with _plot(path, (3.2 * max(len(names), 1), 2.6), max(len(names), 1)) as axes:
        for name, place in zip(names, np.atleast_1d(axes), strict=False):
            place.plot([int(row["epoch"]) + 1 for row in rows], [float(row[name]) for row in rows], color=BLUE)
            place.set(title=name, xlabel="epoch")
            place.xaxis.get_major_locator().set_params(integer=True)


def confusion_plot(confusion: Sequence[Sequence[int]], path: Path, title: str) -> None:
    """A confusion matrix: shares of each annotated class, and the beats."""
    counts = np.array(confusion)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with _plot(path, (4.2, 3.2)) as axes:
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        axes.set(title=title, xlabel="answer", ylabel="annotated")
        axes.set_xticks(range(len(AAMI_CLASSES)), AAMI_CLASSES)
        axes.set_yticks(range(len(AAMI_CLASSES)), AAMI_CLASSES)
        for row, column in np.ndindex(counts.shape):
            colour = "white" if shares[row, column] > 0.5 else INK
            axes.text(column, row, f"{counts[row, column]:,}", ha="center", va="center", color=colour, fontsize=7)


def records_plot(per_record: dict[str, dict[str, Any]], path: Path, title: str) -> None:
    """Accuracy of each record, the lowest first."""
    names = sorted(per_record, key=lambda name: per_record[name]["accuracy"])
    values = [per_record[name]["accuracy"] for name in names]
    with _plot(path, (6.4, 2.6)) as axes:
        axes.bar(names, values, color=BLUE)
        axes.set(title=title, ylabel="accuracy", ylim=(0, 1))
        axes.tick_params(axis="x", rotation=90)


def reliability_plot(reliability: dict[str, list[dict[str, float]]], path: Path, title: str) -> None:
    """Share of right answers over confidence, before and after the temperature."""
    with _plot(path, (3.6, 3.4)) as axes:
        axes.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=":")
        for name, colour, marker in (("before", ORANGE, "o"), ("after", BLUE, "s")):
            bins = reliability[name]
            confidences, accuracies = [part["confidence"] for part in bins], [part["accuracy"] for part in bins]
            axes.plot(confidences, accuracies, color=colour, marker=marker, markersize=3, label=name)
        _unit_square(axes, title, "confidence", "right answers")
        axes.legend(frameon=False)


def risk_coverage_plot(curve: dict[str, Any], path: Path, title: str, sure_share: float | None = None) -> None:
    """Share of wrong answers among those given, over the share that is given."""
    points = curve["points"]
    with _plot(path, (3.8, 3.0)) as axes:
        axes.plot([point["coverage"] for point in points], [point["risk"] for point in points], color=BLUE)
        if sure_share is not None:
            axes.axvline(sure_share, color=ORANGE, linewidth=0.9, label="at the threshold")
            axes.legend(frameon=False)
        axes.set(title=title, xlabel="beats answered", ylabel="wrong among them", xlim=(0, 1))
        axes.set_ylim(bottom=0)


def _unit_square(axes: Axes, title: str, across: str, up: str) -> None:
    axes.set(title=title, xlabel=across, ylabel=up, xlim=(0, 1), ylim=(0, 1))
