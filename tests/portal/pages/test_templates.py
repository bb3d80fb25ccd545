"""What the content security policy would block must not be written in the first place."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

ROOT: Final = Path(settings.BASE_DIR)
TEMPLATES: Final = sorted(
    path for folder in ("templates", "portal", "patients", "classify") for path in (ROOT / folder).rglob("*.html")
)
SCRIPTS: Final = sorted((ROOT / "static/js").glob("*.js"))
FORBIDDEN: Final = {
    "inline style element": re.compile(r"<style", re.I),
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "inline script": re.compile(r"<script(?![^>]*(\ssrc=|type=\"application/json\"))", re.I),
    "event handler attribute": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[\w:-]*)\s*=", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "file of another host": re.compile(r"<(script|link|img|iframe)[^>]*(src|href)=\"(https?:)?//", re.I),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_nothing_that_the_policy_blocks(path: Path):
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
    found = {name: pattern.search(text) for name, pattern in FORBIDDEN.items()}
    assert {name: match.group() for name, match in found.items() if match} == {}


@pytest.mark.parametrize("snippet", ['<p style="x">', "<script>x</script>", '<a onclick="x">', '<p hx-on:click="x">'])
def test_the_patterns_find_what_they_look_for(snippet: str):
    assert any(pattern.search(snippet) for pattern in FORBIDDEN.values())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_never_evaluates_text(path: Path):
    assert not re.search(r"\beval\(|new Function\(|document\.write\(", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_icon_of_a_template_is_in_the_sprite(path: Path):
    sprite = (ROOT / "static/icons/sprite.svg").read_text()
    used = set(re.findall(r"{% icon \"([\w-]+)\"", path.read_text()))
    assert {name for name in used if f'<symbol id="{name}"' not in sprite} == set()
