"""An explanation as lines and shades: places along x from 0 to 1000, heights from 0 (top) to 100."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _

from classify.explanations.words import focus_words, number_words, part_words, tick_words

WIDTH: Final = 1000
TOP, BOTTOM = 8.0, 92.0
TICK_STEPS: Final = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0)
MOST_TICKS: Final = 6
EDGE: Final = 80  # closer to an end, a label would stick out
# Of a panel 300 px wide, the narrowest on a phone: a letter, and the room between two labels.
NARROW_LETTER: Final = 25
NARROW_GAP: Final = 20
# Loss of probability from which a shade is one step darker: absolute, so that beats can be compared.
LOSS_STEPS: Final = (0.02, 0.10, 0.25, 0.50)
MAP_STEPS: Final = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class Shade:
    x: float
    width: float
    level: int  # 1 to 4


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    percent: str
    anchor: str
    label: str
    is_tight: bool = False  # on a phone its label would run into a neighbour's

    @property
    def narrow_ends(self) -> tuple[float, float]:
        """From where to where its label goes on a phone, with the room around it."""
        width = len(self.label) * NARROW_LETTER
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * width
        return left, left + width + NARROW_GAP


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    lines: list[str]  # of points, one for each piece of trace
    shades: list[Shade]
    ticks: list[Tick]
    heat: list[Shade]


@dataclass(frozen=True, slots=True)
class PartRow:
    label: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Figure:
    aami_class: str
    probability: float
    words: str
    panels: list[Panel]
    parts: list[PartRow]
    steps: list[str]


@dataclass(frozen=True, slots=True)
class _Span:
    """What a panel shows of the explanation's axis."""

    start: float
    stop: float
    unit: str

    def x(self, value: float) -> float:
        return (value - self.start) / (self.stop - self.start) * WIDTH

    def holds(self, value: float) -> bool:
        return self.start <= value <= self.stop


def figure_of(result: Mapping[str, Any]) -> Figure:
    """From what ``worker.explanation.explanation_dict`` gave."""
    class_map, probability = result["class_map"], result["probability"]
    near = _Span(class_map["start"], class_map["stop"], result["unit"])
    panels = [_panel(_("The beat"), near, result, heat=class_map["values"])]
    if result["unit"] != "fraction":
        far = _Span(result["trace"]["start"], result["trace"]["stop"], result["unit"])
        panels.append(_panel(_("The rhythm around it"), far, result, heat=()))
    parts = [] if len(result["occlusion"]) < 2 else result["occlusion"][1:]
    return Figure(
        aami_class=result["aami_class"],
        probability=probability,
        words=focus_words(result),
        panels=panels,
        parts=[PartRow(part_words(p["part"]), probability, _share(probability - p["whole"])) for p in parts],
        steps=[number_words(step * 100) for step in LOSS_STEPS],
    )


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _panel(title: str, span: _Span, result: Mapping[str, Any], *, heat: Sequence[float]) -> Panel:
    overall = result["occlusion"][0]
    return Panel(
        title=title,
        lines=_lines(span, result["trace"]),
        shades=_shades(span, overall["start"], overall["stop"], overall["drop"], LOSS_STEPS),
        ticks=_ticks(span),
        heat=_shades(span, span.start, span.stop, heat, MAP_STEPS) if heat else [],
    )


def _lines(span: _Span, trace: Mapping[str, Any]) -> list[str]:
    values = trace["values"]
    step = (trace["stop"] - trace["start"]) / max(len(values) - 1, 1)
    points = [(trace["start"] + at * step, value) for at, value in enumerate(values)]
    inside = [(at, value) for at, value in points if span.start - step <= at <= span.stop + step]
    pieces = (list(piece) for drawn, piece in groupby(inside, key=lambda point: point[1] is not None) if drawn)
    return [_points(span, piece) for piece in pieces]


def _points(span: _Span, piece: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{span.x(at):.1f},{BOTTOM - value * (BOTTOM - TOP):.1f}" for at, value in piece)


def _shades(span: _Span, start: float, stop: float, values: Sequence[float], steps: Sequence[float]) -> list[Shade]:
    """Neighbours of the same level as one; what lies outside the panel is cut off."""
    cell = (stop - start) / max(len(values), 1)
    shades, at = [], 0
    for level, same in groupby(values, key=lambda value: sum(value >= step for step in steps)):
        count = len(list(same))
        left, right = (max(span.start, min(span.stop, start + edge * cell)) for edge in (at, at + count))
        at += count
        if level and right > left:
            shades.append(Shade(span.x(left), span.x(right) - span.x(left), level))
    return shades


def _ticks(span: _Span) -> list[Tick]:
    length = span.stop - span.start
    step = next((step for step in TICK_STEPS if length / step <= MOST_TICKS), length)
    first, last = -int(-span.start // step), int(span.stop // step)
    places = [number * step for number in range(first - 1, last + 1) if span.holds(number * step)]
    nearest_first = sorted((_tick(span, place) for place in places), key=lambda tick: abs(tick.x - span.x(0)))
    return sorted(_tight_marked(nearest_first), key=lambda tick: tick.x)


def _tight_marked(ticks: Iterable[Tick]) -> list[Tick]:
    """The earlier ones keep their labels everywhere."""
    marked: list[Tick] = []
    for tick in ticks:
        kept = [other.narrow_ends for other in marked if not other.is_tight]
        left, right = tick.narrow_ends
        is_tight = any(left < other_right and other_left < right for other_left, other_right in kept)
        marked.append(replace(tick, is_tight=is_tight))
    return marked


def _tick(span: _Span, place: float) -> Tick:
    x = span.x(place)
    anchor = "start" if x < EDGE else "end" if x > WIDTH - EDGE else "middle"
    return Tick(x, f"{x / WIDTH * 100:.2f}%", anchor, tick_words(place, span.unit))
