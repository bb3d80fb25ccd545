"""The parts that every page is made of; docs/design-system.md shows each."""

from typing import Any, Final

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.pages.aami import AAMI_CLASS_OF_LETTER, AamiClass

register = template.Library()

THEMES: Final = ("light", "dark")
STATE_WORDS: Final = {
    "queued": _("Queued"),
    "running": _("Running"),
    "done": _("Done"),
    "needs_person": _("Needs a person"),
    "failed": _("Failed"),
    "refused": _("Refused"),
}
MESSAGE_LEVELS: Final = {
    "debug": ("info", "info"),
    "info": ("info", "info"),
    "success": ("success", "done"),
    "warning": ("warning", "warning"),
    "error": ("error", "error"),
}


@register.simple_tag
def icon(name: str, *, label: str = "", size: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration, and a word must stand beside it."""
    css_class = f"icon icon-{size}" if size else "icon"
    return _use(name, css_class, label)


def _use(symbol: str, css_class: str, label: str = "") -> SafeString:
    href = f"{static('icons/sprite.svg')}#{symbol}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css_class, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css_class, href)


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The reader's own choice from the cookie; empty where the system decides."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.inclusion_tag("partials/state_badge.html")
def state_badge(state: str, *, detail: object = "") -> dict[str, object]:
    """A recording's state; ``detail`` is a few words more, such as the position in the queue."""
    name = str(state)
    return {"state": name.replace("_", "-"), "word": STATE_WORDS[name], "detail": detail}


@register.inclusion_tag("partials/class_chip.html")
def class_chip(
    letter: str, *, count: int | None = None, unsure: bool = False, named: bool = False
) -> dict[str, object]:
    """An AAMI class as shape and letter; ``named`` adds its name, ``count`` how many beats, ``unsure`` hatches it."""
    return {"aami": AAMI_CLASS_OF_LETTER[letter], "count": count, "unsure": unsure, "named": named}


@register.simple_tag
def class_shape(letter: str, *, unsure: bool = False, size: str = "") -> SafeString:
    aami = AAMI_CLASS_OF_LETTER[letter]
    css_class = f"class-shape {aami.css_class}" + (f" class-shape-{size}" if size else "")
    return _use(f"class-{letter}-unsure" if unsure else f"class-{letter}", css_class)


@register.filter
def aami_class(letter: str) -> AamiClass:
    return AAMI_CLASS_OF_LETTER[letter]


@register.inclusion_tag("partials/empty_state.html")
def empty_state(
    title: str,
    text: str = "",
    *,
    icon: str = "info",
    action_url: str = "",
    action_label: str = "",
    action_icon: str = "",
) -> dict[str, str]:
    return {
        "title": title,
        "text": text,
        "icon": icon,
        "action_url": action_url,
        "action_label": action_label,
        "action_icon": action_icon,
    }


@register.inclusion_tag("partials/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], *, form: str = "", label: str = "") -> dict[str, object]:
    """Links that keep the query string or, for a list searched by POST, buttons that send the named form again."""
    return {"page": page, "form": form, "label": label or _("Pages"), "request": context.get("request")}


@register.filter
def message_level(level_tag: str) -> str:
    return MESSAGE_LEVELS.get(level_tag, ("info", "info"))[0]


@register.filter
def message_icon(level_tag: str) -> str:
    return MESSAGE_LEVELS.get(level_tag, ("info", "info"))[1]
