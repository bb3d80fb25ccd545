"""An explanation in words, for everybody and first of all for those who do not see the shades."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MINUS: Final = "−"
_PARTS: Final = {
    "beat": gettext_lazy("The beat’s shape"),
    "rhythm": gettext_lazy("The beats around it"),
    "intervals": gettext_lazy("The RR intervals"),
    "likeness": gettext_lazy("How like each other the beats are"),
}


def part_words(part: str) -> str:
    return str(_PARTS.get(part, part.replace("_", " ").capitalize()))


def focus_words(result: Mapping[str, Any]) -> str:
    """What the answer rests on most, or that no single stretch carries it."""
    focus, letter, before = result["focus"], result["aami_class"], result["probability"]
    if focus is None:
        return _("No single stretch of the trace carries this answer: covering any one of them changes little.")
    return _(
        "The answer rests most on %(stretch)s: with that covered, class %(letter)s goes from %(before)s to %(after)s."
    ) % {
        "stretch": stretch_words(focus["start"], focus["stop"], result["unit"]),
        "letter": letter,
        "before": _percent(before),
        "after": _percent(before - focus["drop"]),
    }


def stretch_words(start: float, stop: float, unit: str) -> str:
    """Such as "the 80–120 ms before R"."""
    if unit == "fraction":
        words = {"start": round(start * 100), "stop": round(stop * 100)}
        return _("the part from %(start)d to %(stop)d %% of the picture's width") % words
    if stop <= 0:
        return _("the %(range)s before R") % {"range": _range(-stop, -start, unit)}
    if start >= 0:
        return _("the %(range)s after R") % {"range": _range(start, stop, unit)}
    ends = {"before": _length(-start, unit), "after": _length(stop, unit)}
    return _("the time from %(before)s before R to %(after)s after it") % ends


def tick_words(place: float, unit: str) -> str:
    if unit == "fraction":
        return f"{round(place * 100)} %"
    if abs(place) < 1e-9:
        return "R"
    return f"{MINUS if place < 0 else '+'}{_length(abs(place), unit)}"


def number_words(value: float) -> str:
    return str(number_format(value, 0))


def _range(near: float, far: float, unit: str) -> str:
    number, name = _measure(far, unit)
    return f"{_in(near, name)}–{number} {name}"


def _length(value: float, unit: str) -> str:
    number, name = _measure(value, unit)
    return f"{number} {name}"


def _measure(value: float, unit: str) -> tuple[str, str]:
    name = "RR" if unit == "rr" else "ms" if value < 1 else "s"
    return _in(value, name), name


def _in(value: float, name: str) -> str:
    """To 10 ms: the windows are 60 ms wide and more."""
    if name == "ms":
        return str(number_format(round(value * 100) * 10, 0))
    return str(number_format(round(value, 2), 2)).rstrip("0").rstrip(".,") or "0"


def _percent(share: float) -> str:
    return f"{min(max(round(share * 100), 0), 99)} %"
