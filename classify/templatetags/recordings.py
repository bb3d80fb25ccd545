"""Parts that several pages show of a recording."""

from datetime import datetime
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classify.beat_canvas import WIDE_FROM
from classify.jobs import job_position
from classify.models import Recording
from classify.models.job import OPEN_STATES
from classify.reasons import Reason, reason_sentence
from classify.workers import worker_alive
from patients.models import Precision
from portal.pages.aami import AAMI_CLASS_OF_LETTER

register = template.Library()

KIND_WORDS: Final = {
    "beat": gettext_lazy("single beat"),
    "strip": gettext_lazy("strip"),
    "sheet": gettext_lazy("sheet with several leads"),
    "screen": gettext_lazy("photo of a screen"),
    "not_ecg": gettext_lazy("no ECG"),
}


@register.filter
def reason(code: str) -> Reason | None:
    return reason_sentence(code) if code else None


@register.filter
def is_open(recording: Recording) -> bool:
    return recording.state in OPEN_STATES


@register.filter
def is_wide(recording: Recording) -> bool:
    """A strip; its thumbnail shows a part of it at a height at which the trace can be seen."""
    return bool(recording.width_px and recording.height_px and recording.width_px / recording.height_px >= WIDE_FROM)


@register.filter
def taken_words(recording: Recording) -> str:
    """When the ECG was taken, no more exactly than it is known."""
    if recording.recorded_at is None:
        return _("Time of the ECG unknown")
    if recording.recorded_precision == Precision.DAY:
        return _("%(day)s, time unknown") % {"day": _date(recording.recorded_at, "D j M Y")}
    return _date(recording.recorded_at, "D j M Y, H:i T")


@register.filter
def moment(at: datetime | None) -> str:
    return _date(at, "D j M Y, H:i T") if at else ""


@register.filter
def percent(share: float) -> str:
    """Never 100 %: no model is certain."""
    return f"{min(max(round(share * 100), 0), 99)} %" if share < 1 else "> 99 %"


@register.filter
def plain(number: float) -> str:
    """For attributes of SVG: a point and no grouping, whatever the language."""
    return f"{number:.3f}"


@register.filter
def aami_class_name(letter: str) -> Any:
    return AAMI_CLASS_OF_LETTER[letter].name


@register.filter
def kind_word(kind: str) -> Any:
    return KIND_WORDS.get(kind, kind)


@register.simple_tag
def queue_detail(recording: Recording, position: int | None = None) -> str:
    """A few words beside the badge: the place in the queue, or that it is tried again."""
    job = recording.current_job
    if job is None or job.state not in OPEN_STATES:
        return ""
    place = position or job_position(job)
    words = [_("place %(place)d") % {"place": place}] if place else []
    if job.attempt > (0 if place else 1):
        words.append(_("attempt %(number)d") % {"number": job.attempt + 1 if place else job.attempt})
    return ", ".join(words)


@register.inclusion_tag("classify/worker_banner.html")
def worker_banner() -> dict[str, Any]:
    return {"worker_is_alive": worker_alive()}


def _date(at: datetime, shape: str) -> str:
    return date_format(timezone.localtime(at), shape)
