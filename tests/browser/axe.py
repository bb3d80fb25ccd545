"""axe-core in a page: ``assert_accessible(page)`` fails with what is wrong and where."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE: Final = (Path(__file__).parent / "vendor/axe.min.js").read_text()
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN: Final = """
async (rules) => {
  const found = await axe.run(document, { runOnly: rules });
  return found.violations.map((v) => `${v.id} (${v.impact}): ${v.help}\\n` +
    v.nodes.map((n) => `    ${n.target.join(" ")}: ${n.failureSummary.replaceAll("\\n", " ")}`).join("\\n"));
}
"""


def accessibility_violations(page: "Page", *, rules: tuple[str, ...] = RULES) -> list[str]:
    # Evaluated by the debugger, which the content security policy does not bind.
    page.evaluate(AXE)
    return page.evaluate(RUN, list(rules))


def assert_accessible(page: "Page") -> None:
    violations = accessibility_violations(page)
    assert not violations, f"{page.url}\n" + "\n".join(violations)


def assert_fits(page: "Page") -> None:
    """No sideways scrolling of the page as a whole."""
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} px wider than the window"
