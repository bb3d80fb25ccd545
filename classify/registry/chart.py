"""Figures by week as lines: places in percent, so that one drawing fits a phone and a wide screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from patients.plot import nice_ticks

LEAST_TOP: Final = 1.0  # percent: nothing but zeros is a flat line, not a scale of hundredths
INSET: Final = 3.0  # percent: a dot on the edge is still whole


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    monday: date
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    label: Any
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[str, float], ...]
    reference: tuple[str, float] | None

    @property
    def lines(self) -> list[tuple[Dot, Dot]]:
        return list(zip(self.dots, self.dots[1:], strict=False))


def chart_of(label: Any, points: Sequence[tuple[date, float]], reference: float | None) -> Chart:
    """``points`` from the oldest to the newest, at least one."""
    values = [*(value for _monday, value in points), *([] if reference is None else [reference])]
    ticks = nice_ticks([*values, LEAST_TOP] if max(values) < LEAST_TOP else values)
    low, high = ticks[0], ticks[-1]

    def up(value: float) -> str:
        return _percent(1 - (value - low) / (high - low))

    first, days = points[0][0], max((points[-1][0] - points[0][0]).days, 1)
    dots = (Dot(_percent((monday - first).days / days), up(value), monday, value) for monday, value in points)
    return Chart(
        label=label,
        dots=tuple(dots),
        ticks=tuple((up(value), value) for value in ticks),
        reference=None if reference is None else (up(reference), reference),
    )


def _percent(share: float) -> str:
    return f"{INSET + (100 - 2 * INSET) * share:.2f}%"
