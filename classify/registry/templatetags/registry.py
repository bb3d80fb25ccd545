"""How the model pages write figures."""

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from classify.registry.chart import Chart
from classify.registry.figures import Measured

register = template.Library()
NOTHING = "–"


@register.filter
def figure(value: float | None, digits: int = 3) -> str:
    return NOTHING if value is None else f"{value:.{digits}f}"


@register.filter
def signed(value: float | None, digits: int = 3) -> str:
    """With its sign; what rounds to nothing has none."""
    if value is None:
        return NOTHING
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


@register.filter
def percent_exact(share: float | None) -> str:
    """One digit after the point; nearly all is not written as all, nor nearly none as none."""
    if share is None:
        return NOTHING
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f} %"


@register.filter
def f1(measured: Measured | None, letter: str) -> str:
    found = [one.f1 for one in measured.classes if one.letter == letter] if measured else []
    return figure(found[0] if found else None)


@register.filter
def chart_words(chart: Chart) -> str:
    """The drawing for those who hear it: where it starts, where it ends, and what it is held against."""
    first, last = chart.dots[0], chart.dots[-1]
    words = _("%(label)s: %(first)s in the week of %(start)s, %(last)s in the week of %(end)s.") % {
        "label": chart.label,
        "first": f"{first.value:.1f}",
        "start": date_format(first.monday, "j M Y"),
        "last": f"{last.value:.1f}",
        "end": date_format(last.monday, "j M Y"),
    }
    if chart.reference is None:
        return words
    return f"{words} {_('Reference: %(value)s.') % {'value': f'{chart.reference[1]:.1f}'}}"
