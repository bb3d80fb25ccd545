"""A model's card, from its Markdown to the portal's own HTML.

The card may come from elsewhere with a model: raw HTML stays text, pictures and links to anything but web addresses
are left out, and no attribute of a style is written, which the page's policy would refuse anyway.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

CARD_NAME: Final = "model_card.md"
MAX_CARD_BYTES: Final = 256 * 1024
UNDER: Final = 2  # a card's own title stands below the page's h1 and the section's h2


def card_read(folder: Path) -> SafeString | None:
    """The card of a model's folder; None where it came without one."""
    path = folder / CARD_NAME
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return card_html(file.read(MAX_CARD_BYTES).decode("utf-8", errors="replace"))


def card_html(text: str) -> SafeString:
    tokens = _markdown.parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        token.attrs.pop("style", None)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + UNDER)}"
        elif token.type == "th_open":
            _head_cell(token, following)
    return mark_safe(_markdown.renderer.render(tokens, _markdown.options, {}))  # noqa: S308  html is off: all text is escaped


def _head_cell(cell: Token, inline: Token | None) -> None:
    """An empty corner is no heading of anything; the closing tag may stay, as both end with the row."""
    cell.attrSet("scope", "col")
    if inline is not None and not inline.content:
        inline.content = _("Row")
        inline.children = [Token("html_inline", "", 0, content=f'<span class="visually-hidden">{_("Row")}</span>')]


def _table_open(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    env["tables"] = env.get("tables", 0) + 1  # each region needs a name of its own
    name = _("Table %(number)d of the card") % {"number": env["tables"]}
    return f'<div class="table-wrap" tabindex="0" role="region" aria-label="{name}"><table>\n'


def _table_close(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _markdown_make() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.validateLink = lambda url: url.startswith(("https://", "http://", "#"))  # type: ignore[method-assign]
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    return markdown


_markdown: Final = _markdown_make()
