"""WCAG 2.2 AA: 4.5:1 for words, 3:1 for what must be seen (borders of fields and shapes, focus)."""

import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

TOKENS: Final = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
GROUNDS: Final = ("sunken", "ground", "surface", "raised", "hover")
WORDS: Final = [
    *((word, ground) for word in ("text", "muted", "accent", "error", "warning") for ground in GROUNDS),
    ("accent-hover", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-error", "error"),
    ("accent", "accent-soft"),
    ("text", "accent-soft"),
    ("warning", "warning-soft"),
    ("text", "warning-soft"),
    ("error", "error-soft"),
    ("text", "error-soft"),
    ("text", "ecg-paper"),
    ("ecg-trace", "ecg-paper"),
]
SHAPES: Final = [
    *((f"class-{letter}-border", ground) for letter in "nsvfq" for ground in ("ground", "surface", "ecg-paper")),
    ("strong-line", "ground"),
    ("strong-line", "surface"),
    ("strong-line", "sunken"),
    ("focus", "ground"),
    ("focus", "surface"),
    ("focus", "raised"),
    ("warning-line", "ground"),
    ("warning-line", "warning-soft"),
    ("error", "ground"),
]


def colour(token: str, theme: str) -> str:
    found = re.search(rf"--{token}: (?:light-dark\((#\w+), (#\w+)\)|(#\w+));", TOKENS)
    assert found, f"tokens.css holds no colour --{token}"
    light, dark, both = found.groups()
    return both or (light if theme == "light" else dark)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_agrees_with_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), WORDS)
def test_words_stand_out(theme: str, word: str, ground: str):
    assert contrast(colour(word, theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_and_borders_stand_out(theme: str, shape: str, ground: str):
    assert contrast(colour(shape, theme), colour(ground, theme)) >= 3


def test_class_fills_are_the_colour_blind_safe_ones():
    fills = {letter: colour(f"class-{letter}", "light") for letter in "nsvfq"}
    assert fills == {"n": "#0072b2", "s": "#e69f00", "v": "#d55e00", "f": "#cc79a7", "q": "#6b7280"}


def test_no_other_stylesheet_uses_a_class_fill_as_a_text_colour():
    for sheet in (Path(settings.BASE_DIR) / "static/css").glob("*.css"):
        assert not re.search(r"[^-]color: var\(--(class-\w|fill|edge)", sheet.read_text()), sheet.name
