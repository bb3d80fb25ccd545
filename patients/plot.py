"""From figures over time to a drawing: places in percent, so that one SVG fits a phone and a wide screen.

The page's policy forbids inline styles, and a ``viewBox`` would shrink the words with the drawing; percentages do
neither, and need no script.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from patients.models import Patient
from patients.series import Point, Series, timeline_series
from portal.accounts.actor import Actor

MAX_POINTS: Final = 200
ENOUGH: Final = 2
_INSET: Final = 3.0  # percent: a dot on the edge is still whole


@dataclass(frozen=True, slots=True)
class Tick:
    percent: str
    value: Any


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    at: datetime
    value: float
    url: str


@dataclass(frozen=True, slots=True)
class Panel:
    name: str
    label: Any
    unit: Any
    dots: list[Dot]
    y_ticks: list[Tick]
    older_left_out: bool

    @property
    def lines(self) -> list[tuple[Dot, Dot]]:
        return list(zip(self.dots, self.dots[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Plot:
    panels: list[Panel]
    first: datetime | None
    last: datetime | None

    @property
    def is_one_day(self) -> bool:
        return bool(self.first and self.last and self.first.date() == self.last.date())


def patient_plot(patient: Patient, actor: Actor) -> Plot:
    """All registered figures of this patient on one time axis; no panel where there are fewer than two points."""
    loaded = [(series, sorted(series.load(patient, actor, MAX_POINTS + 1))) for series in timeline_series()]
    shown = [(series, points) for series, points in loaded if len(points) >= ENOUGH]
    if not shown:
        return Plot([], None, None)
    times = [at for _series, points in shown for at, _value, _ref in points[-MAX_POINTS:]]
    first, last = min(times), max(times)
    return Plot([_panel(series, points, first, last) for series, points in shown], first, last)


def _panel(series: Series, points: Sequence[Point], first: datetime, last: datetime) -> Panel:
    kept = points[-MAX_POINTS:]
    ticks = nice_ticks([value for _at, value, _ref in kept])
    low, high = ticks[0], ticks[-1]
    dots = [_dot(series, point, first, last, low, high) for point in kept]
    y_ticks = [Tick(_percent(1 - (value - low) / (high - low)), value) for value in ticks]
    return Panel(series.name, series.label, series.unit, dots, y_ticks, len(points) > len(kept))


def _dot(series: Series, point: Point, first: datetime, last: datetime, low: float, high: float) -> Dot:
    at, value, ref = point
    across = (at - first) / (last - first) if last > first else 0.5
    y = _percent(1 - (value - low) / (high - low))
    return Dot(_percent(across), y, at, value, series.point_url(ref))


def _percent(share: float) -> str:
    return f"{_INSET + (100 - 2 * _INSET) * share:.2f}%"


def nice_ticks(values: Sequence[float]) -> list[float]:
    """Three to six round numbers around the values; from zero where the values come near it."""
    low, high = min(values), max(values)
    if 0 <= low <= high / 2 or low == high == 0:
        low = 0.0
    span = max(high - low, high * 0.1, 0.1)
    rough = span / 4
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough)
    start, end = math.floor(low / step), math.ceil(high / step)
    if start == end:
        end += 1
    return [round(number * step, 6) for number in range(start, end + 1)]
