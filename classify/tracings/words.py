"""How a picture was read, in words."""

import re
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from worker.tracing import TracedLead, Tracing

SOURCES: Final = {
    "user": gettext_lazy("told by a person"),
    "printed": gettext_lazy("printed on the paper"),
    "pulse": gettext_lazy("found on the paper's pulse"),
    "layout": gettext_lazy("known from the layout"),
    "assumed": gettext_lazy("assumed"),
}
GOOD, FAIR = 80, 50  # of quality, from 0 to 100


def source_words(source: str | None) -> str:
    return str(SOURCES.get(source or "", ""))


def layout_words(layout: str) -> str:
    """Of 3x4, 3x4+1, 6x2, 12x1 or rows-n."""
    if of_rows := re.fullmatch(r"rows-(\d+)", layout):
        count = int(of_rows[1])
        return ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
    if not (of_columns := re.fullmatch(r"(\d+)x(\d+)(?:\+(\d+))?", layout)):
        return layout
    rows, columns, more = (int(found or 0) for found in of_columns.groups())
    words = _("%(rows)d rows of %(columns)d") % {"rows": rows, "columns": columns}
    if more:
        words += " " + ngettext("and a rhythm strip", "and %(more)d rhythm strips", more) % {"more": more}
    return words


def quality_words(quality: int) -> str:
    word = _("good") if quality >= GOOD else _("fair") if quality >= FAIR else _("poor")
    return _("%(word)s, %(quality)d of 100") % {"word": word, "quality": quality}


def answering_words(tracing: Tracing) -> str:
    """The leads whose beats are classified, from the left."""
    return _names(sorted((lead for lead in tracing.leads if lead.answers), key=lambda lead: lead.column))


def beats_words(tracing: Tracing) -> str:
    """Where the beats were looked for; empty for one lead, from which they are classified, too."""
    return _("the %(n)d leads together") % {"n": len(tracing.leads)} if len(tracing.leads) > 1 else ""


def found_words(tracing: Tracing) -> str:
    """What was found in a picture that came to no result."""
    peaks = max((len(lead.peaks) for lead in tracing.leads), default=0)
    beats = ngettext("%(n)d R peak in a lead", "up to %(n)d R peaks in a lead", peaks) % {"n": peaks}
    return "; ".join(part for part in (layout_words(tracing.layout), _names(tracing.leads), beats) if part)


def lack_words(tracing: Tracing) -> str:
    """Why it is not enough to answer from: nothing was read well, or what was read does not behave like a heart."""
    if not tracing.leads:
        return ""
    if answering := answering_words(tracing):
        words = _("The beats that were read from %(leads)s do not repeat as clearly as a heart's.")
        return words % {"leads": answering}
    best = max(tracing.leads, key=lambda lead: (lead.quality, -lead.gap_fraction))
    words = _("No lead was read well enough from end to end. The best is %(lead)s: %(quality)s, %(gap)d %% not seen.")
    return words % {
        "lead": best.lead or _("a lead of unknown name"),
        "quality": quality_words(best.quality),
        "gap": round(100 * best.gap_fraction),
    }


def _names(leads: Iterable[TracedLead]) -> str:
    return ", ".join(dict.fromkeys(lead.lead or _("a lead of unknown name") for lead in leads))
