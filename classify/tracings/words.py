"""How a picture was read, in words."""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from worker.tracing import Tracing

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
    """The leads whose beats are classified."""
    names = [lead.lead or _("a lead of unknown name") for lead in tracing.leads if lead.answers]
    return ", ".join(dict.fromkeys(names))
